from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from simcord.backend import serializers

from bot.adapters.stores.guilds import Guilds
from bot.app import build_client
from bot.settings import Settings
from tests.cogs.conftest import NOW, RARE, Room

BOT_ADD = discord.AuditLogAction.bot_add.value


@pytest.fixture
async def lobby(room: Room) -> simcord.ChannelHandle:
    """The system channel of a server that the bot has left, and of which nothing is stored."""
    backend = room.env.backend
    lobby = room.guild.create_text_channel("lobby")
    backend.edit_guild(room.guild.id, {"system_channel_id": lobby.id})
    await leave(room)
    await Guilds(room.engine).erase([room.guild.id])
    return lobby


async def leave(room: Room) -> None:
    """Remove the bot from the server."""
    room.env.backend.emit("GUILD_DELETE", {"id": str(room.guild.id)})
    await room.env.settle()


async def join(room: Room) -> None:
    """Add the bot to the server, as Discord tells the bot."""
    backend = room.env.backend
    payload = serializers.guild_create_payload(backend, backend.get_guild(room.guild.id))
    del payload["unavailable"]  # Discord sends it only for a guild that was there before
    backend.emit("GUILD_CREATE", payload)
    await room.env.settle()


def add_entry(room: Room, bot_id: int | None = None) -> None:
    """Let the audit log say that Alice added a bot: ours, or another."""
    target_id = bot_id or room.env.bot.user.id
    room.env.backend.record_audit_log(room.guild.id, BOT_ADD, target_id=target_id, user_id=room.alice.id)


def dm_channel(room: Room) -> Any:
    """Alice's channel with the bot."""
    return room.env.backend.get_dm_channel(room.alice.id)


def direct(room: Room) -> list[discord.Message]:
    """What Alice got as direct messages."""
    return simcord.ChannelHandle(room.env, None, dm_channel(room)).history()


async def test_who_added_the_bot_is_greeted(room: Room, lobby: simcord.ChannelHandle) -> None:
    """In one quiet direct message, with commands to click; the channel gets nothing."""
    add_entry(room)
    add_entry(room, bot_id=room.alice.id)
    await join(room)
    ids = {command.name: command.id for command in await room.env.bot.tree.fetch_commands()}
    (greeting,) = direct(room)
    assert greeting.content.splitlines() == [
        f"Precis is now on this server. Moderators choose where it answers and how: </settings panel:{ids['settings']}>.",
        "Paste a link such as `https://www.erowid.org/references/6004`: a card of the study answers it.",
        f"All commands: </help:{ids['help']}>.",
    ]
    assert greeting.flags.silent
    assert not room.cards(lobby)


async def test_a_refused_direct_message_goes_to_the_system_channel(room: Room, lobby: simcord.ChannelHandle) -> None:
    """Whoever takes no direct messages is not asked again."""
    add_entry(room)
    room.env.inject_error(
        "POST",
        f"/channels/{dm_channel(room).id}/messages",
        status=403,
        code=50007,
    )
    await join(room)
    assert len(room.cards(lobby)) == 1
    assert not direct(room)


@pytest.mark.parametrize("status", [None, 403, 500])
async def test_an_unknown_adder(room: Room, lobby: simcord.ChannelHandle, status: int | None) -> None:
    """The system channel is greeted where the audit log names nobody or cannot be read."""
    if status is not None:
        room.env.inject_error("GET", "/guilds/*/audit-logs", status=status, times=None)
    await join(room)
    assert len(room.cards(lobby)) == 1


async def test_nobody_to_greet(room: Room, lobby: simcord.ChannelHandle) -> None:
    """Where the bot may not write, it does not try."""
    backend = room.env.backend
    for role in backend.get_guild(room.guild.id).roles.values():
        role.permissions &= ~discord.Permissions(send_messages=True, view_audit_log=True).value
    room.env.inject_error("POST", "*", status=500, times=None)
    room.env.inject_error("GET", "/guilds/*/audit-logs", status=500, times=None)
    await join(room)
    assert not room.cards(lobby)


async def test_the_greeting_speaks_the_server_s_language(room: Room, lobby: simcord.ChannelHandle) -> None:
    """As far as there are translations."""
    room.env.backend.edit_guild(room.guild.id, {"preferred_locale": "de"})
    await join(room)
    (greeting,) = room.cards(lobby)
    assert "Precis ist jetzt auf diesem Server." in greeting.content


async def test_a_server_is_greeted_once(room: Room, lobby: simcord.ChannelHandle) -> None:
    """Not when the bot comes back, nor by another process; again only after its data was erased."""
    await join(room)
    await leave(room)
    await join(room)
    assert len(room.cards(lobby)) == 1
    await leave(room)
    await Guilds(room.engine).expire(cards_before=NOW, left_before=NOW + timedelta(days=1))
    assert [await Guilds(room.engine).joined(room.guild.id) for _process in range(3)] == [True, False, False]


async def test_a_server_that_is_known_at_the_start_is_not_greeted(room: Room, lobby: simcord.ChannelHandle) -> None:
    """Nor are all servers after an update."""
    await room.env.restart_bot()
    assert not room.cards(lobby)


async def test_a_host_can_switch_the_greeting_off(room: Room, lobby: simcord.ChannelHandle) -> None:
    """By GREETING."""
    quiet = build_client(room.services, Settings(_env_file=None, greeting=False), **RARE)
    await room.env.restart_bot(quiet)
    await leave(room)
    await Guilds(room.engine).erase([room.guild.id])
    await join(room)
    assert not room.cards(lobby)
