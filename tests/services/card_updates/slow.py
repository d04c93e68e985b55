"""A bibliographic service that answers when a test lets it, and what the cards then show."""

import asyncio
from dataclasses import dataclass, field

from bot.core.enrichment import Candidate, Enrichment
from bot.core.record import Record
from tests.chat import FakeChat
from tests.references import number_of

DOI = "10.5555/drug.1"
MESSAGE = 100


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


async def done(*names: str) -> None:
    """Wait until no task is left whose name begins so."""
    while tasks := [task for task in asyncio.all_tasks() if task.get_name().startswith(names)]:
        await asyncio.wait(tasks)


async def updated() -> None:
    """Wait until all that comes after the cards is done."""
    await done("inquire", "update a card")


def known(chat: FakeChat) -> list[Enrichment | None]:
    """What the cards that stand in the channel show of their works."""
    return [one.content.card.study.enrichment for _, one in sorted(chat.sent.items())]


def dois(chat: FakeChat) -> list[str | None]:
    return [one and one.doi for one in known(chat)]
