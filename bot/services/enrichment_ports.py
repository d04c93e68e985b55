"""The ports of enrichment: bibliographic services, the store of enrichments, and the daily tasks."""

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
        """Search for works like a record; give the candidates."""

    async def work(self, doi: str) -> Candidate | None:
        """Find the work with a DOI; None if the service has none."""


class ArticleSource(WorkSource, Protocol):
    """A bibliographic service that knows PubMed IDs, too."""

    async def article(self, pmid: str) -> Candidate | None:
        """Find the work with a PubMed ID; None if the service has none."""


class FreeTextSource(Protocol):
    """A service that knows where a work can be read without paying."""

    async def free_text(self, doi: str) -> str | None:
        """Find the address of a work's free text; None without one. One request; raises a SiteError without an answer."""


@dataclass(frozen=True, slots=True)
class Retractions:
    """One page of the retractions that were registered with a service."""

    notices: tuple[tuple[str, Notice], ...]
    """Pairs of the DOI of a retracted work and its notice."""
    next_cursor: str | None
    """The cursor of the next page; None after the last page."""


class RetractionSource(Protocol):
    """A service that lists the retractions registered with it."""

    async def retractions(self, since: date, cursor: str | None = None) -> Retractions:
        """Read a page of the retractions registered since a day; the first has no cursor. One request; raises SiteError."""


class EnrichmentStore(Protocol):
    """Stores enrichments, one for each record; all methods raise StorageError."""

    async def get(self, reference: Reference) -> Enrichment | None:
        """Give the stored enrichment of a record, however old; None if there is none."""

    async def put(self, reference: Reference, enrichment: Enrichment) -> None:
        """Store an enrichment; it replaces the earlier one."""

    async def with_dois(self, dois: Collection[str]) -> Mapping[str, tuple[Reference, ...]]:
        """Give the records whose works have these DOIs, which are in lower case."""


class ShownCards(Protocol):
    """The part of `ReplyStore` that tells which cards show a study."""

    async def cards_of(self, reference: Reference, since: datetime) -> tuple[Reply, ...]:
        """Give the cards of a record in all channels since a time, the newest first. Raises StorageError."""

    async def get(self, reply_ids: Collection[int]) -> Mapping[int, tuple[Reply, ...]]:
        """Give the replies in messages of the bot, by the messages' IDs. Raises StorageError."""


@dataclass(frozen=True, slots=True)
class DailyTask:
    """The times of a daily task's last runs, UTC; only one of the processes does it."""

    began_at: datetime | None = None
    """When the last run began; None if there was none."""
    done_at: datetime | None = None
    """When the last completed run began; None if there was none."""
    lease: str = ""
    """The name of the claim, for the process that holds it."""


class DailyTaskStore(Protocol):
    """Stores when daily tasks were done, and which process does one now; all methods raise StorageError."""

    def held(self, name: str, *, done_before: datetime) -> AbstractAsyncContextManager[DailyTask | None]:
        """Hold a task's lease during a block; give None if another process holds it, or the task was done since that time.

        The lease of a process that dies expires.
        """

    async def put(self, task: DailyTask) -> None:
        """Store when a held task was last done; do nothing if its lease is lost."""
