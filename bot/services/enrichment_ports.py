"""What the enrichment service needs: services that know works, and a place to keep what they said."""

from typing import Protocol

from bot.core.enrichment import Candidate, Enrichment
from bot.core.record import Record
from bot.core.reference import Reference


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


class EnrichmentStore(Protocol):
    """Where enrichments are kept, one for each record; both methods raise StorageError."""

    async def get(self, reference: Reference) -> Enrichment | None:
        """Give what is kept, however old."""

    async def put(self, reference: Reference, enrichment: Enrichment) -> None:
        """Keep an enrichment in place of the one before."""
