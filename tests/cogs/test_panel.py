"""The settings panel, as moderators click it."""

import discord
import pytest
import simcord
from simcord.components import walk_components

from bot.core.channel_settings import KEYS, Layout, Mode, Scope, Size, Target
from cogs.settings.controls import PICKED, TABS
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    at,
    components,
    line,
    menu,
    menus,
    open_panel,
    pick,
    preselected,
    said,
    server,
    stored,
    tab_of,
)

CHOSEN_BY_WORD = [name for name, key in KEYS.items() if key.kind not in PICKED]


def test_every_key_has_its_place() -> None:
    """Each key stands in exactly one part of the panel."""
    assert sorted(key for keys in TABS.values() for key in keys) == sorted(KEYS)


async def test_the_panel_is_private_and_begins_with_the_channel(room: Room, mod: simcord.MemberActor) -> None:
    """Nobody else sees it; what holds is said once, with where it comes from."""
    opened = await mod.slash(room.channel, "settings panel")
    assert opened.ephemeral
    assert f"Settings of **<#{room.channel.id}>**" in said(opened)
    assert line(opened, "mode") == "Reply to links: **Reply with a card** (default)"
    assert room.channel.history(viewer=room.alice) == []


@pytest.mark.parametrize("key", CHOSEN_BY_WORD)
async def test_every_option_of_every_menu(room: Room, mod: simcord.MemberActor, key: str) -> None:
    """Each option sets just what it says; the last removes it again."""
    shown = await open_panel(room, mod, tab_of(key))
    for option in menu(shown, key)["options"]:
        if option["value"] in {"-", "+"}:
            continue
        shown = await pick(mod, shown, key, [option["value"]])
        ((where, values),) = (await stored(room)).items()
        assert where == server(room)
        assert {name: str(value) for name, value in values.items()} == {key: option["value"]}
        assert f": **{option['label']}** (set here)" in line(shown, key)
        assert preselected(shown, key) == []
    await pick(mod, shown, key, ["-"])
    assert await stored(room) == {}


async def test_values_have_their_types(room: Room, mod: simcord.MemberActor) -> None:
    """What menus give as text is kept as what it is."""
    for key, value in {"mode": "ask", "size": "compact", "layout": "embed", "suppress": "True", "max_cards": "3"}.items():
        await pick(mod, await open_panel(room, mod, tab_of(key)), key, [value])
    await pick(mod, await open_panel(room, mod, "limits"), "cooldown", ["3600"])
    chosen = (await stored(room))[server(room)]
    expected = {"mode": Mode.ASK, "size": Size.COMPACT, "layout": Layout.EMBED, "suppress": True, "max_cards": 3}
    assert chosen == expected | {"cooldown": 3_600}
    assert [type(chosen[key]) for key in expected] == [Mode, Size, Layout, bool, int]


async def test_channel_before_category_before_server(room: Room, mod: simcord.MemberActor) -> None:
    """Each level shows what holds there and where from; taking a choice away gives the next one."""
    category = room.guild.create_category("Papers")
    inside = room.guild.create_text_channel("inside", category=category)
    await pick(mod, await open_panel(room, mod), "mode", ["ask"])
    shown = await open_panel(room, mod, channel=category)
    assert line(shown, "mode") == "Reply to links: **Ask first, with a reaction** (set for the server)"
    shown = await pick(mod, shown, "mode", ["off"])
    assert f"Settings of **<#{category.id}>**" in said(shown)
    shown = await open_panel(room, mod, channel=inside)
    assert line(shown, "mode") == "Reply to links: **No card** (set for the category)"
    assert [one["value"] for one in menu(shown, "mode")["options"]] == ["auto", "ask", "off"]
    shown = await pick(mod, shown, "mode", ["auto"])
    assert line(shown, "mode") == "Reply to links: **Reply with a card** (set here)"
    assert menu(shown, "mode")["options"][-1]["label"] == "Back to the category's value: No card"
    assert await stored(room) == {
        server(room): {"mode": Mode.ASK},
        Target(Scope.CATEGORY, category.id): {"mode": Mode.OFF},
        at(inside): {"mode": Mode.AUTO},
    }
    shown = await pick(mod, shown, "mode", ["-"])
    assert line(shown, "mode") == "Reply to links: **No card** (set for the category)"


async def test_the_chooser_goes_to_a_channel_and_back(room: Room, mod: simcord.MemberActor) -> None:
    """Its pick is shown as picked; no pick, or the button, is the server; the part of the panel stays."""
    shown = await open_panel(room, mod, "limits")
    for target in (room.guild.create_category("Papers"), room.guild.create_forum_channel("posts"), room.channel):
        shown = await mod.select(shown.response.message, [target], custom_id="precis:panel:scope:limits")
        assert f"Settings of **<#{target.id}>**" in said(shown)
        (chooser,) = [one for one in components(shown) if one.get("custom_id") == "precis:panel:scope:limits"]
        assert [str(one["id"]) for one in chooser["default_values"]] == [str(target.id)]
        assert [one["custom_id"].split(":")[2] for one in menus(shown)] == list(TABS["limits"][:-1])
    back = await mod.click(shown.response.message, label="Whole server")
    assert "Settings of **the server**" in said(back)
    shown = await mod.select(shown.response.message, [], custom_id="precis:panel:scope:limits")
    assert "Settings of **the server**" in said(shown)


