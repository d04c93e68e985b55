"""The demo's stand-ins for Europe PMC and Crossref, asked as the bot asks the real ones."""

from collections.abc import AsyncIterator

import pytest

from bot.core.enrichment import Enrichment, MatchOutcome
from bot.demo.command import open_stand_ins
from bot.demo.samples import SAMPLES
from bot.services.enrichment import Enricher
from bot.sites import open_bibliographic_services
from bot.use_cases import Services


@pytest.fixture
async def found() -> AsyncIterator[dict[int, Enrichment]]:
    """What is found out about four samples."""
    async with (
        open_stand_ins() as (services, settings),
        open_bibliographic_services(settings, pace=lambda _: 0.0) as bibliographic,
    ):
        enricher = bibliographic.enricher()
        yield {number: await enriched(enricher, services, number) for number in (900001, 900002, 900012, 900014)}


async def enriched(enricher: Enricher, services: Services, number: int) -> Enrichment:
    sample = next(sample for sample in SAMPLES if sample.id == number)
    return await enricher.enrich((await services.cards.study(sample.reference)).record)


async def test_what_is_shown(found: dict[int, Enrichment]) -> None:
    """One work with DOI and free text, one whose services are down, one that is ambiguous, and one that was retracted."""
    plain, down, ambiguous, retracted = found.values()
    assert (plain.pmid, plain.doi, plain.retracted) == ("99000001", "10.5555/imaginary.2031.101", False)
    assert plain.free_text_url == "https://example.org/journal-of-imaginary-pharmacology/12/101"
    assert plain.agree == ("title", "authors", "year", "volume", "page", "journal")
    assert (down.outcome, set(down.failed)) == (MatchOutcome.NONE, {"Europe PMC", "Crossref"})
    assert (ambiguous.outcome, ambiguous.failed) == (MatchOutcome.AMBIGUOUS, ())
    assert retracted.retraction is not None
    assert (retracted.retraction.doi, retracted.retraction.date) == ("10.5555/imaginary.2035.1", (2035, 2, 6))
