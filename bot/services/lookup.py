"""Looking a record up: what is stored, else one fetch for all who ask at once.

asked for lately, and fresh -> from memory
stored and fresh            -> stored
stored, another parser      -> its bytes are read again
stored and stale            -> the site is asked whether it still holds; if the site cannot say, stored, marked stale
not stored                  -> fetched, read, stored
the site says there is none -> remembered for a short while
any other failure           -> not remembered
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.errors import BotError, NotARecord, PageChanged, RecordNotFound, SiteError, StorageError
from bot.core.record import Record
from bot.core.reference import Reference
from bot.erowid import PARSER_VERSION, read_record
from bot.services.ports import Page, PageSource, RecordStore, StoredPage

FRESH = timedelta(days=30)
MISSING = timedelta(minutes=10)
MOST_MISSING = 1_000
MOST_RECENT = 500
"""Records held in memory, some 10 kB each: a message with one of them costs no query, and needs no database."""
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
        self, pages: PageSource, store: RecordStore, *, now: Callable[[], datetime], fresh: timedelta = FRESH
    ) -> None:
        self._pages = pages
        self._store = store
        self._now = now
        self._fresh = fresh
        self._in_order = asyncio.Lock()  # fair: however long each read takes, the site is asked in the order of asking
        self._under_way: dict[Reference, asyncio.Task[Found]] = {}
        self._missing: dict[Reference, datetime] = {}
        self._recent: OrderedDict[Reference, Found] = OrderedDict()

    async def find(self, reference: Reference) -> Found:
        """Find a record. Raises RecordNotFound, or another BotError that says why it cannot be had now.

        All who ask for one record while it is looked up share one lookup, which goes on when one of them is cancelled.
        """
        recent = self._recent.get(reference)
        if recent is not None and self._now() - recent.read_at < self._fresh:
            self._recent.move_to_end(reference)
            return recent
        task = self._under_way.get(reference)
        if task is None:
            task = asyncio.create_task(self._find(reference), name=f"look up {reference}")
            self._under_way[reference] = task
            task.add_done_callback(lambda _: self._under_way.pop(reference, None))
        try:
            return await asyncio.shield(task)
        except BotError as error:
            raise error.with_traceback(None) from None

    async def close(self) -> None:
        """Stop what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _find(self, reference: Reference) -> Found:
        now = self._now()
        if (until := self._missing.get(reference)) is not None and now < until:
            raise RecordNotFound(reference)
        async with self._in_order:
            stored = await self._stored(reference)
        if stored is None:
            return await self._fetch(reference)
        if now - stored.read_at < self._fresh:
            return self._remember(Found(stored.record, stored.read_at))
        try:
            return await self._fetch(reference, stored)
        except (SiteError, PageChanged, NotARecord) as error:
            log.warning("serving a stale record", record=reference.id, reason=str(error), read_at=stored.read_at.isoformat())
            return Found(stored.record, stored.read_at, stale=True)

    async def _fetch(self, reference: Reference, stored: StoredPage | None = None) -> Found:
        """Ask the site, and keep what it says."""
        try:
            page = await self._pages.fetch(reference, stored.page if stored else None)
            if page is not None:
                kept = StoredPage(page, await _read(page), PARSER_VERSION, self._now())
            elif stored is not None:
                kept = StoredPage(stored.page, stored.record, stored.parser, self._now())
            else:
                raise PageChanged("the site says that nothing changed, but nothing was known")
        except RecordNotFound:
            self._remember_missing(reference)
            raise
        await self._keep(kept)
        return self._remember(Found(kept.record, kept.read_at))

    async def _stored(self, reference: Reference) -> StoredPage | None:
        """Give what is stored, read by today's parser; None where that cannot be had."""
        try:
            stored = await self._store.get(reference)
            if stored is None or stored.parser == PARSER_VERSION:
                return stored
            reread = StoredPage(stored.page, await _read(stored.page), PARSER_VERSION, stored.read_at)
        except (StorageError, PageChanged, NotARecord, SiteError, RecordNotFound) as error:
            log.warning("stored record not usable", record=reference.id, reason=str(error))
            return None
        await self._keep(reread)
        return reread

    async def _keep(self, stored: StoredPage) -> None:
        """Store a page; a record that cannot be stored can still be shown."""
        try:
            await self._store.put(stored)
        except StorageError as error:
            log.warning("record not stored", record=stored.page.reference.id, reason=str(error))

    def _remember(self, found: Found) -> Found:
        """Hold a record in memory, in place of what was held of it; the least lately asked for goes."""
        if found.record.reference is not None:
            self._recent[found.record.reference] = found
            self._recent.move_to_end(found.record.reference)
            if len(self._recent) > MOST_RECENT:
                self._recent.popitem(last=False)
        return found

    def _remember_missing(self, reference: Reference) -> None:
        self._missing.pop(reference, None)
        self._missing[reference] = self._now() + MISSING
        if len(self._missing) > MOST_MISSING:
            del self._missing[next(iter(self._missing))]


async def _read(page: Page) -> Record:
    """Read a page; a large one in a thread."""
    if len(page.body) < LARGE:
        return read_record(page.body, page.reference, page.charset)
    return await asyncio.to_thread(read_record, page.body, page.reference, page.charset)
