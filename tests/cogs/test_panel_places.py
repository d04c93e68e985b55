"""The places of a settings panel, its buttons of one click, and *Undo*."""

import pytest
import simcord

from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import NoTarget, NotModerator, NotUndone
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    at,
    components,
    labels,
    menu,
    open_panel,
    pick,
    revoke,
    said,
    server,
    stored,
)


@pytest.fixture
def inside(room: Room) -> simcord.ChannelHandle:
    """A channel of a category."""
    return room.guild.create_text_channel("inside", category=room.guild.create_category("Papers"))


def category(room: Room, channel: simcord.ChannelHandle) -> Target:
    return Target(Scope.CATEGORY, room.env.bot.get_channel(channel.id).category_id)


async def test_off_here_in_one_click(room: Room, mod: simcord.MemberActor, inside: simcord.ChannelHandle) -> None:
    """And on again with the next; nothing else is changed."""
    shown = await mod.slash(inside, "settings panel")
    shown = await mod.click(shown.response.message, label="Off here")
    assert await stored(room) == {at(inside): {"mode": Mode.OFF}}
    assert "Off here" not in labels(shown)
    await mod.click(shown.response.message, label="On here")
    assert await stored(room) == {}


async def test_ask_in_the_category_in_two(room: Room, mod: simcord.MemberActor, inside: simcord.ChannelHandle) -> None:
    """And at once again with the next."""
    shown = await mod.slash(inside, "settings panel")
    shown = await mod.click(shown.response.message, label="Category")
    shown = await mod.click(shown.response.message, label="Ask first here")
    assert await stored(room) == {category(room, inside): {"mode": Mode.ASK}}
    await mod.click(shown.response.message, label="Reply at once here")
    assert await stored(room) == {}


async def test_a_style_here_in_two(room: Room, mod: simcord.MemberActor) -> None:
    """Opening the menu is the first click, the style the second."""
    await pick(mod, await mod.slash(room.channel, "settings panel"), "style", ["nlm-citation-sequence"])
    assert await stored(room) == {at(room.channel): {"style": "nlm-citation-sequence"}}


@pytest.mark.parametrize("of_server", [Mode.OFF, Mode.ASK])
async def test_one_click_against_what_is_inherited(
    room: Room, mod: simcord.MemberActor, inside: simcord.ChannelHandle, of_server: Mode
) -> None:
    """The channel gets a value of its own; the server keeps its one."""
    await room.choose(mode=of_server)
    shown = await mod.slash(inside, "settings panel")
    await mod.click(shown.response.message, label="On here" if of_server is Mode.OFF else "Reply at once here")
    assert await stored(room) == {server(room): {"mode": of_server}, at(inside): {"mode": Mode.AUTO}}


async def test_the_server_is_named_where_it_is_meant(room: Room, mod: simcord.MemberActor) -> None:
    """A click that silences every channel says so."""
    shown = await mod.slash(room.channel, "settings panel")
    assert "Category" not in labels(shown)
    shown = await mod.click(shown.response.message, label="Whole server")
    assert [one for one in labels(shown) if "server" in one] == [
        "Whole server",
        "Off in the whole server",
        "Ask first in the whole server",
    ]
    await mod.click(shown.response.message, label="Off in the whole server")
    assert await stored(room) == {server(room): {"mode": Mode.OFF}}


async def test_there_and_back(room: Room, mod: simcord.MemberActor, inside: simcord.ChannelHandle) -> None:
    """The place shown stands in bold and its button is off; the part of the panel stays."""
    shown = await mod.slash(inside, "settings panel")
    shown = await mod.click(shown.response.message, label="Links")
    for label, place in {
        "Category": f"<#{category(room, inside).id}>",
        "Whole server": "the server",
        "This channel": f"<#{inside.id}>",
    }.items():
        shown = await mod.click(shown.response.message, label=label)
        assert f"Settings of **{place}**" in said(shown)
        assert [one["label"] for one in components(shown) if one.get("disabled")] == [label, "Links"]
    shown = await mod.select(shown.response.message, [room.channel], custom_id="precis:panel:scope:limits")
    assert f"Settings of **<#{room.channel.id}>**" in said(shown)
    shown = await mod.click(shown.response.message, label="This channel")
    assert f"Settings of **<#{inside.id}>**" in said(shown)


async def test_an_old_panel_changes_the_place_that_it_shows(room: Room, mod: simcord.MemberActor) -> None:
    """However many others were opened since, and after a restart."""
    old = await open_panel(room, mod, channel=room.channel)
    await open_panel(room, mod)
    await room.env.restart_bot()
    await mod.click(old.response.message, label="Off here")
    assert await stored(room) == {at(room.channel): {"mode": Mode.OFF}}


