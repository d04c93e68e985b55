"""A bibliographic service that answers when a test lets it."""

import asyncio
from dataclasses import dataclass, field

from bot.core.enrichment import Candidate
from bot.core.record import Record
from tests.references import number_of

DOI = "10.5555/drug.1"


@dataclass
class Slow:
    """A service that knows the work of each record, once it is let."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    failing: Exception | None = None

    async def search(self, record: Record) -> tuple[Candidate, ...]:
        self.asked += 1
        self.begun.set()
        await self.gate.wait()
        if self.failing is not None:
            raise self.failing
        year = record.issued[0][0]
        return (
            Candidate(
                "Europe PMC",
                record.title,
                authors=record.authors,
                years=frozenset({year}),
                volume=record.volume,
                page=record.page,
                doi=DOI,
                pmid=str(90_000_000 + number_of(record.reference)),
            ),
        )

    async def work(self, doi: str) -> None:
        """Know nothing more."""

    async def article(self, pmid: str) -> None:
        """Know nothing more."""
