"""Cards and the bibliographic services: first the card, as fast as without them; then one edit at most. All is invented."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import discord
import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.records import Records
from bot.core.channel_settings import Layout
from bot.services.lookup import Lookup
from bot.settings import Settings
from bot.sites import open_bibliographic_services
from bot.use_cases import Services, build_services
from cogs.discord_kit.colours import RED
from tests.bibliography import FAULTS, NOTICE_DOI, Bibliography, Work, open_bibliography
from tests.cogs.conftest import NOW, Room
from tests.cogs.test_watch import VIEW
from tests.fakes import Pages
from tests.invented import REFERENCE
from tests.references import SOURCES

WORK = Work(title="On a drug that does not exist", doi="10.5555/drug.1", journal="Journal of Imaginary Pharmacology")
RETRACTED = replace(WORK, retracted_by=NOTICE_DOI)
DAYS = timedelta(days=20)
DOI = "doi.org/10.5555/drug.1"


@pytest.fixture
async def works() -> AsyncIterator[Bibliography]:
    """The services on loopback; they know the work that is pasted."""
    async with open_bibliography() as services:
        services.add(WORK)
        yield services


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine, works: Bibliography) -> AsyncIterator[Services]:
    """The real services, which may ask the bibliographic ones at any pace."""
    given = {name.lower(): value for name, value in works.environment(CONTACT="test@localhost").items()}
    settings = Settings(_env_file=None, **given)
    lookup = Lookup(pages, Records(engine), SOURCES, now=lambda: NOW)
    async with open_bibliographic_services(settings, pace=lambda _: 0.0) as bibliographic:
        built = build_services(lookup, engine, now=lambda: NOW, enricher=bibliographic.enricher())
        yield built
        await built.inquiries.close()
        await lookup.close()


async def updated() -> None:
    """Wait until all that comes after the cards is done."""
    while after := [task for task in asyncio.all_tasks() if task.get_name().startswith(("inquire", "update a card"))]:
        await asyncio.wait(after)


def edits(room: Room) -> list[Any]:
    """The edits that Discord was asked for, whatever their way."""
    return [one for one in room.env.http_requests if one.method == "PATCH" and "/messages/" in one.path]


def colour(message: discord.Message) -> discord.Colour:
    return message.components[0].accent_colour


def shown(message: discord.Message) -> str:
    return str([component.to_dict() for component in message.components])


async def test_first_the_card_then_one_edit(room: Room, works: Bibliography, monkeypatch: pytest.MonkeyPatch) -> None:
    """No service is asked before the card is out; what they know comes with one edit; a later card has it at once."""
    works.works = {"europepmc": [RETRACTED], "crossref": [RETRACTED]}
    asked_before: list[int] = []
    send = discord.Message.reply, discord.PartialMessage.reply

    async def reply(self: Any, *args: Any, **options: Any) -> Any:
        sent = await send[1](self, *args, **options)
        asked_before.append(len(works.asked))
        return sent

    monkeypatch.setattr(discord.PartialMessage, "reply", reply)
    await room.alice.send(room.channel, VIEW)
    (card,) = room.cards()
    assert asked_before == [0]
    await updated()
    (card,) = room.cards()
    assert (colour(card), len(edits(room))) == (RED, 1)
    assert DOI in shown(card)
    assert len(works.asked) <= 3
    works.asked.clear()
    other = room.guild.create_text_channel("other")
    await room.alice.send(other, VIEW)
    await updated()
    (card,) = room.cards(other)
    assert colour(card) == RED
    assert DOI in shown(card)
    assert (len(works.asked), len(edits(room))) == (0, 1)


async def test_nothing_known_changes_nothing(room: Room, works: Bibliography) -> None:
    """Where no work fits, the card stays, and nobody is asked again."""
    works.works = {"europepmc": [], "crossref": []}
    await room.alice.send(room.channel, VIEW)
    await updated()
    assert edits(room) == []
    asked = len(works.asked)
    assert 0 < asked <= 3
    await room.alice.send(room.guild.create_text_channel("other"), VIEW)
    await updated()
    assert len(works.asked) == asked


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_leaves_the_card(room: Room, works: Bibliography, fault: str) -> None:
    """Whatever the services answer, the card stands, nobody sees an error, and the next card's study is asked for anew."""
    works.faults = {name: [FAULTS[fault]] * 9 for name in works.faults}
    message = await room.alice.send(room.channel, VIEW)
    await updated()
    (card,) = room.cards()
    assert (edits(room), room.marks(message), room.env.errors) == ([], [], [])
    assert DOI not in shown(card)
    assert await SqlEnrichments(room.engine).get(REFERENCE) is None


async def test_a_database_that_is_down(room: Room, works: Bibliography) -> None:
    """What cannot be kept or looked up leaves the card as it was."""
    async with room.engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE enrichments RENAME TO gone"))
    await room.alice.send(room.channel, VIEW)
    await updated()
    assert (len(room.cards()), edits(room), room.env.errors, works.asked) == (1, [], [], [])
    async with room.engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE gone RENAME TO enrichments"))
    await room.alice.send(room.guild.create_text_channel("other"), VIEW)
    await updated()
    assert len(edits(room)) == 1


