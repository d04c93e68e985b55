"""Within the cool-down a channel has one card of a record, and what points to it points to what is there."""

import asyncio
import re

import discord
import pytest

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import Unreachable
from bot.core.reference import Reference
from bot.core.reply import Mark
from bot.services.lookup import Found, Lookup
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW, text
from tests.invented import REFERENCE, invented_page
from tests.references import erowid

HERE = ": shown <t:"
UNNAMED = "Shown here already"


@pytest.fixture
async def pasted(room: Room) -> list[discord.Message]:
    """A record pasted by three, so that two lines point to its card."""
    for number in range(1, 7):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")
    messages = [await room.alice.send(room.channel, f"{number}: {VIEW}") for number in range(3)]
    assert shown(room) == ["On a drug", HERE, HERE]
    return messages


def shown(room: Room) -> list[str]:
    """What the bot's messages in the channel are, in their order."""
    return [
        next((line for line in (HERE, UNNAMED) if line in card.content), "") or text(card).removeprefix("### [")[:9]
        for card in room.cards()
    ]


def targets(room: Room) -> set[int]:
    """The messages that lines point to."""
    return {int(re.findall("/([0-9]+)", card.content)[-1]) for card in room.cards() if card.content}


async def deleted_by_button(room: Room, message: discord.Message) -> None:
    await room.alice.click(room.cards()[0], label="Delete")


async def deleted_by_a_moderator(room: Room, message: discord.Message) -> None:
    room.env.backend.delete_message(room.channel.id, room.cards()[0].id)
    await room.env.settle()


async def deleted_with_its_message(room: Room, message: discord.Message) -> None:
    await room.alice.delete(message)


async def edited_away(room: Room, message: discord.Message) -> None:
    await room.alice.edit(message, "never mind")


WAYS = [deleted_by_button, deleted_by_a_moderator, deleted_with_its_message, edited_away]


@pytest.mark.parametrize("way", WAYS)
async def test_the_first_line_becomes_the_card(room: Room, pasted: list[discord.Message], way) -> None:
    """However a card goes: who pasted next gets it, in place, without a new message, and the others point there."""
    _, heir, _ = room.cards()
    await way(room, pasted[0])
    assert shown(room) == ["On a drug", HERE]
    assert room.cards()[0].id == heir.id
    assert targets(room) == {heir.id}
    first, second = [
        *await room.services.replies.of_message(pasted[1].id),
        *await room.services.replies.of_message(pasted[2].id),
    ]
    assert (first.target_id, second.target_id) == (None, heir.id)
    result = await room.alice.click(room.cards()[0], label="Abstract")
    assert result.ephemeral


async def test_a_card_that_shows_something_else_by_now(room: Room, pasted: list[discord.Message]) -> None:
    """An edit redraws the card; the lines that pointed to it do so no longer."""
    _, heir, _ = room.cards()
    await room.alice.edit(pasted[0], LINK.format(2))
    assert shown(room) == ["Study num", "On a drug", HERE]
    assert targets(room) == {heir.id}


async def test_a_line_becomes_an_embed_where_moderators_want_those(room: Room, pasted: list[discord.Message]) -> None:
    """The layout of now."""
    await room.choose(layout=Layout.EMBED)
    await room.alice.delete(pasted[0])
    card, line = room.cards()
    assert card.embeds[0].title == "On a drug that does not exist"
    assert not card.content
    assert not card.flags.suppress_embeds
    assert HERE in line.content


async def test_lines_go_where_no_cards_are_wanted_by_now(room: Room, pasted: list[discord.Message]) -> None:
    """Nothing is left that points to nothing."""
    await room.choose(mode=Mode.OFF)
    await room.alice.delete(pasted[0])
    assert room.cards() == []
    assert await room.services.replies.recent(room.channel.id, most=5) == ()


