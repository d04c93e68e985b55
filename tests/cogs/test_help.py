from typing import Any

import discord
import pytest
from discord import app_commands

from bot import __version__
from tests.cogs.conftest import Room


@app_commands.command(name="rule", description="A command for moderators")
@app_commands.default_permissions(manage_guild=True)
async def rule(interaction: discord.Interaction) -> None:
    """Do nothing."""


async def test_help_lists_every_command(room: Room) -> None:
    """All that the bot has, each with what it does; to who asked alone."""
    result = await room.alice.slash(room.channel, "help")
    assert result.ephemeral
    shown = str(result.response.components)
    for command in room.env.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            for_all = (command.root_parent or command).default_permissions is None
            assert (f"`/{command.qualified_name}` {command.description}" in shown) is for_all
    assert "`/study bibliography` Cite all studies" in shown
    assert "*Apps > Summarise studies*" in shown


@pytest.mark.parametrize("brought_along", [False, True])
async def test_moderators_see_their_part(room: Room, asked: dict[str, Any], brought_along: bool) -> None:
    """Nobody else does; nor they where the bot is not."""
    room.env.bot.tree.add_command(rule)
    role = room.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = room.guild.add_member(room.env.create_user("moderator"), roles=[role])
    if brought_along:
        asked["authorizing_integration_owners"] = {"1": str(moderator.id)}
    assert "`/rule`" not in str((await room.alice.slash(room.channel, "help")).response.components)
    shown = str((await moderator.slash(room.channel, "help")).response.components)
    assert ("`/rule` A command for moderators" in shown) is not brought_along
    assert ("`/settings panel`" in shown) is not brought_along


async def test_help_in_direct_messages(room: Room) -> None:
    """Without the moderators' part."""
    room.env.bot.tree.add_command(rule)
    result = await room.env.create_user("bob").slash("help")
    assert "`/study show`" in str(result.response.components)
    assert "`/rule`" not in str(result.response.components)


async def test_about(room: Room) -> None:
    """Version, source and languages; that it is no part of Erowid, and thanks to Erowid."""
    result = await room.alice.slash(room.channel, "about")
    assert result.ephemeral
    shown = str(result.response.components)
    for said in (__version__, "https://www.erowid.org/references/", "thanks", "no part of Erowid", "English"):
        assert said in shown
