"""Turns at the site: one request at a time, in the order of asking, a set time apart.

What counts is when requests leave. So a turn begins when a request may be prepared (its connection opened), and `depart`
lets it go, a set time after the one before it went, however long either took to prepare. Small and our own: the libraries
at hand (aiolimiter) let a queue grow without bound and take no clock. `shared_pace` gives turns over all processes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bot.core.errors import SiteError, TooBusy

Clock = Callable[[], float]
"""Seconds that never run backwards, from any zero."""
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rest:
    """The site is left in peace."""

    left: float
    """Seconds from now; none are left when one request may try."""
    seconds: float
    """How long it lasts in all, and again if that request fails."""
    why: type[SiteError]
    reason: str

    def error(self) -> SiteError:
        """Make what requests get meanwhile."""
        return self.why(f"left in peace for another {max(self.left, 0):.0f} s: {self.reason}")


class Turn(Protocol):
    """One request's turn."""

    @property
    def rest(self) -> Rest | None:
        """The rest after which this request is the one that tries."""
        ...

    async def depart(self) -> None:
        """Wait until the request may leave; to be called just before it does, each time that it does.

        Raises what `turn` raises, where the site came to be left in peace meanwhile.
        """
        ...

    async def departed(self) -> None:
        """Count the pause to the next request from now; to be called once it has left."""
        ...


class Pace(Protocol):
    """Who gives turns."""

    def turn(self, *, every: float, delay: float | None, patience: float) -> AbstractAsyncContextManager[Turn]:
        """Wait for a turn, at least `every` and `delay` seconds after the last; hold it until the request has left.

        `delay` is what robots.txt asks for, None where that is not known yet. Raises TooBusy if the turn is over `patience`
        seconds away, or what the site's rest says.
        """
        ...

    async def hold(self, seconds: float) -> None:
        """Let no request leave within the next `seconds`, whoever waits."""
        ...

    async def leave(self, rest: Rest, *, tried: bool) -> None:
        """Leave the site in peace, unless a longer rest runs already; `tried`: the request that tried after one says so."""
        ...

    async def answers(self) -> None:
        """End the rest: the request that tried was answered."""
        ...


class LocalPace:
    """The turns of one process. A caller who gives up leaves no gap and no lock behind. Its rests are the breaker's."""

    def __init__(self, *, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._order = asyncio.Lock()  # fair: it wakes its waiters in the order of asking
        self._next = clock()
        self.waiting = 0

    @asynccontextmanager
    async def turn(self, *, every: float, delay: float | None, patience: float) -> AsyncIterator["LocalTurn"]:
        """Wait for a turn; see `Pace`."""
        every = max(every, delay or 0)
        ahead = max(self._next - self._clock(), 0) + self.waiting * every
        if ahead > patience:
            raise TooBusy(f"{self.waiting} wait for the site; the next turn is {ahead:.0f} s away")
        with ExitStack() as preparing:
            self.waiting += 1
            try:
                await self._order.acquire()
                preparing.callback(self._order.release)
                await self.due()
            finally:
                self.waiting -= 1
            began = self._clock()
            try:
                yield LocalTurn(self, every, preparing)
            finally:
                self._next = max(self._next, began + every)  # also for what never left

    async def due(self) -> None:
        """Wait until a request may leave."""
        while (left := self._next - self._clock()) > 0:  # again, since a hold may have come meanwhile
            await self._sleep(left)

    async def hold(self, seconds: float) -> None:
        """Hold all turns; see `Pace`."""
        self._next = max(self._next, self._clock() + seconds)

    async def leave(self, rest: Rest, *, tried: bool) -> None:
        """Leave it to the breaker; see `Pace`."""

    async def answers(self) -> None:
        """Leave it to the breaker; see `Pace`."""


class LocalTurn:
    """A turn of one process."""

    rest = None

    def __init__(self, pace: LocalPace, every: float, preparing: ExitStack) -> None:
        self._pace = pace
        self._every = every
        self._preparing = preparing
        self._left = False

    async def depart(self) -> None:
        """Wait until the request may leave; see `Turn`."""
        if not self._left:
            await self._pace.due()
        self._left = True
        await self._pace.hold(self._every)

    async def departed(self) -> None:
        """Count from now, and let the next one prepare; see `Turn`."""
        await self._pace.hold(self._every)
        self._preparing.close()
