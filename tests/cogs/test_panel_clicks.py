"""Clicks on a settings panel while the world changes: permissions, channels, other moderators, restarts, the database."""

import pytest
import simcord
from simcord.components import walk_components

from bot.core.channel_settings import Mode, Size
from bot.core.errors import NoTarget, NotChanged, NotModerator
from cogs.settings.controls import TABS
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    at,
    break_storage,
    click_unawaited,
    components,
    line,
    open_panel,
    pick,
    preselected,
    revoke,
    said,
    server,
    slow_down,
    stored,
)


@pytest.mark.parametrize("tab", TABS)
async def test_permission_revoked_between_opening_and_click(room: Room, mod: simcord.MemberActor, tab: str) -> None:
    """Each control refuses privately then, and changes nothing."""
    await room.choose(ignored_roles=frozenset({1}), ignored_members=frozenset({2}), log_channel=room.channel.id)
    before = await stored(room)
    shown = await open_panel(room, mod, tab)
    form = await pick(mod, shown, "style", ["+"]) if tab == "cards" else None
    revoke(room, mod)
    answers = [await mod.submit_modal(form, {"style": "cell"})] if form else []
    for one in components(shown):
        if one["type"] == 2 and not one["disabled"]:
            answers.append(await mod.click(shown.response.message, custom_id=one["custom_id"]))
        elif one["type"] == 3:
            values = [one["options"][0]["value"]]
            answers.append(await mod.select(shown.response.message, values, custom_id=one["custom_id"]))
        elif one["type"] in {5, 6, 8}:
            answers.append(await mod.select(shown.response.message, [], custom_id=one["custom_id"]))
    assert len(answers) >= 6
    assert {answer.response.content for answer in answers} == {NotModerator.advice}
    assert all(answer.ephemeral for answer in answers)
    assert await stored(room) == before


async def test_a_channel_deleted_between_opening_and_click(room: Room, mod: simcord.MemberActor) -> None:
    """One sentence, and nothing is kept of a channel that is gone."""
    gone = room.guild.create_text_channel("gone")
    shown = await open_panel(room, mod, channel=gone)
    people = await open_panel(room, mod, "people", channel=gone)
    form = await pick(mod, shown, "style", ["+"])
    room.env.backend.delete_channel(gone.id)
    await room.env.settle()
    answers = [
        await pick(mod, shown, "mode", ["off"]),
        await pick(mod, shown, "style", ["+"]),
        await pick(mod, people, "ignored_members", [room.alice]),
        await mod.click(shown.response.message, label="Links"),
        await mod.submit_modal(form, {"style": "cell"}),
    ]
    assert {answer.response.content for answer in answers} == {NoTarget.advice}
    assert await stored(room) == {}


async def test_a_channel_of_another_server(room: Room, mod: simcord.MemberActor) -> None:
    """Whatever a click claims, it is looked up in the server that it came from."""
    other = room.env.create_guild("Elsewhere")
    abroad = other.create_text_channel("abroad")
    shown = await open_panel(room, mod, "people")
    backend = room.env.backend
    message = backend.get_message(room.channel.id, shown.response.id)
    for component in walk_components(message.components):
        if "custom_id" in component:
            component["custom_id"] = component["custom_id"].replace(f"guild:{room.guild.id}", f"channel:{abroad.id}")
    answer = await mod.select(
        shown.response.message, [room.alice], custom_id=f"precis:set:ignored_members:channel:{abroad.id}"
    )
    assert answer.response.content == NoTarget.advice
    for component in walk_components(message.components):
        if "custom_id" in component:
            component["custom_id"] = component["custom_id"].replace(f"channel:{abroad.id}", f"guild:{other.id}")
    answer = await mod.click(shown.response.message, label="Cards")
    assert answer.response.content == NoTarget.advice
    assert await stored(room) == {}


async def test_a_log_channel_that_is_no_text_channel(room: Room, mod: simcord.MemberActor) -> None:
    """The server's own text channels only."""
    category = room.guild.create_category("Papers")
    shown = await open_panel(room, mod, "people")
    refused = await pick(mod, shown, "log_channel", [category])
    assert refused.response.content == NoTarget.advice
    assert await stored(room) == {}


