"""The line that each change of settings gets in the log channel."""

import discord
import simcord

from bot.core.channel_settings import Mode
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    line,
    open_panel,
    pick,
    preselected,
    server,
    stored,
)


async def test_each_change_is_posted_quietly(room: Room, mod: simcord.MemberActor) -> None:
    """Who, where, what, old and new; nobody is pinged; what changed nothing is not posted."""
    log = room.guild.create_text_channel("log")
    shown = await pick(mod, await open_panel(room, mod, "people"), "log_channel", [log])
    shown = await pick(mod, shown, "ignored_members", [room.alice])
    await pick(mod, shown, "ignored_members", [room.alice])
    first, second = log.history()
    assert first.content == f"<@{mod.id}> changed the server · Log of changes: not set → <#{log.id}>"
    assert second.content == f"<@{mod.id}> changed the server · Members without cards: not set → <@{room.alice.id}>"
    assert second.flags.suppress_notifications
    (body,) = [one.json for one in room.env.http_requests if one.path == f"/channels/{log.id}/messages"][1:]
    assert body["allowed_mentions"] == {"parse": []}


async def test_a_channel_that_logs_no_more_hears_of_it(room: Room, mod: simcord.MemberActor) -> None:
    """The last line says that it was the last."""
    await room.choose(log_channel=room.channel.id)
    await pick(mod, await open_panel(room, mod, "people"), "log_channel", [])
    assert [card.content for card in room.cards() if not card.flags.ephemeral] == [
        f"<@{mod.id}> changed the server · Log of changes: <#{room.channel.id}> → not set"
    ]


async def test_where_the_bot_may_not_write(room: Room, mod: simcord.MemberActor) -> None:
    """The change stands; nothing is tried."""
    nobody = discord.PermissionOverwrite(send_messages=False)
    log = room.guild.create_text_channel("log", overwrites={room.guild.default_role: nobody})
    await silence(room, log)
    await room.choose(log_channel=log.id)
    shown = await pick(mod, await open_panel(room, mod), "mode", ["off"])
    assert "**No card**" in line(shown, "mode")
    assert not [one for one in room.env.http_requests if one.path == f"/channels/{log.id}/messages"]


async def test_where_discord_refuses(room: Room, mod: simcord.MemberActor) -> None:
    """The change stands; the log has the reason."""
    await room.choose(log_channel=room.channel.id)
    room.env.inject_error("POST", f"/channels/{room.channel.id}/messages", status=403, code=50013)
    shown = await pick(mod, await open_panel(room, mod), "mode", ["off"])
    assert "**No card**" in line(shown, "mode")
    assert (await stored(room))[server(room)]["mode"] is Mode.OFF


async def test_an_answer_that_does_not_arrive(room: Room, mod: simcord.MemberActor) -> None:
    """The change is made, so it is posted."""
    await room.choose(log_channel=room.channel.id)
    shown = await open_panel(room, mod)
    room.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await pick(mod, shown, "mode", ["off"])
    assert (await stored(room))[server(room)]["mode"] is Mode.OFF
    assert [card.content for card in room.cards() if not card.flags.ephemeral] == [
        f"<@{mod.id}> changed the server · Reply to links: not set → No card"
    ]


async def test_a_log_channel_that_was_deleted(room: Room, mod: simcord.MemberActor) -> None:
    """Is no trouble, and not shown as picked."""
    log = room.guild.create_text_channel("log")
    await room.choose(log_channel=log.id)
    room.env.backend.delete_channel(log.id)
    await room.env.settle()
    shown = await open_panel(room, mod, "people")
    assert preselected(shown, "log_channel") == []
    await pick(mod, shown, "ignored_members", [mod])
    assert (await stored(room))[server(room)]["ignored_members"] == frozenset({mod.id})


async def silence(room: Room, channel: simcord.ChannelHandle, **denied: bool) -> None:
    """Take permissions in a channel from the bot: Send Messages, if none is named."""
    me = room.guild.me
    overwrite = discord.PermissionOverwrite(**(dict.fromkeys(denied, False) or {"send_messages": False}))
    await room.env.bot.get_channel(channel.id).set_permissions(me, overwrite=overwrite)
