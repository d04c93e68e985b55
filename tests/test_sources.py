"""PubMed and DOIs as the bot reads them: over HTTP from services on loopback, into a real database. All is invented."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.stores.enrichments import SqlEnrichments
from bot.core.channel_settings import Size
from bot.core.enrichment import Notice, NoticeKind
from bot.core.errors import RecordNotFound, SiteError
from bot.core.reference import Reference
from tests.bibliography import FAULTS, Fault
from tests.cogs.conftest import NOW
from tests.source_world import (
    APA,
    CONTACT,
    DOI,
    FINDING,
    PLAIN,
    PMC,
    PREPRINTED,
    PUBMED,
    SOUND,
    TITLE,
    World,
    world_in,
)
from tests.sources.doi.test_crossref import ITEM
from tests.sources.pubmed.test_efetch import ARTICLE
from tests.sources.pubmed.test_europe_pmc import PREPRINT


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_in(tmp_path) as made:
        yield made


@pytest.mark.parametrize("reference", [PUBMED, PMC, DOI], ids=str)
async def test_a_card_from_europe_pmc(world: World, reference: Reference) -> None:
    """One request gives the record and what stands beside it; the next card of any process needs none."""
    world.works.results.append(SOUND)
    services = await world.start()
    card = await services.cards.card(reference, APA)
    assert (card.record.reference, card.record.title, card.record.plain_title) == (reference, TITLE, PLAIN)
    assert [finding.text for finding in card.findings] == [FINDING]
    known = card.study.enrichment
    assert known is not None
    assert (known.doi, known.pmid, known.pmcid) == (DOI.id, PUBMED.id, PMC.id)
    assert (known.stated, known.reason, known.free_text_url) == (
        True, "stated by Europe PMC", "https://europepmc.org/articles/PMC99001",
    )  # fmt: skip
    item = card.study.to_csl()
    assert (item["DOI"], item["PMID"], item["PMCID"]) == (DOI.id, PUBMED.id, PMC.id)
    assert (item["title"], item["container-title"], item["container-title-short"]) == (TITLE, "Naps", "Naps")
    assert "<i>Somnus fictus</i>" in card.citation.markup.replace("</i><i>", "")
    assert await services.cards.card(reference, APA) == card
    assert await (await world.start()).cards.card(reference, APA) == card
    assert world.asked() == {"europepmc": 1}


async def test_nobody_matches_what_its_source_stated(world: World) -> None:
    """An inquiry finds the answer there; after fourteen days it asks for notices, and by the work's identifiers only."""
    world.works.results.append(SOUND)
    world.works.items.append(ITEM)
    services = await world.start()
    card = await services.cards.card(PUBMED, APA)
    inquiry = services.inquiries.begin(card.record, card.study.stated)
    assert inquiry is not None
    assert await inquiry == card.study.enrichment
    assert world.asked() == {"europepmc": 1}
    world.now = card.study.enrichment.notices_fresh_until
    inquiry = services.inquiries.begin(card.record, card.study.stated)
    assert inquiry is not None
    found = await inquiry
    assert found is not None
    assert (found.stated, found.retraction) == (
        True, Notice(NoticeKind.RETRACTION, "Retraction Watch", (2032, 1, 5), "10.5555/nap.r"),
    )  # fmt: skip
    assert world.asked() == {"europepmc": 2, "crossref": 1}
    assert [one.query["query"] for one in world.works.asked if "/europepmc/" in one.path] == [
        'EXT_ID:"99000001" AND SRC:MED'
    ] * 2
    world.now += 2 * (world.now - NOW)  # the record is stale, and read anew
    card = await services.cards.card(PUBMED, APA)
    assert world.asked() == {"europepmc": 3, "crossref": 1}
    assert card.study.retracted  # what another service said stays


async def test_without_services_it_stands(world: World) -> None:
    """Where services are not wanted, or not asked, what came with the record is shown; the free text as moderators chose."""
    world.works.results.append(SOUND)
    services = await world.start(enrich="off")
    for _ in range(2):
        card = await services.cards.card(DOI, replace(APA, enrich=False, free_text=False))
        assert card.study.enrichment is not None
        assert (card.study.enrichment.pmid, card.study.enrichment.free_text_url) == (PUBMED.id, None)
    assert services.inquiries.begin(card.record) is None
    assert world.asked() == {"europepmc": 1}


