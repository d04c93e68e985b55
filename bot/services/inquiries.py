"""Inquiries in the background: after a card is sent, bibliographic services are asked about its work."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

import structlog

from bot.core.enrichment import Enrichment
from bot.core.errors import StorageError
from bot.core.record import Record
from bot.core.reference import Reference
from bot.services.enrichment import Enrichments

AT_ONCE = 8
"""The most inquiries under way at a time."""
MOST = 200
"""The most inquiries that wait or are under way; a record beyond them is asked about after a later card."""

Inquiry: TypeAlias = asyncio.Task[Enrichment | None]
"""An inquiry under way; its result is None if it failed."""

log = structlog.get_logger(__name__)


class Inquiries:
    """Asks for enrichments, once for all callers that ask about one record. Failures are logged, not raised."""

    def __init__(self, enrichments: Enrichments | None) -> None:
        self._enrichments = enrichments
        self._under_way: dict[Reference, Inquiry] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    @property
    def count(self) -> int:
        """The number of inquiries that wait or are under way."""
        return len(self._under_way)

    def begin(self, record: Record, stated: Enrichment | None = None) -> Inquiry | None:
        """Start an inquiry about a record, or join the one under way; None if no service may be asked.

        `stated`: the enrichment from the record's own source.
        """
        reference = record.reference
        if self._enrichments is None or reference is None:
            return None
        task = self._under_way.get(reference)
        if task is None:
            if len(self._under_way) >= MOST:
                log.info("too many inquiries", record=str(reference))
                return None
            find = partial(self._enrichments.find, reference, record, stated)
            task = asyncio.create_task(self._find(reference, find), name=f"inquire about {reference}")
            self._under_way[reference] = task
            task.add_done_callback(partial(self._end, reference))
        return task

    async def close(self) -> None:
        """Cancel all inquiries."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, reference: Reference, _: object) -> None:
        self._under_way.pop(reference, None)

    async def _find(self, reference: Reference, find: Callable[[], Awaitable[Enrichment]]) -> Enrichment | None:
        async with self._places:
            try:
                found = await find()
            except StorageError as error:
                log.warning("enrichments cannot be read or stored", record=str(reference), reason=str(error))
                return None
            except Exception:
                log.exception("inquiry failed", record=str(reference))
                return None
        log.info("inquiry done", record=str(reference), outcome=found.outcome.value, reason=found.reason)
        return found