async def test_answers_to_commands(room: Room, works: Bibliography) -> None:
    """Public or private, by command or menu: the answer is edited through its interaction, once."""
    works.works = {"europepmc": [RETRACTED], "crossref": [RETRACTED]}
    for private in (False, True):
        result = await room.alice.slash(room.channel, "study show", reference=str(1 + private), private=private)
        assert result.ephemeral == private
        await updated()
    message = await room.alice.send(room.channel, f"<{VIEW}>")
    await room.alice.context_menu(room.channel, "Summarise studies", message)
    await updated()
    assert [one.path.split("/")[1] for one in edits(room)] == ["webhooks"] * 3
    for one in edits(room):
        assert one.json["components"][0]["accent_color"] == RED.value
        assert DOI in str(one.json)
    assert room.env.errors == []


async def test_an_answer_that_is_gone(room: Room, works: Bibliography, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that was deleted meanwhile is no error."""
    gone = discord.NotFound(SimpleNamespace(status=404, reason="Not Found"), {"code": 10008})
    monkeypatch.setattr(discord.Webhook, "edit_message", AsyncMock(side_effect=gone))
    await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    await updated()
    assert (edits(room), room.env.errors) == ([], [])


async def test_the_other_layout(room: Room, works: Bibliography) -> None:
    """An embed is edited as an embed."""
    works.works = {"europepmc": [RETRACTED], "crossref": [RETRACTED]}
    await room.choose(layout=Layout.EMBED)
    await room.alice.send(room.channel, VIEW)
    await updated()
    (card,) = room.cards()
    assert card.embeds[0].colour == RED
    assert len(edits(room)) == 1


async def test_a_pointer_that_becomes_the_card(room: Room, works: Bibliography) -> None:
    """It is a card like any other: what is not known is asked for, and comes with an edit."""
    works.faults = {name: [FAULTS["500"]] * 9 for name in works.faults}
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, f"again: {VIEW}")
    await updated()
    works.faults = {name: [] for name in works.faults}
    await room.alice.click(room.cards()[0], label="Delete")
    await updated()
    (card,) = room.cards()
    assert DOI in shown(card)
    assert len(edits(room)) == 2  # the pointer's, and the services'


async def test_a_place_without_services(room: Room, works: Bibliography) -> None:
    """Nothing is asked for its messages and commands, and its cards show nothing of services but a known retraction."""
    works.works = {"europepmc": [RETRACTED], "crossref": [RETRACTED]}
    await room.choose(enrich=False)
    await room.alice.send(room.channel, VIEW)
    await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, private=True)
    await updated()
    assert (works.asked, edits(room)) == ([], [])
    await room.choose(enrich=None, cooldown=0)
    await room.alice.send(room.channel, VIEW)
    await updated()
    asked = len(works.asked)
    await room.choose(enrich=False)
    await room.alice.send(room.channel, VIEW)
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, private=True)
    await updated()
    assert len(works.asked) == asked
    for text in (shown(room.cards()[-1]), str(result.response.components)):
        assert f"'accent_color': {RED.value}" in text
        assert "10.5555/drug.1" not in text


async def test_what_is_asked_for_in_a_place_without_services(room: Room, works: Bibliography) -> None:
    """Citations, their files and the bibliography have no DOI there, and say of a retraction all the same."""
    works.works = {"europepmc": [RETRACTED], "crossref": [RETRACTED]}
    await room.alice.send(room.channel, VIEW)
    await updated()
    for enrich in (True, False):
        await room.choose(enrich=enrich)
        cited = (await room.alice.click(room.cards()[0], label="Cite")).response
        listed = (await room.alice.slash(room.channel, "study bibliography")).response
        for one in (cited, listed):
            said = str([one.content, one.components, *(embed.to_dict() for embed in one.embeds)])
            assert ("10.5555/drug.1" in said) is enrich
            assert "Retracted" in said


async def test_a_place_without_free_text(room: Room, works: Bibliography) -> None:
    """Its cards link none, and what adds nothing else edits no card."""
    free = replace(WORK, pmcid="PMC7")
    works.works = {"europepmc": [free], "crossref": [free]}
    await room.choose(free_text=False, cooldown=0)
    await room.alice.send(room.channel, VIEW)
    await updated()
    assert len(edits(room)) == 1
    kept = await SqlEnrichments(room.engine).get(REFERENCE)
    assert kept.free_text_url is not None
    await SqlEnrichments(room.engine).put(REFERENCE, replace(kept, free_text_url=None, notices_asked_at=NOW - DAYS))
    await room.alice.send(room.channel, VIEW)
    await updated()
    assert len(edits(room)) == 1
    assert all(free.pmcid not in shown(card) for card in room.cards())
