"""Looks records up: in memory while they are fresh, else in `record_source`, once for all who ask at the same time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from cachetools import LRUCache

from bot.core.background import retrieve_error
from bot.core.enrichment import Enrichment
from bot.core.errors import BotError, RecordNotFound
from bot.core.record import Record
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.services.meters import LookupOutcome, Meters
from bot.services.page_watch import PageWatch
from bot.services.ports import Locks, PageSource, RecordStore, StoredPage
from bot.services.record_source import LookupLimits, RecordSource

FRESH = timedelta(days=30)
"""The age up to which a record is given without asking its site again."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record, and when its site last confirmed it."""

    record: Record
    read_at: datetime
    """When the site last gave or confirmed the page, UTC."""
    stale: bool = False
    """Whether it is older than it should be, since the site could not be asked."""
    stated: Enrichment | None = None
    """The enrichment from the record's own source; None without one."""


class Lookup:
    """Finds records; safe for any number of callers at once."""

    def __init__(
        self,
        pages: PageSource,
        store: RecordStore,
        sources: Sources,
        *,
        now: Callable[[], datetime],
        fresh: timedelta = FRESH,
        locks: Locks | None = None,
        meters: Meters | None = None,
        limits: LookupLimits | None = None,
        watch: PageWatch | None = None,
    ) -> None:
        self.sources = sources
        self._meters, limits = meters or Meters(), limits or LookupLimits()
        self._now = now
        self._fresh = fresh
        self._source = RecordSource(
            *(pages, store, sources),
            now=now,
            is_fresh=self._is_fresh,
            locks=locks,
            meters=self._meters,
            limits=limits,
            watch=watch,
        )
        self._under_way: dict[Reference, asyncio.Task[Found]] = {}
        self._recent: LRUCache[Reference, StoredPage] = LRUCache(limits.recent)

    async def find(self, reference: Reference) -> Found:
        """Find a record. Raises RecordNotFound, or another BotError that says why the record cannot be had now.

        All who ask for one record while it is looked up share one lookup, which goes on when one of them is cancelled.
        """
        if not self.sources.knows(reference):  # a card of a source that the bot no longer has
            raise RecordNotFound(reference)
        recent = self._recent.get(reference)
        if recent is not None and self._is_fresh(recent):
            self._meters.lookup(LookupOutcome.HIT)
            return Found(recent.record, recent.read_at, stated=recent.enrichment)
        task = self._under_way.get(reference)
        if task is None:
            task = asyncio.create_task(self._find(reference), name=f"look up {reference}")
            self._under_way[reference] = task
            task.add_done_callback(lambda _: self._under_way.pop(reference, None))
            task.add_done_callback(retrieve_error)
        else:
            self._meters.lookup(LookupOutcome.JOINED)
        try:
            return await asyncio.shield(task)
        except BotError as error:
            raise error.with_traceback(None) from None

    async def close(self) -> None:
        """Cancel all lookups."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_fresh(self, stored: StoredPage) -> bool:
        """Whether the site need not be asked again."""
        return not stored.makeshift and self._now() - stored.read_at < self._fresh

    async def _find(self, reference: Reference) -> Found:
        structlog.contextvars.bind_contextvars(record=str(reference))  # this task is for one record only
        try:
            stored, stale = await self._source.get(reference, self._recent.get(reference))
        except RecordNotFound:
            self._recent.pop(reference, None)
            raise
        self._recent[reference] = stored
        return Found(stored.record, stored.read_at, stale, stored.enrichment)
