"""One study by two addresses, in Discord: links, cards and lists."""

from collections.abc import AsyncIterator

import discord
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.records import Records
from bot.core.channel_settings import Size
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.services.lookup import Lookup
from bot.use_cases import Services, build_services
from tests.chat import NOW
from tests.cogs.conftest import Room
from tests.cogs.test_watch import VIEW, text
from tests.fakes import Pages
from tests.invented import REFERENCE
from tests.newt import BOTH, DOI, SITE, newt, newt_page

NEWT = f"{SITE}/5"
TITLE = "On newts that do not exist"


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine) -> AsyncIterator[Services]:
    """Services that know two sources; one study is at both, which the second record will tell."""
    found = Enrichment(
        outcome=MatchOutcome.MATCH, reason="", matcher=1, asked_at=NOW, notices_asked_at=NOW, doi=DOI, agree=("title",)
    )
    await SqlEnrichments(engine).put(REFERENCE, found)
    pages.answers[newt(5)] = newt_page(TITLE)
    lookup = Lookup(pages, Records(engine), BOTH, now=lambda: NOW)
    yield build_services(lookup, engine, now=lambda: NOW)
    await lookup.close()


@pytest.fixture(autouse=True)
async def _links_to_both(room: Room) -> None:
    await room.choose(links=frozenset({"erowid", "newt"}))


@pytest.mark.parametrize(("first", "second"), [(VIEW, NEWT), (NEWT, VIEW)])
async def test_the_second_address_gets_a_line(room: Room, first: str, second: str) -> None:
    """It leads to the card that the channel saw a moment ago."""
    for content in (first, second):
        await room.alice.send(room.channel, content)
    card, line = room.cards()
    assert f"/{card.id}" in line.content
    assert not card.content


async def test_both_addresses_in_one_message(room: Room) -> None:
    """One card, and no mark; it stays when its own link is taken out, and goes with the other one."""
    message = await room.alice.send(room.channel, f"{VIEW} or {NEWT}")
    (card,) = room.cards()
    assert room.marks(message) == []
    for content in (NEWT, f"{NEWT} {VIEW}", NEWT):
        await room.alice.edit(message, content)
        assert [one.id for one in room.cards()] == [card.id]
        assert text(room.cards()[0]) == text(card)
    await room.alice.edit(message, "never mind")
    assert room.cards() == []


async def test_a_card_names_the_other_reference(room: Room) -> None:
    """In its last line, in both sizes."""
    await room.alice.send(room.channel, NEWT)
    assert f"Newt study 5 · DOI {DOI} · Erowid reference {REFERENCE.id}" in last_line(room.cards()[0])
    await room.choose(size=Size.COMPACT, cooldown=0)
    await room.alice.send(room.channel, NEWT)
    assert f"Newt 5 · Erowid {REFERENCE.id}" in last_line(room.cards()[1])


def last_line(card: discord.Message) -> str:
    return text(card).splitlines()[-1]


async def test_lists_have_it_once(room: Room) -> None:
    """Search, recent cards and bibliography."""
    for content in (VIEW, NEWT, f"{SITE}/6"):
        room.pages.answers[newt(6)] = newt_page("On other newts that do not exist", None)
        await room.alice.send(room.channel, content)
    await room.alice.slash(room.channel, "study show", reference=NEWT)
    found = await room.alice.slash(room.channel, "study search", query="exist")
    recent = await room.alice.slash(room.channel, "study recent")
    for result in (found, recent):
        options = result.response.components[0]["components"][2]["components"][0]["options"]
        assert len(options) == 2
    bibliography = await room.alice.slash(room.channel, "study bibliography")
    assert bibliography.response.embeds[0].footer.text.startswith("2 studies · ")
