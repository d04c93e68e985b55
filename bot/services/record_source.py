"""What is stored of a record, else what the site says; one fetch for all processes.

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
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from cachetools import FIFOCache

from bot.core.errors import NotARecord, PageChanged, RecordNotFound, SiteError, StorageError, TooBusy
from bot.core.record import Record
from bot.core.reference import Reference
from bot.services.meters import Meters, Source
from bot.services.ports import Locks, Page, PageSource, RecordStore, StoredPage
from bot.sources import erowid

FRESH = timedelta(days=30)
MISSING = timedelta(minutes=10)
MOST_MISSING = 1_000
LARGE = 200_000
"""Bytes from which a page is read in a thread: smaller ones take the event loop a few milliseconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LookupLimits:
    """The bounds of a lookup; times in seconds."""

    recent: int = 500
    """Records held in memory, some 20 kB each with their pages: a message with one of them costs no query."""
    store: float = 20.0
    """The store has to say within this time what it has, those who asked before included."""
    patience: float = 120.0
    """How long to wait for another process's lookup: longer than a lookup takes, so that only a hanging one is given up."""


class RecordSource:
    """Gets records from the store and the site; `Lookup` asks once for each record at a time."""

    def __init__(
        self,
        pages: PageSource,
        store: RecordStore,
        *,
        now: Callable[[], datetime],
        fresh: timedelta,
        locks: Locks | None,
        meters: Meters,
        limits: LookupLimits,
    ) -> None:
        self._pages = pages
        self._store = store
        self._now = now
        self._fresh = fresh
        self._locks = locks
        self._meters = meters
        self._limits = limits
        self._in_order = asyncio.Lock()  # fair: however long each read takes, the site is asked in the order of asking
        self._missing: FIFOCache[Reference, datetime] = FIFOCache(MOST_MISSING)

    def is_fresh(self, stored: StoredPage) -> bool:
        """Whether the site need not be asked again."""
        return self._now() - stored.read_at < self._fresh

    async def get(self, reference: Reference, seen: StoredPage | None) -> tuple[StoredPage, bool]:
        """Get a record, and whether it is stale. `seen`: what this process saw last.

        Raises RecordNotFound, or another BotError that says why it cannot be had now.
        """
        if (until := self._missing.get(reference)) is not None and self._now() < until:
            self._meters.lookup(Source.MISSING)
            raise RecordNotFound(reference)
        try:
            stored = await self._in_turn(reference)
            if stored is not None and self.is_fresh(stored):
                self._meters.lookup(Source.HIT)
                return stored, False
            async with self._alone(reference):
                stored = await self._in_turn(reference)
                if stored is not None and self.is_fresh(stored):
                    self._meters.lookup(Source.JOINED)
                    return stored, False
                if await self._store.missing(reference, self._now()):
                    self._meters.lookup(Source.MISSING)
                    raise RecordNotFound(reference)
                return await self._renew(reference, stored)
        except StorageError as error:
            log.warning("the store of records does not answer", record=reference.id, reason=str(error))
        return (seen, False) if seen is not None and self.is_fresh(seen) else await self._renew(reference, seen)

    async def _renew(self, reference: Reference, stored: StoredPage | None) -> tuple[StoredPage, bool]:
        """Ask the site; where it cannot say, what is stored has to do."""
        self._meters.lookup(Source.MISS if stored is None else Source.EXPIRED)
        try:
            return await self._fetch(reference, stored), False
        except (SiteError, PageChanged, NotARecord) as error:
            if stored is None:
                raise
            self._meters.lookup(Source.STALE)
            at = stored.read_at.isoformat()
            log.warning("serving a stale record", record=reference.id, reason=str(error), read_at=at)
            return stored, True

    async def _in_turn(self, reference: Reference) -> StoredPage | None:
        """Give what is stored, one caller after the other. Raises StorageError, also if an earlier caller hangs."""
        try:
            async with asyncio.timeout(self._limits.store), self._in_order:
                return await self._stored(reference)
        except TimeoutError:
            raise StorageError(f"no answer within {self._limits.store:.0f} s") from None

    @asynccontextmanager
    async def _alone(self, reference: Reference) -> AsyncIterator[None]:
        """Hold a record's lock. Raises TooBusy where another process holds it and hangs, StorageError."""
        async with AsyncExitStack() as stack:
            if self._locks is not None:
                try:
                    async with asyncio.timeout(self._limits.patience):
                        await stack.enter_async_context(self._locks.hold(f"record {reference.id}"))
                except TimeoutError:
                    raise TooBusy(f"another process looks record {reference} up and does not end") from None
            yield

    async def _fetch(self, reference: Reference, stored: StoredPage | None) -> StoredPage:
        """Ask the site, and store what it says."""
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
        return await self._keep(kept)

    async def _stored(self, reference: Reference) -> StoredPage | None:
        """Give what is stored, read by today's parser; None where that cannot be had. Raises StorageError."""
        stored = await self._store.get(reference)
        if stored is None or stored.parser == erowid.PARSER_VERSION:
            return stored
        try:
            record = await _read(stored.page)
        except (PageChanged, NotARecord, SiteError, RecordNotFound) as error:
            log.warning("stored record not usable", record=reference.id, reason=str(error))
            return None
        return await self._keep(StoredPage(stored.page, record, erowid.PARSER_VERSION, stored.read_at))

    async def _keep(self, stored: StoredPage) -> StoredPage:
        """Store a page; a record that cannot be stored can still be shown."""
        try:
            await self._store.put(stored)
        except StorageError as error:
            log.warning("record not stored", record=stored.page.reference.id, reason=str(error))
        return stored

    async def _remember_missing(self, reference: Reference) -> None:
        now = self._now()
        self._missing[reference] = now + MISSING
        try:
            await self._store.miss(reference, now, now + MISSING)
        except StorageError as error:
            log.warning("missing record not stored", record=reference.id, reason=str(error))


async def _read(page: Page) -> Record:
    """Read a page; a large one in a thread."""
    if len(page.body) < LARGE:
        return erowid.read_record(page.body, page.reference, page.charset)
    return await asyncio.to_thread(erowid.read_record, page.body, page.reference, page.charset)
