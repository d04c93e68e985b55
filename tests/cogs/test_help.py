from typing import Any

import discord
import pytest
from discord import app_commands

from bot import __version__
from bot.core.links import Link, find_links
from tests.cogs.conftest import Room
from tests.references import SOURCES, erowid


@app_commands.command(name="rule", description="A command for moderators")
@app_commands.default_permissions(manage_guild=True)
async def rule(interaction: discord.Interaction) -> None:
    """Do nothing."""


async def test_help_lists_every_command(room: Room) -> None:
    """All that the bot has, each with what it does; to who asked alone."""
    result = await room.alice.slash(room.channel, "help")
    assert result.ephemeral
    shown = str(result.response.components)
    ids = {command.name: command.id for command in await room.env.bot.tree.fetch_commands()}
    for command in room.env.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            for_all = (command.root_parent or command).default_permissions is None
            known = ids[command.qualified_name.partition(" ")[0]]
            assert (f"</{command.qualified_name}:{known}> {command.description}" in shown) is for_all
    assert shown.index("</study show:") < shown.index("</about:")


async def test_help_begins_with_what_to_try(room: Room) -> None:
    """Four lines; without the commands' IDs, which Discord may not say, their names are text."""
    room.env.inject_error("GET", f"/applications/{room.env.bot.application_id}/commands", status=403, code=50001)
    result = await room.alice.slash(room.channel, "help")
    first = result.response.components[0]["components"][0]["content"]
    assert first.splitlines() == [
        "### Precis",
        "1. Paste a link such as `https://www.erowid.org/references/6004`: a card of the study answers it.",
        "2. `/study show` shows one by its number, `6004`, or by words, `doe 1961`.",
        (
            "3. 📄 offers cards: click it. ❔ means that a link got no card: *Apps > Summarise studies* in the message's "
            "menu says why."
        ),
        "4. `!https://…`, `<https://…>` or code: no card. `||https://…||`: a hidden card. *Delete* removes the card.",
    ]
    assert find_links(first.replace("`", ""), SOURCES) == (Link(erowid(6004)),)


@pytest.mark.parametrize("brought_along", [False, True])
async def test_moderators_see_their_part(room: Room, asked: dict[str, Any], brought_along: bool) -> None:
    """Nobody else does; nor they where the bot is not."""
    room.env.bot.tree.add_command(rule)
    role = room.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = room.guild.add_member(room.env.create_user("moderator"), roles=[role])
    if brought_along:
        asked["authorizing_integration_owners"] = {"1": str(moderator.id)}
    assert "/rule" not in str((await room.alice.slash(room.channel, "help")).response.components)
    shown = str((await moderator.slash(room.channel, "help")).response.components)
    assert ("/rule` A command for moderators" in shown) is not brought_along
    assert ("/settings panel" in shown) is not brought_along


async def test_help_in_direct_messages(room: Room) -> None:
    """Without the moderators' part."""
    room.env.bot.tree.add_command(rule)
    result = await room.env.create_user("bob").slash("help")
    assert "/study show" in str(result.response.components)
    assert "/rule" not in str(result.response.components)


async def test_about(room: Room) -> None:
    """Version, source and languages; that it is no part of Erowid, and thanks to Erowid."""
    result = await room.alice.slash(room.channel, "about")
    assert result.ephemeral
    shown = str(result.response.components)
    for said in (__version__, "https://www.erowid.org/references/", "thanks", "no part of Erowid", "English"):
        assert said in shown
