"""The commands of `/settings`, the panel apart."""

import json
from typing import Any

import discord
import pytest
import simcord

from bot.core.channel_settings import Mode, Size
from bot.core.errors import NotChanged, NotModerator, Unread
from bot.core.settings_file import MOST_BYTES
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    at,
    break_storage,
    callbacks,
    components,
    refusal,
    revoke,
    server,
    slow_down,
    stored,
)

COMMANDS = ["panel", "check", "export", "import", "reset", "history"]


async def attached(result: Any) -> dict[str, Any]:
    """The settings file of a message."""
    (file,) = result.response.attachments
    return json.loads(await file.read())


async def hand_in(actor: simcord.MemberActor, room: Room, data: bytes) -> Any:
    return await actor.slash(room.channel, "settings import", file=("settings.json", data))


async def take(actor: simcord.MemberActor, room: Room, data: bytes) -> Any:
    """Hand a file in, and apply it."""
    asked = await hand_in(actor, room, data)
    return await actor.click(asked.response.message, label="Apply")


def a_file(room: Room, **parts: Any) -> bytes:
    head = {"format": "precis-settings", "version": 1, "guild": str(room.guild.id)}
    return json.dumps(head | parts).encode()


async def test_who_sees_the_commands(room: Room, mod: simcord.MemberActor) -> None:
    """Who has Manage Server, in servers; the others are not shown them."""
    assert {f"settings {name}" for name in COMMANDS} <= set(mod.available_commands(room.channel))
    assert not [name for name in room.alice.available_commands(room.channel) if name.startswith("settings")]
    assert not [name for name in mod.user.available_commands() if name.startswith("settings")]


@pytest.mark.parametrize("name", COMMANDS)
async def test_who_is_let_in_by_discord_is_asked_for_the_permission_still(room: Room, name: str) -> None:
    """A server can show the commands to anybody; they refuse privately."""
    (command,) = [one for one in await room.env.bot.tree.fetch_commands() if one.name == "settings"]
    room.guild.set_command_permissions(command, {room.alice: True})
    options = {"file": ("settings.json", a_file(room, settings={"mode": "off"}))} if name == "import" else {}
    result = await room.alice.slash(room.channel, f"settings {name}", **options)
    assert result.ephemeral
    assert result.response.content == NotModerator.advice
    assert isinstance(refusal(room), NotModerator)
    assert await stored(room) == {}


class TestExport:
    async def test_a_private_file(self, room: Room, mod: simcord.MemberActor) -> None:
        """All that is chosen, and nothing else."""
        await room.choose(mode=Mode.ASK)
        await room.services.settings.set(room.guild.id, at(room.channel), {"size": Size.COMPACT}, by=mod.id)
        result = await mod.slash(room.channel, "settings export")
        assert result.ephemeral
        assert await attached(result) == {
            "format": "precis-settings",
            "version": 1,
            "guild": str(room.guild.id),
            "settings": {"mode": "ask"},
            "categories": {},
            "channels": {str(room.channel.id): {"size": "compact"}},
            "server": "Reading Room",
            "exported": "2026-11-23T00:00:00+00:00",
            "names": {str(room.channel.id): "studies"},
        }

    async def test_roles_have_names_and_members_have_none(self, room: Room, mod: simcord.MemberActor) -> None:
        """Nor has what does not exist any more; the file can be imported as it is."""
        role = room.guild.create_role("Bots, größere")
        chosen = {"ignored_roles": frozenset({role.id, 7}), "ignored_members": frozenset({mod.id})}
        await room.choose(**chosen)
        result = await mod.slash(room.channel, "settings export")
        assert (await attached(result))["names"] == {str(role.id): "@Bots, größere"}
        data = await result.response.attachments[0].read()
        assert "größere" in data.decode()
        assert "Nothing changed" in (await hand_in(mod, room, data)).response.content