async def test_pubmed_itself(world: World) -> None:
    """It is asked for what Europe PMC does not have, with the address of whom to write to."""
    world.works.articles[PUBMED.id] = ARTICLE
    card = await (await world.start()).cards.card(PUBMED, APA)
    assert (card.record.title, card.study.retracted) == (TITLE, True)
    assert card.study.enrichment.reason == "stated by PubMed"
    assert world.asked() == {"europepmc": 1, "ncbi": 1}
    assert world.works.asked[-1].query["email"] == CONTACT
    assert await (await world.start()).cards.card(PUBMED, APA) == card
    assert world.asked() == {"europepmc": 1, "ncbi": 1}


@pytest.mark.parametrize("fault", ["429", "500", "html", "bad json", "no list", "reset"])
async def test_pubmed_stands_in(world: World, fault: str) -> None:
    """It knows as much as Europe PMC, so that what it says while that does not answer is kept."""
    world.works.faults["europepmc"].append(FAULTS[fault])
    world.works.articles[PUBMED.id] = ARTICLE
    card = await (await world.start()).cards.card(PUBMED, APA)
    assert card.record.title == TITLE
    assert await (await world.start()).cards.card(PUBMED, APA) == card
    assert world.asked() == {"europepmc": 1, "ncbi": 1}


async def test_crossref_for_a_doi(world: World) -> None:
    """It is asked for what Europe PMC does not have; that is kept."""
    world.works.items.append(ITEM)
    card = await (await world.start()).cards.card(DOI, APA)
    assert card.record.title == f"{TITLE}: A nap study"
    assert (card.study.enrichment.reason, card.study.retracted) == ("stated by Crossref", True)
    await (await world.start()).cards.card(DOI, APA)
    assert world.asked() == {"europepmc": 1, "crossref": 1}
    assert world.works.asked[-1].query["mailto"] == CONTACT


async def test_crossref_stands_in_for_a_while(world: World) -> None:
    """It knows less than Europe PMC, which is asked again by the next who wants the card, and by nobody matched."""
    world.works.faults["europepmc"] += [FAULTS["500"]] * 2
    world.works.items.append(ITEM)
    world.works.results.append(SOUND)
    services = await world.start()
    card = await services.cards.card(DOI, APA)
    assert (card.study.enrichment.pmid, card.study.enrichment.doi) == (None, DOI.id)
    inquiry = services.inquiries.begin(card.record, card.study.stated)
    assert inquiry is not None
    assert await inquiry == card.study.enrichment
    assert world.asked() == {"europepmc": 2, "crossref": 1}
    card = await services.cards.card(DOI, APA)
    assert card.study.enrichment.pmid == PUBMED.id
    assert world.asked() == {"europepmc": 3, "crossref": 1}


async def test_a_poorer_record_takes_no_better_one_s_place(world: World) -> None:
    """While Europe PMC does not answer, an old record of it is shown as old, and Crossref is not asked."""
    world.works.results.append(SOUND)
    world.works.items.append(ITEM)
    services = await world.start()
    card = await services.cards.card(DOI, APA)
    world.now = NOW.replace(year=NOW.year + 1)
    world.works.faults["europepmc"].append(FAULTS["500"])
    again = await services.cards.card(DOI, APA)
    assert (again.stale, again.record, again.study.enrichment) == (True, card.record, card.study.enrichment)
    assert world.asked() == {"europepmc": 2}


async def test_no_contact_no_crossref(world: World) -> None:
    """Nobody could write to us."""
    world.works.items.append(ITEM)
    services = await world.start(CONTACT="")
    with pytest.raises(RecordNotFound, match=r"no record doi:10\.5555/nap\.2031\.7"):
        await services.cards.card(DOI, APA)
    assert world.asked() == {"europepmc": 1}


@pytest.mark.parametrize("reference", [PUBMED, PMC, DOI, PREPRINTED], ids=str)
async def test_what_nobody_has(world: World, reference: Reference) -> None:
    """All who may know are asked, once; a while later again."""
    services = await world.start()
    for _ in range(2):
        with pytest.raises(RecordNotFound) as failure:
            await services.cards.card(reference, APA)
    assert str(services.sources.label(reference)) in failure.value.advice
    assert set(world.asked().values()) == {1}