async def test_broken_storage_changes_nothing(room: Room, mod: simcord.MemberActor) -> None:
    """One sentence, and neither the database nor memory has half of it."""
    await room.choose(mode=Mode.ASK)
    await break_storage(room)
    shown = await open_panel(room, mod)
    refused = await pick(mod, shown, "mode", ["off"])
    assert refused.ephemeral
    assert refused.response.content == NotChanged.advice
    people = await open_panel(room, mod, "people")
    assert (await pick(mod, people, "ignored_members", [mod])).response.content == NotChanged.advice
    assert await stored(room) == {server(room): {"mode": Mode.ASK}}
    assert "**Ask first, with a reaction**" in line(await open_panel(room, mod), "mode")


async def test_two_moderators_at_once_lose_nothing(room: Room, mod: simcord.MemberActor) -> None:
    """Each writes its own key; to a list each adds, and takes away, just what it saw; both see all of it then."""
    other = room.add_moderator("other")
    mine, theirs = await open_panel(room, mod), await open_panel(room, other)
    await pick(mod, mine, "mode", ["ask"])
    seen = await pick(other, theirs, "size", ["compact"])
    assert "**Ask first, with a reaction**" in line(seen, "mode")
    mine, theirs = await open_panel(room, mod, "people"), await open_panel(room, other, "people")
    await pick(mod, mine, "ignored_members", [room.alice])
    seen = await pick(other, theirs, "ignored_members", [mod])
    assert sorted(preselected(seen, "ignored_members")) == sorted([str(room.alice.id), str(mod.id)])
    mine = await open_panel(room, mod, "people")
    await pick(other, seen, "ignored_members", [room.alice])
    await pick(mod, mine, "ignored_members", [room.alice, mod, other])
    assert (await stored(room))[server(room)] == {
        "mode": Mode.ASK,
        "size": Size.COMPACT,
        "ignored_members": frozenset({room.alice.id, other.id}),
    }


async def test_two_clicks_in_the_same_moment(room: Room, mod: simcord.MemberActor) -> None:
    """What one adds while the other's change is under way stays."""
    shown = await open_panel(room, mod, "people")
    for one in (room.alice, mod):
        click_unawaited(room, mod, shown, "ignored_members", one)
    await room.env.settle()
    assert (await stored(room))[server(room)] == {"ignored_members": frozenset({room.alice.id, mod.id})}


async def test_a_panel_works_on_after_a_restart(room: Room, mod: simcord.MemberActor) -> None:
    """Menus, buttons, the chooser and the form that was open."""
    shown = await open_panel(room, mod, channel=room.channel)
    form = await pick(mod, shown, "style", ["+"])
    await room.env.restart_bot()
    shown = await mod.submit_modal(form, {"style": "cell"})
    shown = await pick(mod, shown, "mode", ["ask"])
    shown = await mod.click(shown.response.message, label="People and log")
    shown = await pick(mod, shown, "ignored_members", [room.alice])
    shown = await mod.click(shown.response.message, label="Back to the default")
    shown = await mod.select(shown.response.message, [], custom_id="precis:panel:scope:people")
    assert "Settings of **the server**" in said(shown)
    assert await stored(room) == {at(room.channel): {"style": "cell", "mode": Mode.ASK}}


async def test_a_slow_database_is_waited_for(room: Room, mod: simcord.MemberActor, monkeypatch) -> None:
    """Discord hears within its three seconds; the panel shows what holds once it is written, or the failure."""
    slow_down(room, monkeypatch)
    shown = await open_panel(room, mod)
    changed = await pick(mod, shown, "mode", ["off"])
    assert changed.deferred
    refreshed = await open_panel(room, mod)
    assert "**No card**" in line(refreshed, "mode")
    source = [one for one in room.channel.history(viewer=mod) if one.id == shown.response.id]
    assert "No card" in str([one.to_dict() for one in source[0].components])
    await break_storage(room)
    refused = await pick(mod, refreshed, "mode", ["ask"])
    (sentence,) = refused.followups
    assert sentence.ephemeral
    assert sentence.content == NotChanged.advice