async def test_lines_go_where_no_card_can_be_made(
    room: Room, pasted: list[discord.Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that cannot become a card does not stay."""

    async def fail(*_: object, **__: object) -> None:
        raise Unreachable("down")

    monkeypatch.setattr(room.services.cards, "card", fail)
    await room.alice.delete(pasted[0])
    assert room.cards() == []


async def test_a_purge_takes_all(room: Room, pasted: list[discord.Message]) -> None:
    """Messages deleted at once leave neither cards nor lines."""
    room.env.backend.bulk_delete_messages(room.channel.id, [message.id for message in pasted])
    await room.env.settle()
    assert room.cards() == []
    assert await room.services.replies.about([message.id for message in pasted]) == ()


async def test_a_card_deleted_while_the_bot_was_away(room: Room, pasted: list[discord.Message]) -> None:
    """Before it points anywhere it looks; the record's new card is what the old lines point to."""
    gone, *_ = room.cards()
    del room.env.backend.messages[room.channel.id][gone.id]  # no event: the bot was not there
    await room.alice.send(room.channel, VIEW)
    assert shown(room) == [HERE, HERE, "On a drug"]
    assert targets(room) == {room.cards()[2].id}


async def test_an_edit_keeps_to_the_cool_down(room: Room, pasted: list[discord.Message]) -> None:
    """Edited to a record that the channel has a card of, a message gets a line, and its own card goes."""
    other = await room.alice.send(room.channel, LINK.format(2))
    assert shown(room) == ["On a drug", HERE, HERE, "Study num"]
    await room.alice.edit(other, VIEW)
    assert shown(room) == ["On a drug", HERE, HERE, HERE]
    await room.alice.edit(other, LINK.format(3))
    assert shown(room) == ["On a drug", HERE, HERE, "Study num"]


async def test_two_pastes_of_a_record_under_way(room: Room) -> None:
    """The second waits for the first's card, and points to it; the site is asked once."""
    room.pages.gate.clear()
    backend = room.env.backend
    for number in range(3):
        backend.create_message(room.channel.id, room.alice.id, f"{number}: {VIEW}")
    await room.pages.until_asked()
    room.pages.gate.set()
    await room.env.settle()
    assert shown(room) == ["On a drug", HERE, HERE]
    assert targets(room) == {room.cards()[0].id}
    assert room.pages.asked[REFERENCE] == 1


async def test_two_pastes_of_a_record_that_cannot_be_had(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """They fail together: the second does not begin again."""
    asked, find, all_asked = [], Lookup.find, asyncio.Event()

    async def counted(lookup: Lookup, reference: Reference) -> Found:
        asked.append(reference)
        if len(asked) == 3:
            all_asked.set()
        return await find(lookup, reference)

    monkeypatch.setattr(Lookup, "find", counted)
    room.pages.gate.clear()
    room.pages.answer = Unreachable("down")
    backend = room.env.backend
    sent = [backend.create_message(room.channel.id, room.alice.id, f"{number}: {VIEW}") for number in range(3)]
    await all_asked.wait()
    room.pages.gate.set()
    await room.env.settle()
    assert room.pages.asked[REFERENCE] == 1
    assert [room.marks(message) for message in sent] == [[Mark.UNREADABLE]] * 3


async def test_links_crosswise(room: Room) -> None:
    """Two messages with the same links in opposite order wait for each other's cards, and never for ever."""
    room.pages.gate.clear()
    for links in ("{1} {2}", "{2} {1}"):
        content = links.replace("{1}", LINK.format(1)).replace("{2}", LINK.format(2))
        room.env.backend.create_message(room.channel.id, room.alice.id, content)
    await room.pages.until_asked(count=2)
    room.pages.gate.set()
    await room.env.settle()
    assert sorted(shown(room)) == sorted(["On a drug"] * 2 + [HERE] * 2)


async def test_a_spoiler_set_on_a_line(room: Room, pasted: list[discord.Message]) -> None:
    """The line no longer names the study; the card that it becomes is hidden."""
    await room.alice.edit(pasted[1], f"||{VIEW}||")
    assert shown(room) == ["On a drug", UNNAMED, HERE]
    await room.alice.delete(pasted[0])
    assert room.cards()[0].components[0].spoiler


async def test_a_line_names_its_study(room: Room) -> None:
    """The title is cut to a phone's line and escaped; it is the link, and Discord says how long ago that was."""
    room.pages.answers[erowid(1)] = invented_page("A trial of *imaginary* sleep in people who never sleep")
    for number in range(2):
        await room.alice.send(room.channel, f"{number}: {LINK.format(1)}")
    card, line = room.cards()
    address = f"https://discord.com/channels/{room.guild.id}/{room.channel.id}/{card.id}"
    (stored,) = await room.services.replies.of_message(card.reference.message_id)
    when = int(stored.made_at.timestamp())
    assert line.content == rf"-# [A trial of \*imaginary\*…]({address}): shown <t:{when}:R>"


@pytest.mark.parametrize(("first", "second"), [("||{}||", "{}"), ("{}", "||{}||"), ("||{}||", "||{}||")])
async def test_a_line_keeps_a_spoiler(room: Room, first: str, second: str) -> None:
    """Where the card or the link is hidden, the line names nothing."""
    await room.alice.send(room.channel, first.format(VIEW))
    await room.alice.send(room.channel, second.format(VIEW))
    assert room.cards()[1].content.startswith(f"-# {UNNAMED}")
    assert "drug" not in room.cards()[1].content


async def test_a_spoiler_set_on_a_card(room: Room, pasted: list[discord.Message]) -> None:
    """What points to the card follows: it names the study only while the card shows it."""
    await room.alice.edit(pasted[2], f"||{VIEW}||")
    await room.alice.edit(pasted[0], f"||{VIEW}||")
    assert shown(room)[1:] == [UNNAMED, UNNAMED]
    await room.alice.edit(pasted[0], VIEW)
    assert shown(room)[1:] == [HERE, UNNAMED]
    assert len(targets(room)) == 1


async def test_a_line_whose_study_cannot_be_had(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the sentence without a title."""
    await room.alice.send(room.channel, VIEW)

    async def fail(*_: object, **__: object) -> None:
        raise Unreachable("down")

    monkeypatch.setattr(room.services.cards, "card", fail)
    await room.alice.send(room.channel, f"again: {VIEW}")
    assert shown(room) == ["On a drug", UNNAMED]


async def test_a_card_that_shows_another_record_counts_as_that_one(room: Room) -> None:
    """Who pastes what an edited message's card shows by now gets the line that points to it."""
    for number in (1, 2):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")
    message = await room.alice.send(room.channel, LINK.format(1))
    await room.alice.edit(message, LINK.format(2))
    await room.alice.send(room.channel, LINK.format(2))
    assert [HERE in card.content for card in room.cards()] == [False, True]
    assert targets(room) == {room.cards()[0].id}
