"""The invitation asks for the fewest permissions that work: with them all that the bot does is done, without any one not."""

import ast
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import Unreachable
from bot.core.reply import Mark
from cogs.discord_kit.permissions import invited, needs, purposes
from tests.cogs.conftest import Room
from tests.cogs.moderation import said
from tests.cogs.test_watch import LINK, VIEW
from tests.references import erowid

ASKED = sorted(name for name, _title in purposes(asked=True))


async def allow(room: Room, permissions: discord.Permissions) -> None:
    """Give the bot these permissions in the channel, and no other."""
    overwrite = discord.PermissionOverwrite(**dict(permissions))
    await room.env.bot.get_channel(room.channel.id).set_permissions(room.guild.me, overwrite=overwrite)


async def in_thread(room: Room, text: str, number: int) -> list[discord.Message]:
    """Post a text in a new thread, and give what the bot says there."""
    opened = room.env.backend.create_thread(room.channel.id, name=f"talk {number}", owner_id=room.alice.id)
    (handle,) = [one for one in room.channel.threads if one.id == opened.id]
    await room.alice.send(handle, text)
    return room.cards(handle)


TO_REPLY = {"view_channel", "send_messages", "read_message_history"}


async def what_it_does(room: Room) -> AsyncIterator[tuple[set[str], bool]]:
    """Do each thing that the bot does in a channel; give (the permissions that it needs, whether it was done).

    It marks and offers only where it could reply. Embeds are left out: simcord, unlike Discord, lets them pass.
    """
    room.pages.answers[erowid(1)] = Unreachable("down")
    await room.alice.send(room.channel, VIEW)
    yield TO_REPLY, bool(room.cards())
    yield TO_REPLY - {"send_messages"} | {"send_messages_in_threads"}, bool(await in_thread(room, VIEW, 1))
    failed = await room.alice.send(room.channel, LINK.format(1))
    yield TO_REPLY | {"add_reactions"}, Mark.UNREADABLE in room.marks(failed)
    await room.choose(mode=Mode.ASK)
    asked = await room.alice.send(room.channel, VIEW)
    yield TO_REPLY | {"add_reactions"}, Mark.OFFER in room.marks(asked)
    await room.choose(mode=Mode.AUTO)
    for command in ("study bibliography", "study recent", "help"):
        yield set(), bool((await room.alice.slash(room.channel, command)).response)


async def checked(room: Room) -> str:
    """What `/settings check` says."""
    result = await room.add_moderator("check").slash(room.channel, "settings check")
    return said(result)


async def test_with_what_the_invitation_asks_for_all_works(room: Room) -> None:
    """Cards, threads, marks, offers, embeds and files; `/settings check` misses nothing."""
    await allow(room, invited())
    assert all([worked async for _needed, worked in what_it_does(room)])
    assert len((await room.alice.click(room.cards()[0], label="Cite")).response.attachments) == 1
    await room.choose(layout=Layout.EMBED)
    assert "All permissions are in place." in await checked(room)


@pytest.mark.parametrize("name", ASKED)
async def test_without_any_one_of_them_something_fails(room: Room, name: str) -> None:
    """And only what that one is for; `/settings check` names it."""
    await allow(room, discord.Permissions(invited().value & ~discord.Permissions(**{name: True}).value))
    async for needed, worked in what_it_does(room):
        assert worked is (name not in needed), needed
    await room.choose(layout=Layout.EMBED)
    title = next(need.title for need in needs() if need.name == name)
    assert f"It lacks **{title}**" in await checked(room)


def test_what_is_not_asked_for() -> None:
    """Nothing by which a stolen token could do more than write: no administrator, no management of anything."""
    names = _names(invited())
    assert names == _names(discord.Permissions(**dict.fromkeys(ASKED, True)))
    assert not any(name.startswith(("manage", "administrator", "ban", "kick", "moderate", "mention")) for name in names)
    assert _names(invited(all_of_them=True)) - names == {"manage_messages", "manage_threads"}


def test_the_code_asks_about_no_other() -> None:
    """Beside what it needs, only about what people may do, and what it uses where it happens to have it."""
    of_people, if_given = {"manage_guild"}, {"view_audit_log"}
    asked = {
        node.attr
        for file in (Path(__file__).parents[2] / "cogs").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in discord.Permissions.VALID_FLAGS
    }
    assert asked >= of_people | if_given
    assert asked - of_people - if_given <= {need.name for need in needs()}


def _names(permissions: discord.Permissions) -> set[str]:
    return {name for name, given in permissions if given}
