"""Gets a record from the store, else from its site; one fetch serves all processes.

| stored           | the site says  | given                | asked again |
|------------------|----------------|----------------------|-------------|
| fresh            |                | stored               | no          |
| another parser's |                | stored               | no          |
| stale            | it still holds | stored               | no          |
| stale            | a page         | the page             | no          |
| stale            | no answer      | stored, marked stale | yes         |
| stale            | there is none  | RecordNotFound       | no          |
| nothing          | a page         | the page             | no          |
| nothing          | there is none  | RecordNotFound       | no          |
| nothing          | no answer      | Unreachable          | yes         |

For a short time, no process asks again for a record that the site does not have. A page that another version of the parser
read is read again. A page stored under another reference of the work is stored under this one, too, if it is fresh and this
source can read it. If the store does not answer, the page that this process saw last is used.

Before asking the site, a process takes the record's lock and looks at the store again, since the last holder may have stored
the record. If the database does not answer, each process asks the site on its own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from cachetools import FIFOCache

from bot.core.errors import BotError, NotARecord, PageChanged, RecordNotFound, SiteError, StorageError, TooBusy
from bot.core.reference import Reference
from bot.core.source import Reader, Request, Sources
from bot.core.source_work import SourceWork
from bot.services.meters import LookupOutcome, Meters
from bot.services.page_ports import UnreadablePage
from bot.services.page_watch import PageWatch
from bot.services.ports import Locks, Page, PageSource, RecordStore, StoredPage

MISSING = timedelta(minutes=10)
MOST_MISSING = 1_000
LARGE = 200_000
"""From this many bytes on, a page is read in a thread; smaller ones take a few milliseconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LookupLimits:
    """The bounds of a lookup; times in seconds."""

    recent: int = 500
    """The most records held in memory, about 20 kB each with its page; a message that links to one costs no query."""
    store: float = 20.0
    """The longest wait for the store, including the time for earlier callers."""
    patience: float = 120.0
    """The longest wait for another process's lookup; longer than a lookup takes, unless it hangs."""


