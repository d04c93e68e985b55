"""The rate limit of one service: requests leave one at a time, in the order of asking, a set time apart.

The gap is measured from the moment a request leaves to the moment the next one leaves. A turn begins when the request may
be prepared (its connection opened), which may take any time; `depart` then waits until the gap is over. Each process
prepares one request at a time: killing it wastes at most one slot, and processes alternate, however long their queues are.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar
from uuid import uuid4

import structlog

from bot.adapters.site.service_state import ServiceState, StateStore, Terms, Timing
from bot.core.errors import SiteError, StorageError, TooBusy

SLOW_ANSWER = 0.25
"""Seconds within which the store must let a request leave; after a slower answer the request asks once more."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of one request: callbacks for before and after it leaves."""

    probe: float | None
    """The name of the probe if this request is one; see `Slot`."""
    depart: Callable[[], Awaitable[None]]
    """Wait until the request may leave; called just before it leaves, also before it is sent once more.

    Raises what `RateLimiter.turn` raises, since the circuit may have been opened since then.
    """
    departed: Callable[[], Awaitable[None]]
    """Start the gap to the next request now; called once the request has left."""


class RateLimiter:
    """Gives each request its turn; a cancelled caller leaves no lock behind.

    `patience` is the longest wait, in seconds, that a request is queued for.
    """

    def __init__(self, store: StateStore, *, gap: float, patience: float, timing: Timing) -> None:
        self._store = store
        self._gap = gap
        self._patience = patience
        self._clock = timing.clock
        self._sleep = timing.sleep
        self._order = asyncio.Lock()  # wakes its waiters in the order in which they came
        self._next = timing.clock()
        """The earliest time for the next request of this process, even if the store or its clock fails."""
        self._sender = ""
        """The request of this process that left last."""
        self.waiting = 0
        """The number of requests in the queue."""

    @asynccontextmanager
    async def turn(self, *, gap: float | None = None, delay: float | None = None) -> AsyncIterator[Turn]:
        """Wait for a turn, at least `gap` (by default the limiter's) and `delay` seconds after the last.

        `delay` is what robots.txt asks for; None if that is not known yet. Raises TooBusy if the turn is too far away, and
        the error of the open period while the circuit is open.
        """
        terms = Terms(self._gap if gap is None else gap, self._patience, delay)
        began, local_gap = self._clock(), max(terms.gap, delay or 0)  # as far as this process knows
        ahead = max(self._next - began, 0) + self.waiting * local_gap
        if ahead > self._patience:
            raise TooBusy(f"{self.waiting} requests wait; the next turn is {ahead:.0f} s away", retry_after=ahead)
        with ExitStack() as order:
            self.waiting += 1
            try:
                await self._wait_in_order(local_gap)
                order.callback(self._order.release)
                await self._until_next()
                left = replace(terms, patience=max(self._patience - (self._clock() - began), local_gap))
                slot = await self._ask(lambda state, now: state.reserve(now, left))
                if slot.ahead > 0:
                    await self._sleep(slot.ahead)
                    # During the sleep the service may have asked to wait; then no connection should be opened yet.
                    while wait := await self._ask(lambda state, now: state.wait(now, terms, slot.probe)):
                        await self._sleep(wait)
            finally:
                self.waiting -= 1
            prepared, sender = self._clock(), uuid4().hex
            leave = partial(self._ask, lambda state, now: state.depart(now, terms, slot.probe, sender))
            try:
                depart = partial(self._depart, local_gap, sender, leave)
                yield Turn(slot.probe, depart, partial(self._departed, local_gap, order, leave))
            finally:
                self._next = max(self._next, prepared + local_gap)  # also after a request that never left

    async def hold(self, seconds: float) -> None:
        """Let no request leave for some seconds, from any process that the store reaches. Raises nothing."""
        self._next = max(self._next, self._clock() + seconds)
        try:
            await self._store.apply(lambda state, now: state.hold(now, seconds))
        except StorageError as error:
            log.warning("other processes could not be told to wait", reason=str(error))

    async def _wait_in_order(self, gap: float) -> None:
        """Wait for the earlier requests of this process, which take longer while other processes send requests."""
        try:
            async with asyncio.timeout(self._patience + gap):
                await self._order.acquire()
        except TimeoutError:
            raise TooBusy(f"no turn within {self._patience:.0f} s: other processes ask as well") from None

    async def _until_next(self) -> None:
        while (left := self._next - self._clock()) > 0:  # again, since `hold` may have moved it
            await self._sleep(left)

    async def _ask(self, step: Callable[[ServiceState, float], T | SiteError]) -> T:
        """Give the result of a step; raise the error that the step gives, or TooBusy if the store cannot be reached."""
        try:
            result = await self._store.apply(step)
        except StorageError as error:
            raise TooBusy(f"the shared rate limit cannot be read: {error}") from error
        if isinstance(result, SiteError):
            raise result
        return result

    async def _depart(self, gap: float, sender: str, leave: Callable[[], Awaitable[float]]) -> None:
        if self._sender != sender:
            await self._until_next()
            self._sender = sender
        grants = 0
        while grants < 2:  # noqa: PLR2004 - a slow answer counts half: other requests may have left since
            began = self._clock()
            if wait := await leave():
                await self._sleep(wait)
            else:
                grants += 2 if self._clock() - began < SLOW_ANSWER else 1
        self._next = max(self._next, self._clock() + gap)

    async def _departed(self, gap: float, order: ExitStack, leave: Callable[[], Awaitable[float]]) -> None:
        with suppress(SiteError):  # then the gap starts at the time that `depart` reported
            await leave()
        self._next = max(self._next, self._clock() + gap)
        order.close()
