"""Turns at the site over all processes on one database. They outlive the processes: a restart asks no sooner for it.

In each process one request at a time (LocalPace) reserves a slot in the database (`slots`) and prepares to leave in it: so
one that is killed leaves one empty slot at most, and processes take turns, however long their own queues are. When it
leaves, and whether the site is left in peace, is decided in the database, too. Where that does not answer, nobody knows what
other processes do: nothing is fetched (TooBusy), and what is known is shown. SQLite serves one process, which then goes on
by its own clock.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TypedDict, TypeVar
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.slots import Slots
from bot.adapters.site.rate_limiter import Clock, LocalPace, LocalTurn, Rest, Sleep
from bot.core.errors import SiteError, StorageError, TooBusy

LONG = 0.25
"""Seconds after which a departure that was granted is asked for again: the request may have been held up on its way out."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Gap(TypedDict):
    """What every question about a turn says; see `Slots`."""

    every: float
    delay: float | None
    patience: float
    tries: bool


class SharedPace:
    """The turns of all processes at one site; see `bot.adapters.site.rate_limiter.Pace`."""

    def __init__(
        self, engine: AsyncEngine, site: str, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        self.slots = Slots(engine, f"site {site}"[:200])
        self.clock = clock
        self.sleep = sleep
        self._alone = engine.dialect.name == "sqlite"
        self._local = LocalPace(clock=clock, sleep=sleep)

    @asynccontextmanager
    async def turn(self, *, every: float, delay: float | None, patience: float) -> AsyncIterator["SharedTurn"]:
        """Wait for a turn; see `Pace`."""
        began = self.clock()
        async with AsyncExitStack() as stack:
            local = await self._in_order(stack, every=every, delay=delay, patience=patience)
            left = max(patience - (self.clock() - began), every)
            slot = await self.known(self.slots.reserve(every=every, delay=delay, patience=left))
            turn = SharedTurn(self, local, slot.rest if slot else None, every=every, delay=delay, patience=patience)
            if slot is not None and slot.ahead > 0:
                await self.sleep(slot.ahead)
                await turn.due()  # a hold or a rest may have begun meanwhile, and no connection is opened in vain
            yield turn

    async def _in_order(self, stack: AsyncExitStack, *, every: float, delay: float | None, patience: float) -> LocalTurn:
        """Wait for the others of this process: longer than they alone would take, where other processes ask as well."""
        try:
            async with asyncio.timeout(patience + every):
                return await stack.enter_async_context(self._local.turn(every=every, delay=delay, patience=patience))
        except TimeoutError:
            raise TooBusy(f"no turn within {patience:.0f} s: other processes wait for the site as well") from None

    async def hold(self, seconds: float) -> None:
        """Hold all turns; see `Pace`."""
        await self._local.hold(seconds)
        await self._tell(self.slots.hold(seconds))

    async def leave(self, rest: Rest, *, tried: bool) -> None:
        """Leave the site in peace; see `Pace`. Where nobody can be told, this process does at least (`breaker`)."""
        await self._tell(self.slots.leave(rest, tried=tried))

    async def answers(self) -> None:
        """End the rest; see `Pace`. Where nobody can be told, the next request tries again, later."""
        await self._tell(self.slots.answers())

    async def known(self, answer: Awaitable[T]) -> T | None:
        """Give what the database says; None where it says nothing and nobody else is there. Raises TooBusy."""
        try:
            return await answer
        except StorageError as error:
            if not self._alone:
                raise TooBusy(f"nobody knows whose turn it is: {error}") from error
            log.warning("turns are this process's own while the database is gone", reason=str(error))
            return None

    async def _tell(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StorageError as error:
            log.warning("other processes could not be told", reason=str(error))


class SharedTurn:
    """A turn among all processes."""

    def __init__(
        self, pace: SharedPace, local: LocalTurn, rest: Rest | None, *, every: float, delay: float | None, patience: float
    ) -> None:
        self.rest = rest
        self._pace = pace
        self._local = local
        self._mark = uuid4().hex
        self._gap: Gap = {"every": every, "delay": delay, "patience": patience, "tries": rest is not None}

    async def due(self) -> None:
        """Wait until nothing stands against leaving. Raises what the rest says."""
        while left := await self._pace.known(self._pace.slots.due(**self._gap)):
            await self._pace.sleep(left)

    async def depart(self) -> None:
        """Wait until the request may leave; see `Turn`."""
        await self._local.depart()
        while True:
            began = self._pace.clock()
            left = await self._pace.known(self._pace.slots.depart(self._mark, **self._gap))
            if left:
                await self._pace.sleep(left)
            elif left is None or self._pace.clock() - began < LONG:  # None: to ask again would only take as long again
                return

    async def departed(self) -> None:
        """Count from now; see `Turn`. Where it cannot be said, what was said before it left holds."""
        with suppress(StorageError, SiteError):
            await self._pace.slots.depart(self._mark, **self._gap)
        await self._local.departed()
