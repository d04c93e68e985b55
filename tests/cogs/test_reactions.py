"""The bot's own reactions tell the truth."""

import discord
import pytest

from bot.core.channel_settings import Mode
from bot.core.errors import Unreachable
from bot.core.reply import Mark
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW
from tests.references import erowid


@pytest.fixture(autouse=True)
def down(room: Room) -> None:
    """Record 1 cannot be had."""
    room.pages.answers[erowid(1)] = Unreachable("down")


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(("text", "cards"), [(VIEW, 1), ("never mind", 0)])
async def test_the_mark_goes_with_its_reason(room: Room, text: str, cards: int, *, restarts: bool) -> None:
    """An edit to a link that can be had, or to none, takes the mark away, after a restart too."""
    message = await room.alice.send(room.channel, LINK.format(1))
    assert room.marks(message) == [Mark.UNREADABLE]
    if restarts:
        await room.restart()
    await room.alice.edit(message, text)
    assert room.marks(message) == []
    assert len(room.cards()) == cards


async def test_the_mark_stays_with_its_reason(room: Room) -> None:
    """A link added beside one that still cannot be had gets its card, and the mark stays."""
    message = await room.alice.send(room.channel, LINK.format(1))
    await room.alice.edit(message, f"{LINK.format(1)} {VIEW}")
    assert room.marks(message) == [Mark.UNREADABLE]
    assert len(room.cards()) == 1


async def test_somebody_else_s_mark_is_left_alone(room: Room) -> None:
    """What others put there is theirs, and says nothing of the bot."""
    message = await room.alice.send(room.channel, "hello")
    await room.alice.react(message, Mark.UNREADABLE)
    await room.restart()
    await room.alice.edit(message, VIEW)
    assert room.marks(message) == [Mark.UNREADABLE]
    assert room.cards() == []


@pytest.mark.parametrize("restarts", [False, True])
async def test_an_offer_goes_with_its_links(room: Room, *, restarts: bool) -> None:
    """There is nothing left to offer; and it comes back with a link."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    if restarts:
        await room.restart()
    await room.alice.edit(message, "never mind")
    assert room.marks(message) == []
    await room.alice.edit(message, VIEW)
    assert room.marks(message) == [Mark.OFFER]


@pytest.mark.parametrize(("mode", "cards"), [(Mode.OFF, 0), (Mode.AUTO, 1)])
async def test_an_offer_of_before_the_moderators_chose_otherwise(room: Room, mode: Mode, cards: int) -> None:
    """Who takes it gets what holds now, and the bot's reaction goes in any case."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    await room.choose(mode=mode)
    await room.alice.react(message, Mark.OFFER)
    assert len(room.cards()) == cards
    (found,) = [one for one in room.channel.history() if one.id == message.id]
    assert [reaction.count for reaction in found.reactions] == [1]  # who clicked


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.AUTO])
async def test_an_offer_when_its_message_is_edited_after_the_choice(room: Room, mode: Mode) -> None:
    """An edit finds what holds by now."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    await room.choose(mode=mode)
    await room.alice.edit(message, LINK.format(2))
    assert room.marks(message) == []
    assert len(room.cards()) == (mode is Mode.AUTO)


async def test_an_offer_whose_poster_left(room: Room) -> None:
    """Others may still take it."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    other = room.guild.add_member(room.env.create_user("other"))
    room.guild.remove_member(room.alice)
    await other.react(message, Mark.OFFER)
    assert len(room.cards()) == 1


async def test_an_offer_whose_poster_wants_no_cards_by_now(room: Room) -> None:
    """It goes, and nothing comes."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    await room.services.privacy.opt_out(room.alice.id)
    await room.alice.react(message, Mark.OFFER)
    assert room.cards() == []
    (found,) = [one for one in room.channel.history() if one.id == message.id]
    assert [reaction.count for reaction in found.reactions] == [1]


async def test_a_card_that_was_deleted_stays_so_when_links_are_added(room: Room) -> None:
    """Only what came by the edit is answered."""
    message: discord.Message = await room.alice.send(room.channel, VIEW)
    await room.alice.click(room.cards()[0], label="Delete")
    await room.alice.edit(message, f"{VIEW} {LINK.format(2)}")
    (card,) = room.cards()
    assert [pair.reference for pair in await room.services.replies.of_message(message.id)] == [erowid(2)]
    assert room.marks(message) == []
    assert card.reference.message_id == message.id
