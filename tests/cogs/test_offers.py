"""Offers of a card: a small reaction where people want to be asked first."""

from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import Unreachable
from bot.core.reply import Mark
from tests.cogs.conftest import Room
from tests.cogs.test_watch import VIEW


async def test_asking_first_in_a_category(room: Room) -> None:
    """A click is answered by the choices of the place: its category's, and a thread's channel's."""
    category = room.guild.create_category("reading")
    await room.services.settings.set(room.guild.id, Target(Scope.CATEGORY, category.id), {"mode": Mode.ASK}, by=1)
    await room.choose(mode=Mode.OFF)
    channel = room.guild.create_text_channel("later", category=category)
    message = await room.alice.send(channel, VIEW)
    await room.alice.react(message, Mark.OFFER)
    assert len(room.cards(channel)) == 1


async def test_asking_first(room: Room) -> None:
    """The bot offers by a reaction, and answers when anybody clicks it; then the offer goes."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    assert room.marks(message) == [Mark.OFFER]
    other = room.guild.add_member(room.env.create_user("other"))
    await other.react(message, Mark.OFFER)
    assert len(room.cards()) == 1
    await room.alice.react(message, Mark.OFFER)
    assert len(room.cards()) == 1


async def test_a_reaction_without_an_offer_is_none_of_ours(room: Room) -> None:
    """Somebody's own reaction asks nothing of the bot."""
    await room.choose(mode=Mode.OFF)
    message = await room.alice.send(room.channel, VIEW)
    await room.choose(mode=Mode.AUTO)
    await room.alice.react(message, Mark.OFFER)
    assert room.cards() == []


async def test_an_offer_that_cannot_be_met(room: Room) -> None:
    """The small mark says so."""
    await room.choose(mode=Mode.ASK)
    room.pages.answer = Unreachable("down")
    message = await room.alice.send(room.channel, VIEW)
    await room.alice.react(message, Mark.OFFER)
    assert Mark.UNREADABLE in room.marks(message)


async def test_a_bot_takes_no_offer(room: Room) -> None:
    """An offer is for people."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    await room.guild.add_member(room.env.create_user("other bot", bot=True)).react(message, Mark.OFFER)
    assert room.cards() == []


async def test_two_take_an_offer_at_once(room: Room) -> None:
    """One card."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    people = [room.guild.add_member(room.env.create_user(f"reader {number}")) for number in range(3)]
    room.pages.gate.clear()
    for person in people:
        room.env.backend.add_reaction(room.channel.id, message.id, Mark.OFFER, person.id)
    await room.pages.until_asked()
    room.pages.gate.set()
    await room.env.settle()
    assert len(room.cards()) == 1
    assert room.env.bot.user.id not in room.env.backend.messages[room.channel.id][message.id].reactions[0].user_ids


async def test_an_old_offer_and_a_restart(room: Room) -> None:
    """An offer outlives the process that made it."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    await room.restart()
    await room.alice.react(message, Mark.OFFER)
    assert len(room.cards()) == 1
