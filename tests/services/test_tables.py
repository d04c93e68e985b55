"""The tables in the docstrings of the services hold."""

from dataclasses import replace

import pytest

from bot.core.errors import BotError, RecordNotFound, Unreachable
from bot.services import enrichment, record_source
from tests.invented import REFERENCE, invented_page
from tests.services.conftest import FRESH, World
from tests.services.test_enrichment import FREE, OPEN, PUBMED, RECORD, WITHOUT_DOI, WORK, Works, knowing
from tests.tables import table_of

FOUND: dict[str, Works] = {
    "nothing": (),
    "the work": (WORK,),
    "a sure match": (PUBMED,),
    "the same, with free text": (OPEN,),
    "another match": (WITHOUT_DOI,),
}


@pytest.mark.parametrize(("by_search", "by_crossref", "europe_pmc", "crossref", "unpaywall"), table_of(enrichment.__doc__))
async def test_requests_for_one_study(
    by_search: str, by_crossref: str, europe_pmc: str, crossref: str, unpaywall: str
) -> None:
    services = knowing(FOUND[by_search], FOUND[by_crossref], FREE)
    await services.enricher().enrich(RECORD)
    asked = [", ".join("search" if what == "search" else "by DOI" for what in by_one) for by_one in services.asked]
    assert asked == [europe_pmc, crossref, unpaywall]


ANSWERS = {
    "a page": invented_page("On a drug that still does not exist"),
    "it still holds": None,
    "there is none": RecordNotFound(REFERENCE),
    "no answer": Unreachable("down"),
    "": AssertionError("not asked"),
}


@pytest.mark.parametrize(("stored", "answer", "given", "asked_again"), table_of(record_source.__doc__))
async def test_what_is_given_of_a_record(world: World, stored: str, answer: str, given: str, asked_again: str) -> None:
    """Two processes ask, one after the other."""
    if stored != "nothing":
        await world.lookup.find(REFERENCE)
    if stored == "another parser's":
        world.store.kept[REFERENCE] = replace(world.store.kept[REFERENCE], parser=0)
    world.now += FRESH if stored == "stale" else FRESH / 2
    world.pages.answer = ANSWERS[answer]
    requests = []
    for _ in range(2):
        world.restart()
        before = world.pages.asked[REFERENCE]
        try:
            found = await world.lookup.find(REFERENCE)
            shown = {"On a drug that does not exist": "stored", "On a drug that still does not exist": "the page"}
            said = shown[found.record.title] + ", marked stale" * found.stale
        except BotError as error:
            said = type(error).__name__
        assert said == given
        requests.append(world.pages.asked[REFERENCE] - before)
    assert requests == [int(answer != ""), int(asked_again == "yes")]
