"""Cards in threads, forums and announcement channels, and places that are closed or deleted."""

from datetime import timedelta

import discord
import pytest

from bot.core.channel_settings import Mode, Scope, Target
from tests.cogs.conftest import Room
from tests.cogs.moderation import said
from tests.cogs.test_watch import VIEW


async def thread_of(room: Room, **given):
    """A thread of the channel, and how it is seen from outside."""
    channel = room.env.bot.get_channel(room.channel.id)
    thread = await channel.create_thread(name="talk", type=discord.ChannelType.public_thread, **given)
    await room.env.settle()
    return thread, next(one for one in room.channel.threads if one.id == thread.id)


async def test_a_deleted_thread(room: Room) -> None:
    """Its pairs go with it."""
    thread, handle = await thread_of(room)
    await room.alice.send(handle, VIEW)
    assert len(await room.services.replies.recent(thread.id, most=5)) == 1
    await thread.delete()
    await room.env.settle()
    assert await room.services.replies.recent(thread.id, most=5) == ()


async def test_a_deleted_channel(room: Room) -> None:
    """Its pairs and its threads' go; what was chosen for it too, which the history tells, and no file has it any more."""
    await room.alice.send(room.channel, VIEW)
    thread, handle = await thread_of(room)
    await room.alice.send(handle, VIEW)
    whole = Target(Scope.GUILD, room.guild.id)
    await room.services.settings.set(room.guild.id, whole, {"log_channel": room.channel.id, "size": "compact"}, by=1)
    await room.services.settings.set(room.guild.id, Target(Scope.CHANNEL, room.channel.id), {"mode": Mode.ASK}, by=1)
    other = room.guild.create_text_channel("other")
    await room.alice.send(other, VIEW)
    await room.env.bot.get_channel(room.channel.id).delete()
    await room.env.settle()
    for gone in (room.channel.id, thread.id):
        assert await room.services.replies.recent(gone, most=5) == ()
    assert len(await room.services.replies.recent(other.id, most=5)) == 1
    assert str(room.channel.id) not in room.services.settings.export(room.guild.id)
    assert room.services.settings.overrides(room.guild.id) == {whole: {"size": "compact"}}
    told = await room.services.settings.history(room.guild.id)
    assert {(entry.change.key, entry.change.new, entry.by) for entry in told[:2]} == {
        ("log_channel", None, room.env.bot.user.id),
        ("mode", None, room.env.bot.user.id),
    }


async def test_a_deleted_category(room: Room) -> None:
    """What was chosen for it goes; its channels stay, and have the server's choices."""
    category = room.guild.create_category("reading")
    channel = room.guild.create_text_channel("later", category=category)
    await room.services.settings.set(room.guild.id, Target(Scope.CATEGORY, category.id), {"mode": Mode.OFF}, by=1)
    await room.env.bot.get_channel(category.id).delete()
    await room.env.settle()
    assert room.services.settings.overrides(room.guild.id) == {}
    await room.alice.send(channel, VIEW)
    assert len(room.cards(channel)) == 1


@pytest.mark.parametrize("state", [{"archived": True}, {"locked": True}, {"archived": True, "locked": True}])
async def test_a_thread_closed_while_fetching(room: Room, state: dict[str, bool]) -> None:
    """A reply would open it again: it stays closed, and nothing is marked."""
    thread, handle = await thread_of(room)
    await room.env.bot.get_channel(room.channel.id).set_permissions(
        room.env.bot.get_guild(room.guild.id).me, manage_threads=False
    )
    room.pages.gate.clear()
    room.env.backend.create_message(thread.id, room.alice.id, VIEW)
    await room.pages.until_asked()
    meta = room.env.backend.channels[thread.id].thread_metadata
    for name, value in state.items():
        setattr(meta, name, value)
        setattr(room.env.bot.get_channel(thread.id), name, value)
    room.env.bot.get_channel(thread.id).archive_timestamp = discord.utils.utcnow() + timedelta(seconds=2)
    room.pages.gate.set()
    await room.env.settle()
    assert room.cards(handle) == []


async def test_a_locked_thread(room: Room) -> None:
    """Nothing is fetched, and the check says the same; who may manage threads may reply."""
    await room.env.bot.get_channel(room.channel.id).set_permissions(
        room.env.bot.get_guild(room.guild.id).me, manage_threads=False
    )
    thread, handle = await thread_of(room)
    room.env.backend.channels[thread.id].thread_metadata.locked = True
    room.env.bot.get_channel(thread.id).locked = True
    room.env.backend.create_message(thread.id, room.alice.id, VIEW)
    await room.env.settle()
    assert room.cards(handle) == []
    assert not room.pages.asked
    checked = await room.add_moderator().slash(room.channel, "settings check", channel=handle)
    assert "cannot reply" in said(checked)


async def test_a_post_in_an_archived_thread_opens_it(room: Room) -> None:
    """Whoever posts there gets a card, though the news that it is open again may come later."""
    thread, handle = await thread_of(room)
    cached = room.env.bot.get_channel(thread.id)
    cached.archived = True
    cached.archive_timestamp = discord.utils.utcnow()
    await room.env.advance_time(5)
    await room.alice.send(handle, VIEW)
    assert len(room.cards(handle)) == 1


async def test_a_forum_s_post(room: Room) -> None:
    """The message that opens a post gets its card, and keeps its preview."""
    await room.choose(suppress=True)
    forum = room.guild.create_forum_channel("papers")
    opened = await room.env.bot.get_channel(forum.id).create_thread(name="A study", content="hello")
    await room.env.settle()
    post = next(one for one in forum.threads if one.id == opened.thread.id)
    room.env.backend.messages[post.id][opened.message.id].author_id = room.alice.id
    room.env.backend.edit_message(post.id, opened.message.id, {"content": VIEW})
    await room.env.settle()
    assert len(room.cards(post)) == 1
    assert not [one for one in room.env.http_requests if one.method == "PATCH"]


async def test_an_announcement(room: Room) -> None:
    """A card as anywhere; that it is published is an edit that changes nothing."""
    news = room.guild.create_news_channel("news")
    message = await room.alice.send(news, VIEW)
    (card,) = room.cards(news)
    room.env.backend.crosspost_message(news.id, message.id)
    await room.env.settle()
    assert [one.id for one in room.cards(news)] == [card.id]
    assert room.cards(news)[0].edited_at is None


async def test_a_crosspost_of_somebody_else_s(room: Room) -> None:
    """It comes from a webhook: nobody here posted it."""
    hook = room.guild.create_webhook(room.channel)
    await hook.send(VIEW)
    assert room.cards() == []