class TestUndo:
    async def test_one_change(self, room: Room, mod: simcord.MemberActor) -> None:
        """The old value is back, others stay, the history has both; also after a restart. That can be undone too."""
        await room.choose(style="nature", mode=Mode.ASK)
        shown = await open_panel(room, mod)
        assert "Undo" not in labels(shown)
        changed = await pick(mod, shown, "style", ["nlm-citation-sequence"])
        await room.choose(max_cards=2)
        await room.env.restart_bot()
        shown = await mod.click(changed.response.message, label="Undo")
        assert await stored(room) == {server(room): {"style": "nature", "mode": Mode.ASK, "max_cards": 2}}
        assert len(await room.services.settings.history(room.guild.id)) == 5
        await mod.click(shown.response.message, label="Undo")
        assert (await stored(room))[server(room)]["style"] == "nlm-citation-sequence"

    async def test_a_list(self, room: Room, mod: simcord.MemberActor) -> None:
        """However long it was, all of it is back."""
        many = frozenset(range(10**18, 10**18 + 25))
        await room.services.settings.set(room.guild.id, at(room.channel), {"ignored_members": many}, by=1)
        shown = await open_panel(room, mod, "people", channel=room.channel)
        shown = await mod.click(shown.response.message, custom_id=f"precis:unset:ignored_members:channel:{room.channel.id}")
        assert await stored(room) == {}
        shown = await mod.click(shown.response.message, label="Undo")
        assert await stored(room) == {at(room.channel): {"ignored_members": many}}
        assert menu(shown, "ignored_members")

    async def test_the_place_is_that_of_the_change(self, room: Room, mod: simcord.MemberActor) -> None:
        """A panel that has gone to another place offers no undo; an older one shows the place of its change."""
        changed = await pick(mod, await open_panel(room, mod), "mode", ["off"])
        other = await mod.slash(room.channel, "settings panel")
        assert "Undo" not in labels(other)
        shown = await mod.click(changed.response.message, label="Undo")
        assert "Settings of **the server**" in said(shown)
        assert await stored(room) == {}

    async def test_changed_again_since(self, room: Room, mod: simcord.MemberActor) -> None:
        """What somebody else set later stays."""
        changed = await pick(mod, await open_panel(room, mod), "mode", ["off"])
        await room.choose(mode=Mode.ASK)
        refused = await mod.click(changed.response.message, label="Undo")
        assert refused.response.content == NotUndone.advice
        assert await stored(room) == {server(room): {"mode": Mode.ASK}}

    async def test_permission_revoked(self, room: Room, mod: simcord.MemberActor) -> None:
        """Refused privately, as each click of one change."""
        changed = await pick(mod, await open_panel(room, mod), "mode", ["off"])
        revoke(room, mod)
        for label in ("Undo", "On in the whole server", "This channel"):
            refused = await mod.click(changed.response.message, label=label)
            assert refused.ephemeral
            assert refused.response.content == NotModerator.advice
        assert await stored(room) == {server(room): {"mode": Mode.OFF}}

    async def test_a_channel_that_is_gone(self, room: Room, mod: simcord.MemberActor) -> None:
        """One sentence."""
        gone = room.guild.create_text_channel("gone")
        changed = await pick(mod, await open_panel(room, mod, channel=gone), "mode", ["off"])
        room.env.backend.delete_channel(gone.id)
        await room.env.settle()
        for label in ("Undo", "On here"):
            refused = await mod.click(changed.response.message, label=label)
            assert refused.response.content in {NoTarget.advice, NotUndone.advice}
        assert await stored(room) == {}

    async def test_another_servers_change(self, room: Room, mod: simcord.MemberActor) -> None:
        """Its number is none of this server's, whatever a click claims."""
        other = room.env.create_guild("Elsewhere")
        await room.services.settings.set(other.id, Target(Scope.GUILD, other.id), {"mode": Mode.OFF}, by=1)
        (theirs,) = await room.services.settings.history(other.id)
        changed = await pick(mod, await open_panel(room, mod), "mode", ["ask"])
        message = room.env.backend.get_message(room.channel.id, changed.response.id)
        (button,) = [one for one in simcord.components.walk_components(message.components) if one.get("label") == "Undo"]
        button["custom_id"] = f"precis:undo:{theirs.number}"
        refused = await mod.click(changed.response.message, label="Undo")
        assert refused.response.content == NotUndone.advice
        assert room.services.settings.overrides(other.id)


async def test_a_voice_channel(room: Room, mod: simcord.MemberActor) -> None:
    """The panel opens on it as on any other."""
    voice = room.guild.create_voice_channel("talk")
    assert f"Settings of **<#{voice.id}>**" in said(await mod.slash(voice, "settings panel"))
