"""What the enrichment service needs: services that know works, and a place to keep what they said."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.enrichment import Candidate, Enrichment, Notice
from bot.core.record import Record
from bot.core.reference import Reference
from bot.core.reply import Reply


class WorkSource(Protocol):
    """A bibliographic service. Each method is one request and raises a SiteError if the service does not answer."""

    async def search(self, record: Record) -> tuple[Candidate, ...]:
        """Find works like a record."""

    async def work(self, doi: str) -> Candidate | None:
        """Find the work with a DOI."""


class ArticleSource(WorkSource, Protocol):
    """A bibliographic service that knows PubMed IDs, too."""

    async def article(self, pmid: str) -> Candidate | None:
        """Find the work with a PubMed ID."""


class FreeTextSource(Protocol):
    """A service that knows where a work can be read without paying."""

    async def free_text(self, doi: str) -> str | None:
        """Find the address: one request. Raises a SiteError if the service does not answer."""


@dataclass(frozen=True, slots=True)
class Retractions:
    """One page of the retractions that were registered with a service."""

    notices: tuple[tuple[str, Notice], ...]
    """DOIs of retracted works, each with its notice."""
    next_cursor: str | None
    """Where the next page begins; None after the last."""


class RetractionSource(Protocol):
    """A service that lists the retractions registered with it."""

    async def retractions(self, since: date, cursor: str = "*") -> Retractions:
        """Read a page of those registered since a day: one request. Raises SiteError."""


class EnrichmentStore(Protocol):
    """Where enrichments are kept, one for each record; all methods raise StorageError."""

    async def get(self, reference: Reference) -> Enrichment | None:
        """Give what is kept, however old."""

    async def put(self, reference: Reference, enrichment: Enrichment) -> None:
        """Store an enrichment; it replaces the earlier one."""

    async def with_dois(self, dois: Collection[str]) -> Mapping[str, tuple[Reference, ...]]:
        """Give the records whose works have these DOIs, which are in lower case."""


class ShownCards(Protocol):
    """Tells which cards show a study."""

    async def cards_of(self, reference: Reference, since: datetime) -> tuple[Reply, ...]:
        """Give the cards of a record in all channels since a time, the newest first. Raises StorageError."""

    async def get(self, reply_ids: Collection[int]) -> Mapping[int, tuple[Reply, ...]]:
        """Give all that messages of the bot's show, by their IDs. Raises StorageError."""


@dataclass(frozen=True, slots=True)
class DailyTask:
    """When a daily task, which only one of the processes does, was last done."""

    began_at: datetime | None = None
    """When it last began; None for never."""
    done_at: datetime | None = None
    """When the last run that was completed had begun."""
    lease: str = ""
    """Names the claim of the process that holds it."""


class DailyTaskStore(Protocol):
    """Knows when daily tasks were done, and which process does one; all methods raise StorageError."""

    def held(self, name: str, *, done_before: datetime) -> AbstractAsyncContextManager[DailyTask | None]:
        """Hold a task's lease during a block; None where another process holds it, or the task was done since that time.

        The lease of a process that dies expires.
        """

    async def put(self, task: DailyTask) -> None:
        """Store when a held task was last done; nothing where its lease is lost."""
