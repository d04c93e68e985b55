"""Looking a record up: what is stored, else one fetch for all who ask at once, in whatever process.

asked for lately, and fresh -> from memory
stored and fresh            -> stored
stored, another parser      -> its bytes are read again
stored and stale            -> the site is asked whether it still holds; if the site cannot say, stored, marked stale
not stored                  -> fetched, read, stored
the site says there is none -> remembered for a short while, for all processes
any other failure           -> not remembered
the store does not answer   -> what this process saw last stands for what is stored

Who is about to ask the site holds the record's lock and looks at the store again: whoever held it before may have stored it.
Where nobody can tell who holds it, each process asks for itself, as far as its page source lets it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.errors import BotError, NotARecord, PageChanged, RecordNotFound, SiteError, StorageError, TooBusy
from bot.core.record import Record
from bot.core.reference import Reference
from bot.services.meters import Meters, Source
from bot.services.ports import Locks, Page, PageSource, RecordStore, StoredPage
from bot.sources import erowid

FRESH = timedelta(days=30)
MISSING = timedelta(minutes=10)
MOST_MISSING = 1_000
MOST_RECENT = 500
"""Records held in memory, some 20 kB each with their pages: a message with one of them costs no query, needs no database."""
PATIENCE = 120.0
"""Seconds that a lookup waits for another process's: longer than one takes, so that only one that hangs is given up."""
STORE = 20.0
"""Seconds within which the store has to say what it has, those who asked before included."""
LARGE = 200_000
"""Bytes from which a page is read in a thread: smaller ones take the event loop a few milliseconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A record, and when the site last vouched for it."""

    record: Record
    read_at: datetime
    """UTC."""
    stale: bool = False
    """It is older than it should be: the site could not be asked."""


