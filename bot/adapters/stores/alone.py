"""What a process that has its database to itself need not ask it: SQLite serves one process.

Two things stand between a pasted link and its card: the promise is written down, and the cool-down asks what the channel has
seen. Nobody but this process could have taken the message up or shown the record, and of both it knows enough by itself. So
an answer that is at hand goes out first, and what it leaves behind is written in one transaction.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import storage_errors
from bot.adapters.stores.jobs import PromiseBook, keep
from bot.adapters.stores.replies import CardPairs
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import Pair, Promise

SOON = 0.002
"""Seconds after which a promise is written down, unless it was kept before; to be sent, a card takes longer."""
CHANNELS = 1_000
"""Channels of which it is known what they saw, the last that were asked about."""
RECORDS = 1_000
"""Records that a channel may see until the database is asked anew about it."""

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Late:
    """A promise that is to be written down."""

    promise: Promise
    timer: asyncio.TimerHandle
    writing: asyncio.Task[None] | None = None


class OwnPromises(PromiseBook):
    """Promises of a process that shares them with nobody: one for what is answered at once waits a moment."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self._late: dict[int, _Late] = {}

    async def make(self, promise: Promise, *, later: bool = False) -> Promise | None:
        """Give a promise at once where `later` will do, and write it down soon; any other as `PromiseBook` does."""
        if later and promise.message_id not in self._late:
            self.put_off(promise)
            return promise
        if (late := await self._take(promise.message_id)) is not None:
            await self._write(late)
        return await super().make(promise)

    async def keep(self, message_id: int, at: datetime) -> None:
        """Note that a message's promise is kept, be it written down or not."""
        async with self.taken(message_id) as late:
            with storage_errors():
                async with self._engine.begin() as connection:
                    await keep(connection, message_id, at, late)

    async def flush(self) -> None:
        """Write down what is not yet."""
        for message_id in list(self._late):
            if (promise := await self._take(message_id)) is not None:
                await self._write(promise)

    def put_off(self, promise: Promise) -> None:
        """Write a promise down soon."""
        timer = asyncio.get_running_loop().call_later(SOON, self._begin, promise.message_id)
        self._late[promise.message_id] = _Late(promise, timer)

    @asynccontextmanager
    async def taken(self, message_id: int) -> AsyncIterator[Promise | None]:
        """Give a message's promise where it is not written down, to be written as kept; where that fails it is put off."""
        promise = await self._take(message_id)
        try:
            yield promise
        except (StorageError, asyncio.CancelledError):
            if promise is not None:
                self.put_off(promise)
            raise

    async def _take(self, message_id: int) -> Promise | None:
        """Give a message's promise where it is not written down, which from now on nobody else does."""
        late = self._late.get(message_id)
        if late is None:
            return None
        if late.writing is not None:
            await asyncio.wait({late.writing})
            return None
        late.timer.cancel()
        del self._late[message_id]
        return late.promise

    def _begin(self, message_id: int) -> None:
        late = self._late[message_id]
        late.writing = asyncio.create_task(self._write(late.promise), name="promise")
        late.writing.add_done_callback(lambda _: self._late.pop(message_id, None))

    async def _write(self, promise: Promise) -> None:
        try:
            await super().make(promise)
        except StorageError as error:
            log.warning("promise not written down", message=promise.message_id, reason=str(error))


@dataclass(slots=True, eq=False)
class _Seen:
    """Which records a channel may have seen since a time: all that it saw, and perhaps some that went since."""

    since: datetime
    records: set[int] = field(default_factory=set)
    whole: bool = False
    """The database was asked."""
    most: int = RECORDS
    """Beyond so many it is asked anew: most of them may be past the cool-down."""


class OwnCardPairs(CardPairs):
    """Pairs of a process that shares them with nobody: what a channel cannot have seen is not asked for."""

    def __init__(self, engine: AsyncEngine, promises: OwnPromises) -> None:
        super().__init__(engine)
        self._promises = promises
        self._channels: OrderedDict[int, _Seen] = OrderedDict()

    async def add(self, pair: Pair, *, kept_at: datetime | None = None) -> None:
        """Keep a pair; with a time, its message's promise is kept with it, be it written down or not."""
        self._see(pair)
        if kept_at is None or pair.message_id is None:
            await super().add(pair)
            return
        async with self._promises.taken(pair.message_id) as late:
            await self._add(pair, kept_at, late)

    async def replace(self, card_id: int, pair: Pair) -> bool:
        """Keep a pair in place of the one of a card; see `CardPairs`."""
        self._see(pair)
        return await super().replace(card_id, pair)

    async def last(self, channel_id: int, references: Collection[Reference], since: datetime) -> Mapping[Reference, Pair]:
        """Give the last card of each of these records in a channel since a time, asking only where there may be one."""
        seen = self._channels.get(channel_id)
        if seen is None or since < seen.since or len(seen.records) > seen.most:
            seen = await self._ask(channel_id, since)
        else:
            self._channels.move_to_end(channel_id)
        if seen.whole and seen.records.isdisjoint(reference.id for reference in references):
            return {}
        return await super().last(channel_id, references, since)

    async def _ask(self, channel_id: int, since: datetime) -> _Seen:
        """Ask which records a channel saw; what it sees meanwhile counts too."""
        seen = self._channels[channel_id] = _Seen(since)
        if len(self._channels) > CHANNELS:
            self._channels.popitem(last=False)
        try:
            seen.records |= {reference.id for reference in await self.studies(channel_id, since)}
        except StorageError:
            self._channels.pop(channel_id, None)
            raise
        seen.whole, seen.most = True, len(seen.records) + RECORDS
        return seen

    def _see(self, pair: Pair) -> None:
        if (seen := self._channels.get(pair.channel_id)) is not None:
            seen.records.add(pair.reference.id)
