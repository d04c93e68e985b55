import asyncio
import re
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import ui
from discord.components import _component_factory

from bot.core.channel_settings import Mode
from bot.core.errors import RecordNotFound, Unreachable
from cogs.study.context_menu import linked
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import invented_page
from tests.references import SOURCES, erowid, number_of

NAME = "Summarise studies"


def shown(result: Any) -> list[Any]:
    """All that was answered, in order."""
    return [result.response, *result.followups]


async def test_each_link_gets_a_private_card(room: Room) -> None:
    """In the order of the links, in a channel that is off too, and links in angle brackets count: somebody asked."""
    await room.choose(mode=Mode.OFF)
    room.pages.answers[erowid(1)] = invented_page("A second study")
    message = await room.alice.send(room.channel, f"{VIEW} and <{LINK.format(1)}>")
    result = await room.alice.context_menu(room.channel, NAME, message)
    first, second = shown(result)
    assert first.ephemeral
    assert second.ephemeral
    assert "On a drug that does not exist" in str(first.components)
    assert "A second study" in str(second.components)
    assert "Delete" not in str(first.components)
    assert room.cards() == []
    assert await room.services.privacy.stored(room.alice.id) == 0


async def test_a_message_without_a_link(room: Room) -> None:
    """One sentence."""
    message = await room.alice.send(room.channel, "hello `https://erowid.org/references/5`")
    result = await room.alice.context_menu(room.channel, NAME, message)
    assert result.ephemeral
    assert result.response.content == "This message has no link to a study."


async def test_links_without_a_card_get_a_sentence_each(room: Room) -> None:
    """Beside the cards of the others."""
    room.pages.answers[erowid(1)] = RecordNotFound(erowid(1))
    room.pages.answers[erowid(2)] = Unreachable("down")
    message = await room.alice.send(room.channel, f"{LINK.format(1)} {LINK.format(2)} {VIEW}")
    result = await room.alice.context_menu(room.channel, NAME, message)
    card, said = shown(result)
    assert "On a drug" in str(card.components)
    assert said.ephemeral
    assert said.content == (
        "Erowid reference 1 was not found. Is the number right?\n"
        "Erowid reference 2: Erowid does not answer just now. Please try again in a few minutes."
    )


async def test_more_links_than_cards(room: Room) -> None:
    """Five in short in each of two messages, whose menus show one in full; a sentence says that there are more."""
    await room.choose(mode=Mode.OFF)
    for number in range(1, 13):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}.")
    message = await room.alice.send(room.channel, " ".join(LINK.format(number) for number in range(1, 13)))
    result = await room.alice.context_menu(room.channel, NAME, message)
    first, second, said = shown(result)
    assert (first.ephemeral, second.ephemeral) == (True, True)
    assert re.findall(r"Study number (\d+)\.?\]", str(first.components)) == ["1", "2", "3", "4", "5"]
    assert re.findall(r"Study number (\d+)\.?\]", str(second.components)) == ["6", "7", "8", "9", "10"]
    assert "Delete" not in str(first.components)
    assert said.content == "These are the first 10 of 12 studies."
    assert erowid(11) not in room.pages.asked
    picked = await room.alice.select(second.message, ["7"])
    assert "Study number 7" in str(picked.response.components)


async def test_a_slow_site(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Thinking" shows to who asked alone, then the cards."""
    await room.choose(mode=Mode.OFF)
    message = await room.alice.send(room.channel, f"||{VIEW}|| {LINK.format(1)}")
    room.env.bot.slow = 0
    monkeypatch.setattr(room.pages.gate, "wait", lambda: asyncio.sleep(0.1))
    result = await room.alice.context_menu(room.channel, NAME, message)
    first, second = shown(result)
    assert first.ephemeral
    assert first.components[0]["spoiler"]
    assert not second.components[0]["spoiler"]


async def test_what_was_not_foreseen(room: Room) -> None:
    """It gets a ticket, like everywhere."""
    await room.choose(mode=Mode.OFF)
    message = await room.alice.send(room.channel, VIEW)
    room.pages.answer = ZeroDivisionError("secret")
    result = await room.alice.context_menu(room.channel, NAME, message)
    assert "The log has it as" in result.response.content
    assert len(room.env.errors) == 1


async def test_in_a_server_without_the_bot(room: Room, asked: dict[str, Any]) -> None:
    """Somebody brought the app along: the bot knows neither the server nor its channel."""
    await room.choose(mode=Mode.OFF)
    message = await room.alice.send(room.channel, VIEW)
    channel = {"id": str(room.channel.id), "type": 0, "guild_id": "77", "name": "there", "position": 0, "permissions": "0"}
    asked |= {
        "guild_id": "77",
        "guild": {"id": "77", "locale": "en-US", "features": []},
        "channel": channel,
        "context": 0,
        "authorizing_integration_owners": {"1": str(room.alice.id)},
    }
    result = await room.alice.context_menu(room.channel, NAME, message)
    assert "On a drug" in str(result.response.components)
    for command in ("study show", "study search", "study recent", "study bibliography", "help", "about", "privacy"):
        options = {"study show": {"reference": "5"}, "study search": {"query": "drug"}}.get(command, {})
        answered = await room.alice.slash(room.channel, command, **options)
        assert answered.acknowledged, command
    (pair,) = await room.services.replies.recent(room.channel.id, most=5)
    assert pair.guild_id == 77


async def test_where_commands_are_offered(room: Room) -> None:
    """Each of them for servers and for people's accounts, in servers, with the bot and between people."""
    commands = {command.name: command.to_dict(room.env.bot.tree) for command in room.env.bot.tree.get_commands()}
    menus = [menu.to_dict(room.env.bot.tree) for menu in room.env.bot.tree.get_commands(type=None) if menu.name == NAME]
    for command in [*menus, *(commands[name] for name in ("study", "help", "about", "privacy"))]:
        assert command["integration_types"] == [0, 1], command["name"]
        assert command["contexts"] == [0, 1, 2], command["name"]
    assert menus


async def test_a_forward(room: Room) -> None:
    """Its links count, as do those of embeds in it."""
    message = await room.alice.send(room.channel, f"look: {VIEW}")
    forward = await room.alice.forward(message, room.channel)
    result = await room.alice.context_menu(room.channel, NAME, forward)
    assert "On a drug that does not exist" in str(result.response.components)


def test_every_part_of_a_message() -> None:
    """Embeds, Components V2 and forwards hold links too; one that stands behind spoilers only stays hidden."""
    link = LINK.format
    container = ui.Container(ui.TextDisplay(f"see {link(1)}"), ui.TextDisplay(f"and <{link(9)}>"), spoiler=True)
    view = ui.LayoutView().add_item(container)
    view.add_item(ui.Section(f"read {link(2)}", accessory=ui.Button(label="Open", url=link(3))))
    embed = discord.Embed(title="Studies", url=link(4), description=f"[this]({link(5)}) ||{link(6)}||")
    embed.add_field(name="more", value=link(7))
    parsed = [_component_factory(one) for one in view.to_components()]
    forwarded = SimpleNamespace(content=None, embeds=[discord.Embed(description=f"{link(8)} {link(6)}")], components=[])
    message = SimpleNamespace(
        content="||" + link(10) + "||", embeds=[embed], components=parsed, message_snapshots=[forwarded]
    )
    found = {number_of(one.reference): one.spoiler for one in linked(message, SOURCES)}
    assert found == {10: True, 4: False, 5: False, 6: False, 7: False, 1: True, 9: True, 2: False, 3: False, 8: False}