async def test_a_thread_has_its_channels_settings(room: Room, mod: simcord.MemberActor) -> None:
    """Asked for a thread, the panel shows its parent channel's."""
    await room.env.bot.get_channel(room.channel.id).create_thread(name="talk", type=discord.ChannelType.public_thread)
    (thread,) = room.channel.threads
    for shown in (
        await mod.slash(thread, "settings panel"),
        await mod.slash(room.channel, "settings panel", channel=thread),
        await mod.select((await open_panel(room, mod)).response.message, [thread], custom_id="precis:panel:scope:cards"),
    ):
        assert f"Settings of **<#{room.channel.id}>**" in said(shown)


async def test_roles_and_members_to_ignore(room: Room, mod: simcord.MemberActor) -> None:
    """Set, shown as picked, added to from what holds, emptied for one channel, and taken away."""
    robots = room.guild.create_role("Robots")
    shown = await open_panel(room, mod, "people")
    shown = await pick(mod, shown, "ignored_roles", [robots])
    shown = await pick(mod, shown, "ignored_members", [room.alice])
    assert await stored(room) == {
        server(room): {"ignored_roles": frozenset({robots.id}), "ignored_members": frozenset({room.alice.id})}
    }
    assert preselected(shown, "ignored_roles") == [str(robots.id)]
    assert line(shown, "ignored_members") == "Members without cards (set here)"
    there = await mod.select(shown.response.message, [room.channel], custom_id="precis:panel:scope:people")
    assert preselected(there, "ignored_members") == [str(room.alice.id)]
    assert line(there, "ignored_roles") == "Roles without cards (set for the server)"
    there = await pick(mod, there, "ignored_members", [room.alice, mod])
    assert (await stored(room))[at(room.channel)] == {"ignored_members": frozenset({room.alice.id, mod.id})}
    there = await pick(mod, there, "ignored_members", [])
    assert (await stored(room))[at(room.channel)] == {"ignored_members": frozenset()}
    assert line(there, "ignored_members") == "Members without cards (set here)"
    there = await mod.click(there.response.message, label="Back to the server's value")
    assert at(room.channel) not in await stored(room)
    shown = await open_panel(room, mod, "people")
    shown = await pick(mod, shown, "ignored_members", [])
    await mod.click(shown.response.message, label="Back to the default")
    assert await stored(room) == {}


async def test_a_deleted_role_is_no_trouble(room: Room, mod: simcord.MemberActor) -> None:
    """It is not shown as picked, since Discord would refuse that."""
    robots = room.guild.create_role("Robots")
    await room.choose(ignored_roles=frozenset({robots.id}))
    room.env.backend.delete_role(room.guild.id, robots.id)
    await room.env.settle()
    assert preselected(await open_panel(room, mod, "people"), "ignored_roles") == []


async def test_the_log_channel_is_the_servers_alone(room: Room, mod: simcord.MemberActor) -> None:
    """It is not offered for a channel."""
    shown = await open_panel(room, mod, "people")
    shown = await pick(mod, shown, "log_channel", [room.channel])
    assert preselected(shown, "log_channel") == [str(room.channel.id)]
    there = await mod.select(shown.response.message, [room.channel], custom_id="precis:panel:scope:people")
    assert [one["custom_id"].split(":")[2] for one in menus(there)] == ["ignored_roles", "ignored_members"]
    shown = await open_panel(room, mod, "people")
    await pick(mod, shown, "log_channel", [])
    assert await stored(room) == {}


async def test_any_style_by_its_name(room: Room, mod: simcord.MemberActor) -> None:
    """Typed, kept, and shown."""
    asked = await pick(mod, await open_panel(room, mod, channel=room.channel), "style", ["+"])
    shown = await mod.submit_modal(asked, {"style": " cell "})
    assert await stored(room) == {at(room.channel): {"style": "cell"}}
    assert line(shown, "style") == "Citation style: **Cell** (set here)"


async def test_a_style_that_there_is_not(room: Room, mod: simcord.MemberActor) -> None:
    """One sentence, and nothing changed."""
    asked = await pick(mod, await open_panel(room, mod), "style", ["+"])
    refused = await mod.submit_modal(asked, {"style": "no such style"})
    assert "There is no citation style" in refused.response.content
    assert await stored(room) == {}


async def test_a_choice_from_a_file_is_shown_as_it_is(room: Room, mod: simcord.MemberActor) -> None:
    """Also a time that the panel does not offer."""
    await room.choose(cooldown=77)
    shown = await open_panel(room, mod, "limits")
    assert line(shown, "cooldown") == "Same study again: **A new card after 77 seconds** (set here)"


async def test_a_full_panel_fits_into_a_message(room: Room, mod: simcord.MemberActor) -> None:
    """At most 40 components and 4,000 characters, whatever is chosen."""
    everybody = frozenset(range(10**18, 10**18 + 25))
    mine = {"ignored_roles": everybody, "ignored_members": everybody, "style": "cell", "cooldown": 77}
    await room.services.settings.set(room.guild.id, at(room.channel), mine, by=1)
    await room.choose(log_channel=room.channel.id, **mine)
    for options in ({}, {"channel": room.channel}):
        for tab in TABS:
            shown = await open_panel(room, mod, tab, **options)
            assert len(list(walk_components(shown.response.components))) <= 40
            assert len(said(shown)) <= 4_000