class RecordSource:
    """Gets records from the store and the site; `Lookup` asks once for each record at a time."""

    def __init__(
        self,
        pages: PageSource,
        store: RecordStore,
        sources: Sources,
        *,
        now: Callable[[], datetime],
        is_fresh: Callable[[StoredPage], bool],
        locks: Locks | None,
        meters: Meters,
        limits: LookupLimits,
        watch: PageWatch | None = None,
    ) -> None:
        self._pages = pages
        self._store = store
        self._sources = sources
        self._now = now
        self._is_fresh = is_fresh
        self._locks = locks
        self._meters = meters
        self._limits = limits
        self._watch = watch
        self._in_order = asyncio.Lock()  # keeps the order of callers, however long each read takes
        self._missing: FIFOCache[Reference, datetime] = FIFOCache(MOST_MISSING)

    async def get(self, reference: Reference, seen: StoredPage | None) -> tuple[StoredPage, bool]:
        """Get a record's page, and whether it is stale; `seen` is the page that this process saw last.

        Raises RecordNotFound, or another BotError that says why the record cannot be had now.
        """
        if (until := self._missing.get(reference)) is not None and self._now() < until:
            self._meters.lookup(LookupOutcome.MISSING)
            raise RecordNotFound(reference, self._sources.label(reference))
        try:
            stored = await self._in_turn(reference)
            if stored is not None and self._is_fresh(stored):
                self._meters.lookup(LookupOutcome.HIT)
                return stored, False
            async with self._alone(reference):
                stored = await self._in_turn(reference)
                if stored is not None and self._is_fresh(stored):
                    self._meters.lookup(LookupOutcome.JOINED)
                    return stored, False
                if await self._store.missing(reference, self._now()):
                    self._meters.lookup(LookupOutcome.MISSING)
                    raise RecordNotFound(reference, self._sources.label(reference))
                return await self._renew(reference, stored)
        except StorageError as error:
            log.warning("the store of records does not answer", record=str(reference), reason=str(error))
        return (seen, False) if seen is not None and self._is_fresh(seen) else await self._renew(reference, seen)

    async def _renew(self, reference: Reference, stored: StoredPage | None) -> tuple[StoredPage, bool]:
        """Ask the site; if it gives no record, use the stored page, marked as stale."""
        self._meters.lookup(LookupOutcome.MISS if stored is None else LookupOutcome.EXPIRED)
        try:
            return await self._fetch(reference, stored), False
        except (SiteError, PageChanged, NotARecord) as error:
            if stored is None:
                raise
            self._meters.lookup(LookupOutcome.STALE)
            at = stored.read_at.isoformat()
            log.warning("serving a stale record", record=str(reference), reason=str(error), read_at=at)
            return stored, True

    async def _in_turn(self, reference: Reference) -> StoredPage | None:
        """Give the stored page, one caller after the other. Raises StorageError, also if an earlier caller hangs."""
        try:
            async with asyncio.timeout(self._limits.store), self._in_order:
                return await self._stored(reference)
        except TimeoutError:
            raise StorageError(f"no answer within {self._limits.store:.0f} s") from None

    @asynccontextmanager
    async def _alone(self, reference: Reference) -> AsyncIterator[None]:
        """Hold a record's lock during the block. Raises StorageError, or TooBusy if another process holds it too long."""
        async with AsyncExitStack() as stack:
            if self._locks is not None:
                try:
                    async with asyncio.timeout(self._limits.patience):
                        await stack.enter_async_context(self._locks.hold(f"record {reference}"))
                except TimeoutError:
                    raise TooBusy(f"another process looks record {reference} up and does not end") from None
            yield

    async def _fetch(self, reference: Reference, stored: StoredPage | None) -> StoredPage:
        """Ask the reference's sites, one after the other, until one has the work; store its page."""
        failure: BotError | None = None
        for request in self._sources.of(reference).requests(reference):
            if not self._pages.may_ask(request.site) or (request.poorer and failure is not None and stored is not None):
                continue
            try:
                found = await self._ask(request, stored)
            except RecordNotFound:
                continue
            except (SiteError, PageChanged, NotARecord) as error:
                failure = failure or (error.at(request.site) if isinstance(error, SiteError) else error)
                continue
            if failure is not None and request.poorer:
                return replace(found, makeshift=True)
            return await self._keep(found, is_new=True)
        if failure is not None:
            raise failure
        await self._remember_missing(reference)
        raise RecordNotFound(reference, self._sources.label(reference))

    async def _ask(self, request: Request, stored: StoredPage | None) -> StoredPage:
        """Ask one site. Raises RecordNotFound if it has no such work, or another error that says why it gave no record."""
        known = stored if stored is not None and stored.page.site == request.site else None
        page = await self._pages.fetch(request, known.page if known is not None else None)
        if page is not None:
            return await self._read_new(request, page)
        if known is None:
            raise PageChanged("the site says that nothing changed, but nothing was known")
        return await self._read(known.page, self._now())  # the enrichment from the page is still valid, too

    async def _read_new(self, request: Request, page: Page) -> StoredPage:
        """Read a page that a site just sent; an unreadable one is stored for the host, and the error raised."""
        try:
            return await self._read(page, self._now())
        except (PageChanged, NotARecord) as error:
            if self._watch is not None:
                parser = self._sources.of(page.reference).parser
                await self._watch.failed(UnreadablePage(page, request.url, str(error), parser, self._now()))
            raise

    async def _stored(self, reference: Reference) -> StoredPage | None:
        """Give the stored page as this version of the parser reads it; None without a readable one. Raises StorageError."""
        stored, source = await self._store.get(reference), self._sources.of(reference)
        if stored is not None and stored.page.reference != reference:
            return await self._renamed(stored, reference)
        if stored is None or stored.parser == source.parser:
            return stored
        try:
            read = await self._read(stored.page, stored.read_at)
        except (PageChanged, NotARecord, SiteError, RecordNotFound) as error:
            log.warning("stored page cannot be read any more", record=str(reference), reason=str(error))
            return None
        return await self._keep(read)

    async def _renamed(self, stored: StoredPage, reference: Reference) -> StoredPage | None:
        """Store the page of a work under another of its references, too; None if the site has to be asked instead."""
        if not self._is_fresh(stored) or stored.page.site not in self._sources.of(reference).readers:
            return None
        try:
            read = await self._read(replace(stored.page, reference=reference), stored.read_at)
        except (PageChanged, NotARecord, SiteError, RecordNotFound):
            return None
        said = read.enrichment.with_notices_of(stored.enrichment) if read.enrichment is not None else None
        return await self._keep(replace(read, enrichment=said))

    async def _read(self, page: Page, read_at: datetime) -> StoredPage:
        """Read a page, a large one in a thread. Raises what `bot.core.source.Reader` raises."""
        source = self._sources.of(page.reference)
        arguments = (source.readers[page.site], page.body, page.reference, page.charset)
        work = await asyncio.to_thread(_work, *arguments) if len(page.body) >= LARGE else _work(*arguments)
        return StoredPage(page, work.record, source.parser, read_at, work.enrichment(page.site, read_at))

    async def _keep(self, stored: StoredPage, *, is_new: bool = False) -> StoredPage:
        """Store a page and return it, even if storing fails; tell the page watch of a new page."""
        try:
            await self._store.put(stored)
        except StorageError as error:
            log.warning("record not stored", record=str(stored.page.reference), reason=str(error))
        else:
            if is_new and self._watch is not None:
                await self._watch.succeeded(stored.page.site)
        return stored

    async def _remember_missing(self, reference: Reference) -> None:
        now = self._now()
        self._missing[reference] = now + MISSING
        try:
            await self._store.miss(reference, now, now + MISSING)
        except StorageError as error:
            log.warning("missing record not stored", record=str(reference), reason=str(error))


def _work(read: Reader, body: bytes, reference: Reference, charset: str | None) -> SourceWork:
    work = read(body, reference, charset)
    if work is None:
        raise RecordNotFound(reference)
    return replace(work, record=replace(work.record, reference=reference))
