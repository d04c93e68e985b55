"""The *Fix* button of `/settings check`."""

import discord
import pytest
import simcord

from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import NotModerator, Unseen
from tests.cogs.conftest import Room
from tests.cogs.moderation import at, labels, revoke, said, server, stored
from tests.cogs.test_watch import VIEW

ON = "Fix: turn cards on here"


async def test_nothing_to_fix(room: Room, mod: simcord.MemberActor) -> None:
    """No button where links get cards, or where only a permission is missing."""
    assert labels(await mod.slash(room.channel, "settings check")) == []


@pytest.mark.parametrize("scope", Scope)
async def test_off(room: Room, mod: simcord.MemberActor, scope: Scope) -> None:
    """Cards are on in this one channel then, wherever they were turned off; posted, in the history, after a restart too."""
    log = room.guild.create_text_channel("log")
    inside = room.guild.create_text_channel("inside", category=room.guild.create_category("Papers"))
    category = room.env.bot.get_channel(inside.id).category_id
    off = {Scope.GUILD: server(room), Scope.CATEGORY: Target(Scope.CATEGORY, category), Scope.CHANNEL: at(inside)}[scope]
    await room.services.settings.set(room.guild.id, off, {"mode": Mode.OFF}, by=1)
    await room.choose(log_channel=log.id)
    shown = await mod.slash(inside, "settings check")
    await room.env.restart_bot()
    fixed = await mod.click(shown.response.message, label=ON)
    assert "It gets a card in reply" in said(fixed)
    assert f"Changed: <#{inside.id}> · Reply to links: " in said(fixed)
    assert labels(fixed) == []
    there = await stored(room)
    assert there.get(at(inside)) == (None if scope is Scope.CHANNEL else {"mode": Mode.AUTO})
    assert "mode" in (there | {at(inside): {"mode": Mode.AUTO}}).get(off, {})
    assert (await room.services.settings.history(room.guild.id, most=1))[0].by == mod.id
    assert len(log.history()) == 1
    await mod.send(inside, VIEW)
    assert [message for message in inside.history() if message.author.bot and message.components]


async def test_a_thread_is_fixed_by_its_channel(room: Room, mod: simcord.MemberActor) -> None:
    """A thread has its channel's settings."""
    await room.choose(mode=Mode.OFF)
    await room.env.bot.get_channel(room.channel.id).create_thread(name="talk", type=discord.ChannelType.public_thread)
    shown = await mod.slash(room.channel, "settings check", channel=room.channel.threads[0])
    await mod.click(shown.response.message, label=ON)
    assert (await stored(room))[at(room.channel)] == {"mode": Mode.AUTO}


async def test_lists(room: Room, mod: simcord.MemberActor) -> None:
    """Who asked, and the roles of who asked, go from the list where it is set; others stay on it."""
    mine = room.guild.roles["Moderators"].id
    await room.services.settings.set(room.guild.id, at(room.channel), {"ignored_roles": frozenset({mine})}, by=1)
    await room.choose(ignored_members=frozenset({mod.id, room.alice.id}))
    shown = await mod.slash(room.channel, "settings check")
    shown = await mod.click(shown.response.message, label="Fix: take me off the members without cards")
    assert labels(shown) == ["Fix: take my roles off the roles without cards"]
    shown = await mod.click(shown.response.message, label="Fix: take my roles off the roles without cards")
    assert "Your own links" not in said(shown)
    assert await stored(room) == {
        server(room): {"ignored_members": frozenset({room.alice.id})},
        at(room.channel): {"ignored_roles": frozenset()},
    }


async def test_fixed_meanwhile(room: Room, mod: simcord.MemberActor) -> None:
    """Nothing is changed; the check shows what holds."""
    await room.choose(mode=Mode.OFF)
    shown = await mod.slash(room.channel, "settings check")
    await room.choose(mode=Mode.ASK)
    fixed = await mod.click(shown.response.message, label=ON)
    assert "a small reaction" in said(fixed)
    assert "Changed" not in said(fixed)
    assert await stored(room) == {server(room): {"mode": Mode.ASK}}


async def test_permission_revoked_and_channel_deleted(room: Room, mod: simcord.MemberActor) -> None:
    """One sentence each, and nothing is changed."""
    await room.choose(mode=Mode.OFF)
    gone = room.guild.create_text_channel("gone")
    shown = await mod.slash(room.channel, "settings check", channel=gone)
    room.env.backend.delete_channel(gone.id)
    await room.env.settle()
    assert (await mod.click(shown.response.message, label=ON)).response.content == Unseen.advice
    shown = await mod.slash(room.channel, "settings check")
    revoke(room, mod)
    assert (await mod.click(shown.response.message, label=ON)).response.content == NotModerator.advice
    assert await stored(room) == {server(room): {"mode": Mode.OFF}}
