"""Whether and when the site may be asked: what this process learned of it (`breaker`), and the turns of all (`pace`)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapters.site.circuit_breaker import Breaker
from bot.adapters.site.limits import Bounds
from bot.adapters.site.rate_limiter import Pace, Turn
from bot.core.errors import SiteError


class Peace:
    """The way to the site, one request at a time; a rest that begins or ends here does so for all who share the pace."""

    def __init__(self, breaker: Breaker, pace: Pace, bounds: Bounds) -> None:
        self._breaker = breaker
        self._pace = pace
        self._bounds = bounds
        self._shared = breaker.opened
        self.waiting = 0
        """Requests in the queue for a turn."""

    @property
    def breaker(self) -> str:
        """The state of this process's circuit breaker."""
        return self._breaker.state

    @property
    def closed(self) -> bool:
        """Whether requests pass freely, as far as this process knows."""
        return self._breaker.closed

    @asynccontextmanager
    async def request(self, asker: object, delay: float | None) -> AsyncIterator[Turn]:
        """Hold one request, once its turn has come and the site may still be asked; `asker` is the page that it is for."""
        self._breaker.check()
        bounds = self._bounds
        async with AsyncExitStack() as stack:
            self.waiting += 1
            try:
                turn = await stack.enter_async_context(
                    self._pace.turn(every=bounds.pace, delay=delay, patience=bounds.patience)
                )
            finally:
                self.waiting -= 1
            if turn.rest is not None:
                self._breaker.resume(turn.rest)
                stack.push_async_callback(self._tried)
            with self._breaker.request(asker):
                yield turn

    def leave(self, seconds: float, why: type[SiteError], reason: str) -> None:
        """Leave the site in peace from now; `share` tells the others."""
        self._breaker.leave(seconds, why, reason)

    async def heed(self, error: SiteError) -> None:
        """Do as Retry-After asks: hold everyone's turn, or, for longer than anyone would wait, leave the site in peace."""
        if not error.retry_after:
            return
        if error.retry_after <= self._bounds.patience:
            await self._pace.hold(error.retry_after)
        else:
            self.leave(error.retry_after, type(error), f"{error}, and the site asked to wait")

    async def share(self) -> None:
        """Tell the others of a rest that began here and that they have not heard of."""
        rest = self._breaker.rest
        if rest is not None and rest.left > 0 and self._breaker.opened != self._shared:
            self._shared = self._breaker.opened
            await self._pace.leave(rest, tried=False)

    async def _tried(self) -> None:
        """Tell the others how the request ended that tried after a rest."""
        rest = self._breaker.rest
        self._shared = self._breaker.opened
        await (self._pace.answers() if rest is None else self._pace.leave(rest, tried=True))