async def test_a_refusal_is_heeded(world: World) -> None:
    """A page in place of JSON that says so is a refusal: nobody asks again for long."""
    page = "<!DOCTYPE html><title>Access Denied</title><p>Your access has been temporarily blocked.</p>"
    world.works.faults["europepmc"] += [Fault(200, page, {"Content-Type": "text/html"})]
    world.works.results.append(SOUND)
    services = await world.start()
    for reference in (PMC, DOI):
        with pytest.raises(SiteError, match="block page"):
            await services.cards.card(reference, APA)
    assert world.asked()["europepmc"] == 1


async def test_a_preprint(world: World) -> None:
    """By its own ID or its DOI."""
    world.works.results.append(PREPRINT)
    services = await world.start()
    for reference in (PREPRINTED, DOI):
        card = await services.cards.card(reference, APA)
        assert (card.record.type, card.record.container_title) == ("article", "napRxiv")
    assert world.asked() == {"europepmc": 1}


@pytest.mark.parametrize("asked", [PMC, DOI], ids=str)
async def test_one_work_by_another_name(world: World, asked: Reference) -> None:
    """What its source stated is served without a request, and is then known by this name, too: for the daily watch."""
    world.works.results.append(SOUND)
    services = await world.start()
    first = await services.cards.card(PUBMED, APA)
    card = await services.cards.card(asked, APA)
    assert card.record == replace(first.record, reference=asked)
    assert (card.url, card.study.enrichment) == (services.sources.url_of(asked), first.study.enrichment)
    assert await (await world.start()).cards.card(asked, APA) == card
    assert world.asked() == {"europepmc": 1}
    assert set((await SqlEnrichments(world.engine).with_dois([DOI.id]))[DOI.id]) == {PUBMED, asked}


async def test_another_name_of_a_stale_record(world: World) -> None:
    """It is asked for: the age of one is no reason to show the other."""
    world.works.results.append(SOUND)
    services = await world.start()
    await services.cards.card(PUBMED, APA)
    world.now = NOW.replace(year=NOW.year + 1)
    assert not (await services.cards.card(DOI, APA)).stale
    assert world.asked() == {"europepmc": 2}


async def test_a_name_that_only_another_service_reads(world: World) -> None:
    """A record of PubMed's own XML is no answer for a DOI: who is asked for DOIs is asked."""
    world.works.articles[PUBMED.id] = ARTICLE
    world.works.items.append(ITEM)
    services = await world.start()
    await services.cards.card(PUBMED, APA)
    assert (await services.cards.card(DOI, APA)).record.title == f"{TITLE}: A nap study"
    assert world.asked() == {"europepmc": 2, "ncbi": 1, "crossref": 1}


async def test_one_request_for_many(world: World) -> None:
    """All who ask at once share one."""
    world.works.results.append(SOUND)
    services = await world.start()
    cards = await asyncio.gather(*(services.cards.card(PUBMED, APA) for _ in range(20)))
    assert len(set(map(id, cards))) == 1
    assert world.asked() == {"europepmc": 1}


async def test_one_request_of_two_processes(postgresql_url: str, tmp_path: Path) -> None:
    """Who asks in another process on the same database waits for the answer, and reads it there."""
    async with world_in(tmp_path, postgresql_url) as world:
        world.works.results.append(SOUND)
        processes = [await world.start(), await world.start()]
        for reference in (PUBMED, PREPRINTED):
            asked = (one.cards.card(reference, APA) for one in processes for _ in range(5))
            found = await asyncio.gather(*asked, return_exceptions=True)
            assert len({str(one) if isinstance(one, Exception) else one.record for one in found}) == 1
        assert world.asked() == {"europepmc": 2}


async def test_no_abstract(world: World) -> None:
    """The card says so, and still cites."""
    world.works.results.append({key: value for key, value in SOUND.items() if key != "abstractText"})
    card = await (await world.start()).cards.card(PUBMED, replace(APA, size=Size.COMPACT))
    assert (card.record.abstract, card.findings) == ((), ())
    assert card.citation.text.endswith("https://doi.org/10.5555/nap.2031.7")
