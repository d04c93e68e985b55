"""`/settings check`: what it says of a channel is what happens there."""

import discord
import pytest
import simcord

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import Unseen
from tests.cogs.conftest import Room
from tests.cogs.moderation import at, said
from tests.cogs.test_watch import VIEW


async def deny(room: Room, channel: simcord.ChannelHandle, *names: str) -> None:
    """Take permissions in a channel from the bot."""
    overwrite = discord.PermissionOverwrite(**dict.fromkeys(names, False))
    await room.env.bot.get_channel(channel.id).set_permissions(room.guild.me, overwrite=overwrite)


async def check(room: Room, mod: simcord.MemberActor, **options: simcord.ChannelHandle) -> str:
    result = await mod.slash(room.channel, "settings check", **options)
    assert result.ephemeral
    assert len(said(result)) <= 4_000
    return said(result).strip()


async def test_all_is_well(room: Room, mod: simcord.MemberActor) -> None:
    """The bot sees the channel, lacks nothing, and a link gets a card: with what, and where each value comes from."""
    text = await check(room, mod)
    assert text.startswith(f"### Check of <#{room.channel.id}>\nThe bot sees this channel and reads its messages.\n")
    assert "All permissions are in place." in text
    assert "It gets a card in reply (default)." in text
    assert "- Citation style: APA (default)" in text
    assert "a line that links to that card" in text
    assert "Your own links" not in text
    await mod.send(room.channel, VIEW)
    assert [card for card in room.cards() if not card.flags.ephemeral]


@pytest.mark.parametrize(
    ("permission", "name", "answers"),
    [
        ("view_channel", "View Channel", False),
        ("send_messages", "Send Messages", False),
        ("read_message_history", "Read Message History", False),
        ("send_messages_in_threads", "Send Messages in Threads", True),
        ("add_reactions", "Add Reactions", True),
        ("embed_links", "Embed Links", True),
        ("manage_messages", "Manage Messages", True),
    ],
)
async def test_each_permission_that_it_lacks(
    room: Room, mod: simcord.MemberActor, permission: str, name: str, answers: bool
) -> None:
    """Is named with what it is for, and what that means for a link."""
    await room.choose(layout=Layout.EMBED, suppress=True)
    target = room.guild.create_text_channel("target")
    await deny(room, target, permission)
    text = await check(room, mod, channel=target)
    assert f"It lacks **{name}**: to " in text
    assert f"give the bot in <#{target.id}> (Edit Channel > Permissions): **{name}**" in text.splitlines()[-1]
    assert ("It gets a card in reply" in text) is answers
    assert ("Nothing: the bot cannot reply here, see above." in text) is not answers
    assert ("The bot does not see this channel." in text) is (permission == "view_channel")


async def test_what_is_not_needed_is_not_missed(room: Room, mod: simcord.MemberActor) -> None:
    """Embed Links and Manage Messages only where what they are for was chosen."""
    await deny(room, room.channel, "embed_links", "manage_messages")
    assert "All permissions are in place." in await check(room, mod)


async def test_modes_and_where_they_come_from(room: Room, mod: simcord.MemberActor) -> None:
    """Off and ask are said with their source."""
    category = room.guild.create_category("Papers")
    inside = room.guild.create_text_channel("inside", category=category)
    await room.choose(mode=Mode.OFF)
    assert "Nothing: answers to links are off (set for the server)." in await check(room, mod, channel=inside)
    assert "Nothing: answers to links are off (set for the server)." in await check(room, mod, channel=category)
    await room.services.settings.set(room.guild.id, at(inside), {"mode": Mode.ASK}, by=1)
    text = await check(room, mod, channel=inside)
    assert "It gets a small reaction; once somebody clicks that, a card (set for the channel)." in text
    await deny(room, inside, "add_reactions")
    assert "It lacks **Add Reactions**: to ask whether a card is wanted." in await check(room, mod, channel=inside)


async def test_a_cooldown_of_nothing(room: Room, mod: simcord.MemberActor) -> None:
    """Then no line about earlier cards."""
    await room.choose(cooldown=0)
    text = await check(room, mod)
    assert "Same study again: A new card each time (set for the server)" in text
    assert "a line that links" not in text


async def test_the_asker_is_ignored_or_opted_out(room: Room, mod: simcord.MemberActor) -> None:
    """Each reason is said, and whose it is; of others only that there are some."""
    await room.choose(ignored_members=frozenset({mod.id}))
    text = await check(room, mod)
    assert "Your own links get none: you are among the members without cards (set for the server)." in text
    await room.choose(ignored_members=frozenset({room.alice.id}))
    assert "Your own links" not in await check(room, mod)
    await room.choose(ignored_roles=frozenset({room.guild.roles["Moderators"].id}))
    assert "Your own links get none: you have a role without cards (set for the server)." in await check(room, mod)
    await room.services.privacy.opt_out(mod.id)
    assert "Your own links get none: you opted out of cards." in await check(room, mod)


async def test_threads_and_forums(room: Room, mod: simcord.MemberActor) -> None:
    """A thread needs its own permission to write, and has its channel's settings; a locked one needs more."""
    await room.services.settings.set(room.guild.id, at(room.channel), {"style": "nature", "suppress": True}, by=1)
    thread = await room.env.bot.get_channel(room.channel.id).create_thread(
        name="talk", type=discord.ChannelType.public_thread
    )
    (handle,) = room.channel.threads
    text = await check(room, mod, channel=handle)
    assert f"### Check of <#{thread.id}>" in text
    assert "Citation style: Nature (set for the channel)" in text
    await deny(room, room.channel, "send_messages")
    assert "It gets a card in reply" in await check(room, mod, channel=handle)
    await deny(room, room.channel, "send_messages_in_threads")
    assert "Nothing: the bot cannot reply here" in await check(room, mod, channel=handle)
    forum = room.guild.create_forum_channel("posts")
    await room.choose(suppress=True)
    assert "A forum's opening post keeps its preview in any case." in await check(room, mod, channel=forum)


async def test_a_locked_thread(room: Room, mod: simcord.MemberActor) -> None:
    """Nobody but who manages threads can write there."""
    thread = await room.env.bot.get_channel(room.channel.id).create_thread(
        name="talk", type=discord.ChannelType.public_thread
    )
    await thread.edit(locked=True)
    await deny(room, room.channel, "manage_threads")
    text = await check(room, mod, channel=room.channel.threads[0])
    assert "It lacks **Manage Threads**: to reply in a locked thread." in text
    assert "Nothing: the bot cannot reply here, see above." in text


async def test_a_thread_that_the_bot_does_not_know(room: Room, mod: simcord.MemberActor, monkeypatch) -> None:
    """As a private one that it was not let into: one sentence."""
    await room.env.bot.get_channel(room.channel.id).create_thread(name="talk", type=discord.ChannelType.public_thread)
    monkeypatch.setattr(discord.Guild, "get_channel_or_thread", lambda self, _: None)
    result = await mod.slash(room.channel, "settings check", channel=room.channel.threads[0])
    assert result.response.content == Unseen.advice
    assert isinstance(room.env.errors[-1].original, Unseen)


async def test_without_the_intent(room: Room, mod: simcord.MemberActor, monkeypatch) -> None:
    """Says that it reads only what mentions it."""
    lacking = discord.Intents(room.env.bot.intents.value & ~discord.Intents(message_content=True).value)
    monkeypatch.setattr(discord.Client, "intents", lacking)
    assert "reads only messages that mention it" in await check(room, mod)