class Lookup:
    """Finds records; safe for any number of askers at once."""

    def __init__(
        self,
        pages: PageSource,
        store: RecordStore,
        *,
        now: Callable[[], datetime],
        fresh: timedelta = FRESH,
        locks: Locks | None = None,
        meters: Meters | None = None,
    ) -> None:
        self._pages = pages
        self._store = store
        self._locks = locks
        self._now = now
        self._fresh = fresh
        self._meters = meters or Meters()
        self._in_order = asyncio.Lock()  # fair: however long each read takes, the site is asked in the order of asking
        self._under_way: dict[Reference, asyncio.Task[Found]] = {}
        self._missing: dict[Reference, datetime] = {}
        self._recent: OrderedDict[Reference, StoredPage] = OrderedDict()

    async def find(self, reference: Reference) -> Found:
        """Find a record. Raises RecordNotFound, or another BotError that says why it cannot be had now.

        All who ask for one record while it is looked up share one lookup, which goes on when one of them is cancelled.
        """
        if (recent := self._remembered(reference)) is not None:
            return recent
        task = self._under_way.get(reference)
        if task is None:
            task = asyncio.create_task(self._find(reference), name=f"look up {reference}")
            self._under_way[reference] = task
            task.add_done_callback(lambda _: self._under_way.pop(reference, None))
        else:
            self._meters.lookup(Source.JOINED)
        try:
            return await asyncio.shield(task)
        except BotError as error:
            raise error.with_traceback(None) from None

    def _remembered(self, reference: Reference) -> Found | None:
        """Give a record that is in memory, and fresh."""
        if (recent := self._fresh_one(self._recent.get(reference))) is not None:
            self._recent.move_to_end(reference)
            self._meters.lookup(Source.HIT)
        return recent

    async def close(self) -> None:
        """Stop what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _find(self, reference: Reference) -> Found:
        structlog.contextvars.bind_contextvars(record=reference.id)  # to the end of this task, which is for it alone
        if (until := self._missing.get(reference)) is not None and self._now() < until:
            self._meters.lookup(Source.MISSING)
            raise RecordNotFound(reference)
        try:
            if (found := self._fresh_one(await self._in_turn(reference))) is not None:
                self._meters.lookup(Source.HIT)
                return found
            async with self._alone(reference):
                stored = await self._in_turn(reference)
                if (found := self._fresh_one(stored)) is not None:
                    self._meters.lookup(Source.JOINED)
                    return found
                if await self._store.missing(reference, self._now()):
                    self._meters.lookup(Source.MISSING)
                    raise RecordNotFound(reference)
                return await self._renew(reference, stored)
        except StorageError as error:
            log.warning("the store of records does not answer", record=reference.id, reason=str(error))
        seen = self._recent.get(reference)
        return self._fresh_one(seen) or await self._renew(reference, seen)

    async def _renew(self, reference: Reference, stored: StoredPage | None) -> Found:
        """Ask the site; where it cannot say, what is stored has to do."""
        self._meters.lookup(Source.MISS if stored is None else Source.EXPIRED)
        try:
            return await self._fetch(reference, stored)
        except (SiteError, PageChanged, NotARecord) as error:
            if stored is None:
                raise
            self._meters.lookup(Source.STALE)
            at = stored.read_at.isoformat()
            log.warning("serving a stale record", record=reference.id, reason=str(error), read_at=at)
            return Found(stored.record, stored.read_at, stale=True)

    def _fresh_one(self, stored: StoredPage | None) -> Found | None:
        fresh = stored is not None and self._now() - stored.read_at < self._fresh
        return Found(stored.record, stored.read_at) if stored is not None and fresh else None

    async def _in_turn(self, reference: Reference) -> StoredPage | None:
        """Give what is stored, in the order of asking; StorageError too where a store that hangs holds up the others."""
        try:
            async with asyncio.timeout(STORE), self._in_order:
                return await self._stored(reference)
        except TimeoutError:
            raise StorageError(f"no answer within {STORE:.0f} s") from None

    @asynccontextmanager
    async def _alone(self, reference: Reference) -> AsyncIterator[None]:
        """Hold a record's lock. Raises TooBusy where another process holds it and hangs, StorageError."""
        async with AsyncExitStack() as stack:
            if self._locks is not None:
                try:
                    async with asyncio.timeout(PATIENCE):
                        await stack.enter_async_context(self._locks.hold(f"record {reference.id}"))
                except TimeoutError:
                    raise TooBusy(f"another process looks record {reference} up and does not end") from None
            yield

    async def _fetch(self, reference: Reference, stored: StoredPage | None = None) -> Found:
        """Ask the site, and keep what it says."""
        try:
            page = await self._pages.fetch(reference, stored.page if stored else None)
            if page is not None:
                kept = StoredPage(page, await _read(page), erowid.PARSER_VERSION, self._now())
            elif stored is not None:
                kept = StoredPage(stored.page, stored.record, stored.parser, self._now())
            else:
                raise PageChanged("the site says that nothing changed, but nothing was known")
        except RecordNotFound:
            await self._remember_missing(reference)
            raise
        await self._keep(kept)
        return Found(kept.record, kept.read_at)

    async def _stored(self, reference: Reference) -> StoredPage | None:
        """Give what is stored, read by today's parser; None where that cannot be had. Raises StorageError."""
        stored = await self._store.get(reference)
        if stored is None or stored.parser == erowid.PARSER_VERSION:
            return stored and self._remember(stored)
        try:
            reread = StoredPage(stored.page, await _read(stored.page), erowid.PARSER_VERSION, stored.read_at)
        except (PageChanged, NotARecord, SiteError, RecordNotFound) as error:
            log.warning("stored record not usable", record=reference.id, reason=str(error))
            return None
        await self._keep(reread)
        return reread

    async def _keep(self, stored: StoredPage) -> None:
        """Store a page; a record that cannot be stored can still be shown."""
        self._remember(stored)
        try:
            await self._store.put(stored)
        except StorageError as error:
            log.warning("record not stored", record=stored.page.reference.id, reason=str(error))

    def _remember(self, stored: StoredPage) -> StoredPage:
        """Keep a record in mind for when the store does not answer."""
        self._recent[stored.page.reference] = stored
        self._recent.move_to_end(stored.page.reference)
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)
        return stored

    async def _remember_missing(self, reference: Reference) -> None:
        now = self._now()
        self._recent.pop(reference, None)
        self._missing.pop(reference, None)
        self._missing[reference] = now + MISSING
        if len(self._missing) > MOST_MISSING:
            del self._missing[next(iter(self._missing))]
        try:
            await self._store.miss(reference, now, now + MISSING)
        except StorageError as error:
            log.warning("missing record not stored", record=reference.id, reason=str(error))


async def _read(page: Page) -> Record:
    """Read a page; a large one in a thread."""
    if len(page.body) < LARGE:
        return erowid.read_record(page.body, page.reference, page.charset)
    return await asyncio.to_thread(erowid.read_record, page.body, page.reference, page.charset)