class TestImport:
    async def test_a_file_of_another_server(self, room: Room, mod: simcord.MemberActor) -> None:
        """Its server-wide settings are taken, what is tied to its channels and roles is not; what is tied to ours stays."""
        kept = {"ignored_roles": frozenset({room.guild.create_role("Bots").id})}
        await room.choose(size=Size.COMPACT, **kept)
        await room.services.settings.set(room.guild.id, at(room.channel), {"max_cards": 2}, by=mod.id)
        settings = {"mode": "ask", "log_channel": "9", "ignored_roles": ["8"]}
        data = a_file(room, guild="123", settings=settings, channels={"5": {"size": "compact", "mode": "off"}})
        asked = await hand_in(mod, room, data)
        assert "from another server" in asked.response.content
        assert "members: 4." in asked.response.content
        await mod.click(asked.response.message, label="Apply")
        assert await stored(room) == {server(room): {"mode": Mode.ASK, **kept}, at(room.channel): {"max_cards": 2}}
        assert "members: 4." in (again := await hand_in(mod, room, data)).response.content
        assert "Nothing changed" in again.response.content

    async def test_a_file_goes_in_whole(self, room: Room, mod: simcord.MemberActor) -> None:
        """It takes the place of all, says what changed, gives what was there before, and posts it in the log channel."""
        log = room.guild.create_text_channel("log")
        await room.choose(mode=Mode.ASK, style="nature")
        data = a_file(
            room,
            settings={"mode": "off", "log_channel": str(log.id)},
            channels={str(room.channel.id): {"max_cards": 2}},
        )
        result = await take(mod, room, data)
        assert result.response.flags.ephemeral
        assert components(result) == []
        assert result.response.content.splitlines()[1:] == [
            "- the server · Reply to links: Ask first, with a reaction → No card",
            "- the server · Citation style: Nature → not set",
            f"- the server · Log of changes: not set → <#{log.id}>",
            f"- <#{room.channel.id}> · Cards a message: not set → 2",
        ]
        assert (await attached(result))["settings"] == {"mode": "ask", "style": "nature"}
        assert await stored(room) == {
            server(room): {"mode": Mode.OFF, "log_channel": log.id},
            at(room.channel): {"max_cards": 2},
        }
        (posted,) = log.history()
        assert posted.content.count(f"<@{mod.id}> changed") == 4
        back = await take(mod, room, await result.response.attachments[0].read())
        assert await stored(room) == {server(room): {"mode": Mode.ASK, "style": "nature"}}
        again = await hand_in(mod, room, await result.response.attachments[0].read())
        assert again.response.content == "Nothing changed: the file says what holds already."
        assert back.response.attachments
        assert not again.response.attachments

    async def test_many_changes_fit_into_a_message(self, room: Room, mod: simcord.MemberActor) -> None:
        """What does not fit is counted."""
        log = room.guild.create_text_channel("log")
        many = {str(10**18 + number): {"mode": "off", "style": "nature"} for number in range(100)}
        result = await take(mod, room, a_file(room, settings={"log_channel": str(log.id)}, channels=many))
        for text in (result.response.content, log.history()[0].content):
            assert len(text) < 2_000
            shown = sum("→" in line for line in text.splitlines())
            assert text.endswith(f"… and {201 - shown} more")

    async def test_it_asks_first(self, room: Room, mod: simcord.MemberActor) -> None:
        """What would change is shown, with counts and what is not there; nothing changes, also not by Cancel."""
        await room.choose(mode=Mode.ASK, style="nature")
        data = a_file(
            room, settings={"mode": "off", "ignored_roles": ["77"]}, channels={"78": {"max_cards": 2}}, categories={}
        )
        asked = await hand_in(mod, room, data)
        assert asked.ephemeral
        text = asked.response.content
        assert "Chosen anew: 2. Changed: 1. Taken away: 1." in text
        assert "- the server · Reply to links: Ask first, with a reaction → No card" in text
        assert "Not in this server: channels 1, roles 1." in text
        assert text.endswith("Nothing has changed yet.")
        assert (await attached(asked))["settings"] == {"ignored_roles": ["77"], "mode": "off"}
        kept = await mod.click(asked.response.message, label="Cancel")
        assert kept.response.content == "Nothing was changed."
        assert components(kept) == []
        assert await stored(room) == {server(room): {"mode": Mode.ASK, "style": "nature"}}

    async def test_applied_after_a_restart(self, room: Room, mod: simcord.MemberActor) -> None:
        """The file is with the message, so nothing is forgotten."""
        asked = await hand_in(mod, room, a_file(room, settings={"mode": "off"}))
        await room.env.restart_bot()
        await mod.click(asked.response.message, label="Apply")
        assert await stored(room) == {server(room): {"mode": Mode.OFF}}

    async def test_another_moderator_changed_something_meanwhile(self, room: Room, mod: simcord.MemberActor) -> None:
        """It asks once more with what would change now; a second click takes it."""
        asked = await hand_in(mod, room, a_file(room, settings={"mode": "off"}))
        await room.choose(style="nature")
        again = await mod.click(asked.response.message, label="Apply")
        assert again.response.content.startswith("Something was changed meanwhile.")
        assert "Citation style: Nature → not set" in again.response.content
        assert await stored(room) == {server(room): {"style": "nature"}}
        await mod.click(again.response.message, label="Apply")
        assert await stored(room) == {server(room): {"mode": Mode.OFF}}

    async def test_permission_revoked_before_apply(self, room: Room, mod: simcord.MemberActor) -> None:
        """Refused, and nothing changed."""
        asked = await hand_in(mod, room, a_file(room, settings={"mode": "off"}))
        revoke(room, mod)
        refused = await mod.click(asked.response.message, label="Apply")
        assert refused.response.content == NotModerator.advice
        assert await stored(room) == {}

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"[" * 100_000, "it is damaged"),
            (b'{"format": 1, "format": 2}', "stands twice"),
            (b"{", "it is damaged at line 1"),
            (b"\xff\xfe\x00", "it is no text in UTF-8"),
            (b"[]", "it is not a settings file of this bot"),
            (b" " * (MOST_BYTES + 1), "it is larger than 256 KiB"),
            ({"guild": "elsewhere"}, "it is from another server"),
            ({"guild": "123", "settings": {"mode": "never"}}, '"mode" must be one of'),
            ({"settings": {"mode": "off", "max_cards": 9}}, '"settings": "max_cards" must be 1 to 5'),
            ({"settings": {"style": "no such style"}}, "is no citation style"),
            ({"channels": {"1": {"log_channel": "1"}}}, "can be chosen for the whole server only"),
            ({"settings": {"log_channel": "1"}}, "its log channel is no text channel of this server"),
        ],
    )
    async def test_a_file_that_cannot_be_used(self, room: Room, mod: simcord.MemberActor, data: Any, sentence: str) -> None:
        """It is refused whole, with what is wrong; nothing of it is taken."""
        await room.choose(mode=Mode.ASK)
        result = await hand_in(mod, room, data if isinstance(data, bytes) else a_file(room, **data))
        assert result.ephemeral
        assert result.response.content.startswith("Nothing was changed, since the file cannot be used: ")
        assert sentence in result.response.content
        assert str(refusal(room)).startswith("settings file")
        assert await stored(room) == {server(room): {"mode": Mode.ASK}}

    async def test_a_file_that_discord_does_not_give(self, room: Room, mod: simcord.MemberActor, monkeypatch) -> None:
        """One sentence."""

        async def read(_: discord.Attachment) -> bytes:
            raise discord.HTTPException(type("Response", (), {"status": 503, "reason": "gone"})(), "gone")

        monkeypatch.setattr(discord.Attachment, "read", read)
        result = await hand_in(mod, room, a_file(room))
        assert result.response.content == Unread.advice
        assert isinstance(refusal(room), Unread)

    async def test_broken_storage(self, room: Room, mod: simcord.MemberActor) -> None:
        """Nothing of the file is kept."""
        await room.choose(mode=Mode.ASK)
        await break_storage(room)
        asked = await hand_in(mod, room, a_file(room, settings={"mode": "off", "max_cards": 1}))
        result = await mod.click(asked.response.message, label="Apply")
        assert [one.content for one in result.followups] == [NotChanged.advice]
        assert await stored(room) == {server(room): {"mode": Mode.ASK}}

    async def test_a_slow_database(self, room: Room, mod: simcord.MemberActor, monkeypatch) -> None:
        """Discord hears in time; the answer takes the place of "thinking", file included."""
        slow_down(room, monkeypatch)
        asked = await hand_in(mod, room, a_file(room, settings={"mode": "off"}))
        result = await mod.click(asked.response.message, label="Apply")
        assert callbacks(room) == [{"type": 5, "data": {"flags": 64}}, {"type": 6}]
        assert asked.ephemeral
        assert "Reply to links: not set → No card" in result.response.content
        assert (await attached(result))["settings"] == {}
