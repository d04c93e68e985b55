import asyncio

import discord
import pytest

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import RecordNotFound, Unreachable
from bot.core.reply import Mark
from tests.cogs.conftest import Room
from tests.invented import REFERENCE, invented_page
from tests.references import erowid

LINK = "https://www.erowid.org/references/refs_view.php?ID={}"
VIEW = LINK.format(REFERENCE.id)


def text(message: discord.Message) -> str:
    """All text of a card."""
    (container,) = message.components
    return "\n".join(part.content for part in container.children if isinstance(part, discord.TextDisplay))


async def test_a_pasted_link_gets_a_card(room: Room) -> None:
    """The card replies in place, without a ping and without a notification."""
    message = await room.alice.send(room.channel, f"look: {VIEW}")
    (card,) = room.cards()
    assert "On a drug that does not exist" in text(card)
    assert "> We conclude that it works." in text(card)
    assert card.reference.message_id == message.id
    assert card.flags.suppress_notifications
    assert card.mentions == []
    (sent,) = [request.json for request in room.env.http_requests if request.path.endswith("/messages")]
    assert sent["allowed_mentions"] == {"parse": [], "replied_user": False}


@pytest.mark.parametrize(
    "content", ["hello", "https://erowid.org/", f"<{VIEW}>", f"`{VIEW}`", "https://evil.example/references/5"]
)
async def test_other_messages_get_nothing(room: Room, content: str) -> None:
    """Neither a card, nor a reaction, nor a fetch."""
    message = await room.alice.send(room.channel, content)
    assert room.cards() == []
    assert room.marks(message) == []
    assert not room.pages.asked


async def test_several_links_are_answered_in_order(room: Room) -> None:
    """At most five studies answer one message, in the order of its links, a repeated link once; see test_digests.py."""
    numbers = [3, 1, 2, 1, 6, 5, 4]
    for number in numbers:
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")
    await room.alice.send(room.channel, " ".join(LINK.format(number) for number in numbers))
    (digest,) = room.cards()
    shown = [part.children[0].content for part in digest.components if isinstance(part, discord.Container)]
    assert [one.split("Study number ")[1][0] for one in shown] == ["3", "1", "2", "6", "5"]
    assert erowid(4) not in room.pages.asked


async def test_a_failed_link_gets_a_reaction_and_stops_no_other(room: Room) -> None:
    """The channel stays quiet: one small mark, and the cards that could be made."""
    room.pages.answers[erowid(1)] = Unreachable("down")
    room.pages.answers[erowid(2)] = RecordNotFound(erowid(2))
    message = await room.alice.send(room.channel, f"{LINK.format(1)} {LINK.format(2)} {VIEW}")
    assert len(room.cards()) == 1
    assert room.marks(message) == [Mark.UNREADABLE]


async def test_a_page_that_is_no_record_gets_a_reaction(room: Room) -> None:
    """Half a record is none."""
    room.pages.answer = b"<html><body>A new design!</body></html>"
    message = await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    assert room.marks(message) == [Mark.UNREADABLE]


async def test_a_spoilered_link_gets_a_spoilered_card(room: Room) -> None:
    """What the poster hid stays hidden."""
    await room.alice.send(room.channel, f"||{VIEW}||")
    (card,) = room.cards()
    assert card.components[0].spoiler


async def test_bots_and_webhooks_get_nothing(room: Room) -> None:
    """The bot answers people."""
    other = room.guild.add_member(room.env.create_user("other bot", bot=True))
    await other.send(room.channel, VIEW)
    await room.guild.create_webhook(room.channel).send(VIEW)
    assert room.cards() == []
    assert not room.pages.asked


async def test_many_pastes_of_one_record_make_one_fetch(room: Room) -> None:
    """Everybody gets the card, the site is asked once."""
    people = [room.guild.add_member(room.env.create_user(f"reader {number}")) for number in range(8)]
    for person in people:
        await person.send(room.channel, VIEW)
    assert len(room.cards()) == len(people)
    assert room.pages.asked[REFERENCE] == 1


async def test_direct_messages(room: Room) -> None:
    """A link in a direct message gets its card there."""
    user = room.env.create_user("bob")
    await user.send_dm(VIEW)
    assert len([message for message in user.dm_channel.history() if message.author.bot]) == 1


async def test_threads_and_voice_chat(room: Room) -> None:
    """Wherever people can write, the card is next to the link."""
    voice = room.guild.create_voice_channel("voice")
    await room.alice.send(voice, VIEW)
    assert len(room.cards(voice)) == 1


@pytest.mark.parametrize("denied", ["send_messages", "read_message_history"])
async def test_where_the_bot_may_not_reply_nothing_is_fetched(room: Room, denied: str) -> None:
    """No request to the site whose card could not be shown."""
    closed = room.guild.create_text_channel(
        "closed", overwrites={room.guild.me: discord.PermissionOverwrite(**{denied: False})}
    )
    await room.alice.send(closed, VIEW)
    assert room.cards(closed) == []
    assert not room.pages.asked


async def test_no_reaction_where_none_is_allowed(room: Room) -> None:
    """Without the permission to react a failure is silent; nothing breaks."""
    room.pages.answer = Unreachable("down")
    closed = room.guild.create_text_channel(
        "closed", overwrites={room.guild.me: discord.PermissionOverwrite(add_reactions=False)}
    )
    await room.alice.send(closed, VIEW)
    assert room.cards(closed) == []


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10003), (400, 50035)])
async def test_what_discord_refuses_breaks_nothing(room: Room, status: int, code: int) -> None:
    """A card that cannot be sent is logged; the next one goes out."""
    room.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    await room.alice.send(room.channel, VIEW)
    assert len(room.cards()) == 1


async def test_what_discord_cannot_do_for_a_moment_is_asked_again(room: Room) -> None:
    """One failure of Discord's own costs no card."""
    room.env.inject_error("POST", "/channels/*/messages", status=503, code=0)
    await room.alice.send(room.channel, VIEW)
    assert len(room.cards()) == 1


async def test_a_message_deleted_meanwhile_gets_nothing(room: Room) -> None:
    """A card without its message is not left behind."""
    room.pages.gate.clear()
    sending = asyncio.create_task(room.alice.send(room.channel, VIEW))
    await room.pages.until_asked()
    (message,) = room.channel.history()
    room.env.backend.delete_message(room.channel.id, message.id)
    room.pages.gate.set()
    await sending
    assert room.cards() == []


async def test_a_channel_that_is_off(room: Room) -> None:
    """Off costs nothing and says nothing."""
    await room.choose(mode=Mode.OFF)
    await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    assert not room.pages.asked


async def test_the_embed_layout(room: Room) -> None:
    """The other renderer stands behind the same card, and the number of cards is a choice."""
    await room.choose(layout=Layout.EMBED, max_cards=1)
    await room.alice.send(room.channel, f"{VIEW} {LINK.format(2)}")
    (card,) = room.cards()
    assert card.embeds[0].title == "On a drug that does not exist"
    assert card.embeds[0].url == VIEW
