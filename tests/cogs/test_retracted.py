"""A retraction that only a service knows: every place that shows the study says so. All is invented."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import rispy
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.records import Records
from bot.core.channel_settings import Layout
from bot.core.enrichment import MATCH_LIFETIME
from bot.core.record import Record
from bot.core.reply import Reply
from bot.matching import MATCHER_VERSION
from bot.services.enrichment import Enricher
from bot.services.lookup import Lookup
from bot.use_cases import Services, build_services
from cogs.discord_kit.colours import RED
from tests.cogs.archives import unpacked
from tests.cogs.conftest import NOW, Room
from tests.cogs.test_bibliography import carded
from tests.cogs.test_render_study import RETRACTION, found
from tests.cogs.test_watch import LINK
from tests.fakes import Pages
from tests.invented import invented_page
from tests.references import SOURCES, erowid

RETRACTED, SOUND, NOTED = erowid(1), erowid(2), erowid(3)
LINE = "**Retracted** · 6 Feb 1990 · [notice](https://doi.org/10.5555/notice.7) · according to Retraction Watch"


class Silent:
    """A service that knows no work."""

    async def search(self, record: Record) -> tuple[()]:
        return ()

    async def work(self, doi: str) -> None:
        raise AssertionError(doi)

    async def article(self, pmid: str) -> None:
        raise AssertionError(pmid)


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine) -> AsyncIterator[Services]:
    """The real services; what they keep of a work is there from the start."""
    pages.answers = {
        RETRACTED: invented_page("On the sleep of wooden horses"),
        SOUND: invented_page("On the waking of wooden horses"),
        NOTED: invented_page("On the dreams of wooden horses", "NOTE: Retracted by authors in 1999.", "Horses slept."),
    }
    known = replace(found(notices=(RETRACTION,)), asked_at=NOW, notices_asked_at=NOW, matcher=MATCHER_VERSION)
    await SqlEnrichments(engine).put(RETRACTED, known)
    lookup = Lookup(pages, Records(engine), SOURCES, now=lambda: NOW)
    built = build_services(lookup, engine, now=lambda: NOW, enricher=Enricher(Silent(), now=lambda: NOW))
    yield built
    await built.inquiries.close()
    await lookup.close()


@pytest.fixture
async def read(room: Room) -> Room:
    """A room that saw a card of each study."""
    for reference in (RETRACTED, SOUND, NOTED):
        await room.alice.send(room.channel, LINK.format(reference.id))
    return room


def parts(result: object) -> list[dict]:
    """The parts of the one container of an answer."""
    (container,) = result.response.components  # type: ignore[attr-defined]
    return list(container["components"])


@pytest.mark.parametrize("command", ["search", "recent"])
async def test_lists(read: Room, command: str) -> None:
    """Below the title, and in the menu."""
    options = {"query": "wooden horses"} if command == "search" else {}
    _, listed, menu = parts(await read.alice.slash(read.channel, f"study {command}", **options))
    lines = listed["content"].splitlines()
    marked = {
        title.split("[")[1].split("]")[0]
        for title, small in zip(lines[::2], lines[1::2], strict=True)
        if small.startswith("-# **Retracted** · Doe & Roe · 1988")
    }
    assert marked == {"On the sleep of wooden horses", "On the dreams of wooden horses"}
    labels = {option["value"]: option["label"].partition(". ")[2] for option in menu["components"][0]["options"]}
    assert labels == {
        "1": "Retracted · On the sleep of wooden horses",
        "2": "On the waking of wooden horses",
        "3": "Retracted · On the dreams of wooden horses",
    }


async def test_suggestions(read: Room) -> None:
    """First, and within Discord's 100 characters; in the reader's language."""
    choices = await read.alice.autocomplete(read.channel, "study search", "query", "wooden")
    names = {choice["value"]: choice["name"] for choice in choices}
    assert names["#1"] == "Retracted · Doe & Roe, 1988: On the sleep of wooden horses"
    assert names["#2"] == "Doe & Roe, 1988: On the waking of wooden horses"
    read.pages.answers[erowid(9)] = invented_page(f"Wooden {'very ' * 40}long", "NOTE: Retracted by authors.", "It was.")
    await read.services.cards.study(erowid(9))
    choices = await read.alice.autocomplete(read.channel, "study search", "query", "very long")
    (name,) = [choice["name"] for choice in choices]
    assert name.startswith("Retracted · ")
    assert len(name) <= 100


async def test_the_longest_citation_of_a_retracted_work_fits(room: Room) -> None:
    """Within the 2,000 characters of a message."""
    room.pages.answers[RETRACTED] = invented_page("Horses " * 200)
    await room.alice.send(room.channel, LINK.format(RETRACTED.id))
    (card,) = room.cards()
    content = (await room.alice.click(card, label="Cite")).response.content
    assert content.startswith(LINE)
    assert 1_400 < len(content) <= 2_000


@pytest.mark.parametrize("layout", Layout)
async def test_the_card_and_what_its_buttons_give(room: Room, layout: Layout) -> None:
    """The card is red; the citation and the abstract begin with the retraction, and the files note it."""
    await room.choose(layout=layout)
    await room.alice.send(room.channel, LINK.format(RETRACTED.id))
    (card,) = room.cards()
    assert (card.embeds[0].colour if layout is Layout.EMBED else card.components[0].accent_colour) == RED
    cited = await room.alice.click(card, label="Cite")
    assert cited.response.content.splitlines()[:3] == [LINE, "**On the sleep of wooden horses**", "-# APA"]
    assert "https://doi.org/10.5555/sleep.1" in cited.response.content
    files = await unpacked(cited)
    assert "note = {Retracted}" in files["bib"]
    assert rispy.load(io.StringIO(files["ris"]))[0]["notes"] == ["Retracted"]
    assert json.loads(files["json"])[0]["note"] == "Retracted"
    picked = await room.alice.select(cited.response.message, ["nature"])
    assert picked.response.content.splitlines()[:3] == [LINE, "**On the sleep of wooden horses**", "-# Nature"]
    first, title, *_ = parts(await room.alice.click(card, label="Abstract"))
    assert (first["content"], title["content"]) == (LINE, "### On the sleep of wooden horses")


async def test_the_record_s_own_note_stands_first_in_the_abstract(room: Room) -> None:
    """And not again among the notes at its end."""
    await room.alice.send(room.channel, LINK.format(NOTED.id))
    (card,) = room.cards()
    first, _, page, *_ = parts(await room.alice.click(card, label="Abstract"))
    assert first["content"] == "**Retracted**"
    assert page["content"].startswith("NOTE: Retracted by authors in 1999.")
    assert page["content"].count("NOTE: Retracted") == 1


async def test_the_bibliography(read: Room) -> None:
    """Marked in the list; noted in the files."""
    result = await read.alice.slash(read.channel, "study bibliography")
    entries = result.response.embeds[0].description.split("\n\n")
    marked = [entry.partition("(1988). ")[2].split(".")[0] for entry in entries if "\n-# **Retracted** · [card](" in entry]
    assert sorted(marked) == ["On the dreams of wooden horses", "On the sleep of wooden horses"]
    items = json.loads((await unpacked(result))["json"])
    assert {item["id"]: item.get("note") for item in items} == {"1": "Retracted", "2": None, "3": "Retracted"}


async def test_the_bibliography_as_text(read: Room) -> None:
    """A list too long for the message is marked in its text file, too."""
    for number in range(10, 20):
        read.pages.answers[erowid(number)] = invented_page(f"Study {number} of {'many ' * 80}")
        await read.services.cards.study(erowid(number))
        await carded(read, number)
    result = await read.alice.slash(read.channel, "study bibliography")
    assert "-# The text file has all 13." in result.response.embeds[0].description
    text = (await unpacked(result))["txt"]
    assert text.count("\n\nRetracted · Doe, J. A.") + text.startswith("Retracted · Doe, J. A.") == 2


async def test_the_longest_list_fits(room: Room) -> None:
    """Ten cards of retracted studies whose titles are all marks stay within what Discord takes."""
    for number in range(20, 30):
        room.pages.answers[erowid(number)] = invented_page(f"Stars {'*_' * 300}", "NOTE: Retracted by authors.", "It was.")
        await room.alice.send(room.channel, LINK.format(number))
    shown = parts(await room.alice.slash(room.channel, "study recent"))
    assert str(shown).count("**Retracted**") == 10
    assert sum(len(part.get("content", "")) for part in shown) <= 4_000


@pytest.mark.parametrize("off", [True, False])
async def test_a_match_that_is_not_shown(pages: Pages, engine: AsyncEngine, off: bool) -> None:
    """With ENRICH=off, and of a match that is to be asked for anew, cards and bibliographies have the retraction alone."""
    pages.answers = {RETRACTED: invented_page("On the sleep of wooden horses")}
    asked = NOW if off else NOW - MATCH_LIFETIME
    known = replace(found(notices=(RETRACTION,)), asked_at=asked, notices_asked_at=NOW, matcher=MATCHER_VERSION)
    await SqlEnrichments(engine).put(RETRACTED, known)
    lookup = Lookup(pages, Records(engine), SOURCES, now=lambda: NOW)
    enricher = None if off else Enricher(Silent(), now=lambda: NOW)
    built = build_services(lookup, engine, now=lambda: NOW, enricher=enricher)
    study = await built.cards.study(RETRACTED)
    await built.replies.add(Reply(1, None, RETRACTED, 5, 6, NOW))
    listed = await built.library.bibliography([5], days=1)
    assert listed.studies == (study,)
    assert study.enrichment == known.retraction_only()
    await lookup.close()
