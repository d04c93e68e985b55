"""What happens in a guild's life around cards, each situation by itself."""

import asyncio

import discord
import pytest

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import NotYours
from bot.core.reply import Mark
from cogs.cards.listener import WEBHOOK_LINKS
from tests.cogs.archives import unpacked
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW, text
from tests.invented import REFERENCE, invented_page
from tests.references import erowid


@pytest.fixture
async def posted(room: Room) -> discord.Message:
    """A message that has its card."""
    for number in range(1, 7):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")
    message = await room.alice.send(room.channel, f"look: {VIEW}")
    assert len(room.cards()) == 1
    return message


async def test_a_card_deleted_where_the_bot_hears_nothing(room: Room, asked) -> None:
    """In a server without the bot no event tells of it: the button forgets the card itself."""
    await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    (card,) = room.cards()
    await room.env.bot.remove_cog("MessageChanges")
    await room.alice.click(card, label="Delete")
    assert not await room.services.replies.get([card.id])


async def test_a_button_on_a_card_that_is_gone(room: Room, posted: discord.Message) -> None:
    """Two who delete it at once both succeed; nothing fails, nothing is remembered."""
    (card,) = room.cards()
    room.env.inject_error("DELETE", "/webhooks/*/*/messages/@original", status=404, code=10008)
    await room.alice.click(card, label="Delete")
    assert not await room.services.replies.get([card.id])


async def test_a_stranger_s_click(room: Room, posted: discord.Message) -> None:
    """The person replied to is a stranger too: only who posted the link may delete its card."""
    bob = room.guild.add_member(room.env.create_user("bob"))
    before = await bob.send(room.channel, "Has anybody a study?")
    reference = {"message_id": str(before.id)}
    room.env.backend.create_message(room.channel.id, room.alice.id, LINK.format(2), reference=reference)
    await room.env.settle()
    card = room.cards()[-1]
    assert "number 2" in text(card)
    assert (await bob.click(card, label="Delete")).response.content == NotYours.advice
    await room.alice.click(card, label="Delete")
    assert len(room.cards()) == 1


async def test_a_permission_revoked_while_fetching(room: Room) -> None:
    """The bot does not even try."""
    room.pages.gate.clear()
    room.env.backend.create_message(room.channel.id, room.alice.id, VIEW)
    await room.pages.until_asked()
    channel = room.env.bot.get_channel(room.channel.id)
    await channel.set_permissions(room.env.bot.get_guild(room.guild.id).me, send_messages=False)
    room.pages.gate.set()
    await room.env.settle()
    assert room.cards() == []
    assert not [one for one in room.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]


async def test_a_pin(room: Room, posted: discord.Message) -> None:
    """An edit of nothing."""
    room.env.backend.messages[room.channel.id][posted.id].pinned = True
    count = len(room.env.http_requests)
    state = room.env.backend
    state.edit_message(room.channel.id, posted.id, {})
    await room.env.settle()
    assert len(room.cards()) == 1
    assert len(room.env.http_requests) == count


async def test_edits_with_the_same_links(room: Room, posted: discord.Message) -> None:
    """However often: no request at all."""
    count = len(room.env.http_requests)
    for number in range(3):
        await room.alice.edit(posted, f"{number} {VIEW}")
    assert len(room.env.http_requests) == count


async def test_an_edit_to_and_fro(room: Room, posted: discord.Message) -> None:
    """It ends as the message does."""
    state = room.env.backend
    for number in (1, 2, 1, 2, 3, 1):
        state.edit_message(room.channel.id, posted.id, {"content": LINK.format(number)})
    await room.env.settle()
    assert ["number 1" in text(card) for card in room.cards()] == [True]
    assert [pair.reference for pair in await room.services.replies.of_message(posted.id)] == [erowid(1)]


async def test_a_card_deleted_by_a_moderator_and_then_an_edit(room: Room, posted: discord.Message) -> None:
    """The new link gets a new card."""
    room.env.backend.delete_message(room.channel.id, room.cards()[0].id)
    await room.env.settle()
    await room.alice.edit(posted, LINK.format(2))
    assert ["number 2" in text(card) for card in room.cards()] == [True]


async def test_a_card_gone_unnoticed_and_then_an_edit(room: Room, posted: discord.Message) -> None:
    """What cannot be redrawn is sent anew."""
    gone = room.cards()[0].id
    del room.env.backend.messages[room.channel.id][gone]
    await room.alice.edit(posted, LINK.format(2))
    assert ["number 2" in text(card) for card in room.cards()] == [True]
    assert not await room.services.replies.get([gone])


async def test_a_layout_changed_and_then_an_edit(room: Room, posted: discord.Message) -> None:
    """A card of components cannot become an embed: a new one takes its place, and not two."""
    await room.choose(layout=Layout.EMBED)
    await room.alice.edit(posted, LINK.format(2))
    (card,) = room.cards()
    assert card.embeds[0].title == "Study number 2"
    await room.choose(layout=Layout.COMPONENTS)
    await room.alice.edit(posted, LINK.format(3))
    (card,) = room.cards()
    assert "number 3" in text(card)


async def test_a_message_deleted_while_it_is_edited(room: Room, posted: discord.Message) -> None:
    """Nothing is left."""
    room.pages.gate.clear()
    room.env.backend.edit_message(room.channel.id, posted.id, {"content": f"{LINK.format(2)} {LINK.format(3)}"})
    await room.pages.until_asked(count=2)
    room.env.backend.delete_message(room.channel.id, posted.id)
    await asyncio.sleep(0)
    room.pages.gate.set()
    await room.env.settle()
    assert room.cards() == []
    assert await room.services.replies.of_message(posted.id) == ()
    assert await room.services.jobs.store.pending() == ()


async def test_a_forgotten_card_does_not_come_back_to_mind(room: Room, posted: discord.Message) -> None:
    """Erased while it is redrawn, a pair stays erased."""
    room.pages.gate.clear()
    room.env.backend.edit_message(room.channel.id, posted.id, {"content": LINK.format(2)})
    await room.pages.until_asked(erowid(2))
    await room.services.privacy.erase(room.alice.id)
    room.pages.gate.set()
    await room.env.settle()
    assert await room.services.privacy.stored(room.alice.id) == 0


async def test_a_bot_s_edit(room: Room) -> None:
    """Bots are not answered, however their messages change."""
    other = room.guild.add_member(room.env.create_user("other bot", bot=True))
    message = await other.send(room.channel, "hello")
    await other.edit(message, VIEW)
    assert room.cards() == []


async def test_a_mark_and_a_deletion(room: Room) -> None:
    """A message that goes takes its marks along; nothing is asked of Discord."""
    room.pages.answer = b"<html><body>A new design!</body></html>"
    message = await room.alice.send(room.channel, VIEW)
    assert room.marks(message) == [Mark.UNREADABLE]
    count = len(room.env.http_requests)
    await room.alice.delete(message)
    assert len(room.env.http_requests) == count


@pytest.mark.parametrize("public", [True, False])
async def test_a_spoiler_in_a_bibliography(room: Room, posted: discord.Message, *, public: bool) -> None:
    """What the channel saw behind spoilers only stands behind bars; in files for all to read it does not stand at all."""
    await room.alice.send(room.channel, f"||{LINK.format(1)}||")
    result = await room.alice.slash(room.channel, "study bibliography", public=public)
    shown = result.response.embeds[0].description.split("\n\n")
    assert [".** ||Doe" in entry and "||\n-# [card](" in entry for entry in shown if "Doe" in entry] == [False, True]
    files = [text for name, text in (await unpacked(result)).items() if name != "README.txt"]
    assert ["Study number 1" in file for file in files] == [not public] * 4
    assert ["On a drug" in file for file in files] == [True] * 4
    assert ("leave out" in shown[-1]) == public
    await room.choose(cooldown=0)
    await room.alice.send(room.channel, LINK.format(1))
    result = await room.alice.slash(room.channel, "study bibliography", public=public)
    assert "||" not in result.response.embeds[0].description


async def test_a_forwarded_link(room: Room) -> None:
    """The card replies to the forward."""
    other = room.guild.create_text_channel("elsewhere")
    await room.choose(mode=Mode.OFF)
    source = await room.alice.send(other, f"see {VIEW}")
    await room.choose(mode=Mode.AUTO)
    reference = {"type": 1, "message_id": str(source.id), "channel_id": str(other.id)}
    forward = room.env.backend.create_message(room.channel.id, room.alice.id, "", reference=reference)
    await room.env.settle()
    (card,) = room.cards()
    assert card.reference.message_id == forward.id


async def test_people_who_post_through_a_proxy_bot(room: Room) -> None:
    """Where moderators say so, a webhook's message keeps the card that the person's original had, before it was deleted."""
    hook = room.guild.create_webhook(room.channel)
    await hook.send(VIEW)
    assert room.cards() == []
    await room.choose(webhooks=True)
    original = await room.alice.send(room.channel, f"pk;{VIEW}")
    await hook.send(VIEW)
    await room.alice.delete(original)
    (card,) = room.cards()
    assert "On a drug" in text(card)
    assert card.reference.message_id != original.id


async def test_bots_that_answer_each_other_through_webhooks(room: Room) -> None:
    """They get a few cards in a minute, and no more."""
    await room.choose(webhooks=True, cooldown=0)
    hook = room.guild.create_webhook(room.channel)
    for _ in range(WEBHOOK_LINKS + 3):
        await hook.send(VIEW)
    assert len(room.cards()) == WEBHOOK_LINKS
