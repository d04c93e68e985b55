"""What the tests of `/settings` share."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import simcord
from simcord import interactions
from simcord.backend import serializers
from simcord.components import walk_components
from sqlalchemy import text

from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Scope, Target, Value
from bot.core.errors import BotError
from bot.core.phrase import english
from cogs.settings.controls import TABS
from cogs.settings.wording import key_name
from tests.cogs.conftest import Room


def revoke(room: Room, member: simcord.MemberActor) -> None:
    """Take Manage Server away again."""
    room.env.backend.remove_member_role(room.guild.id, member.id, room.guild.roles["Moderators"].id)


async def break_storage(room: Room) -> None:
    """Let every change fail at its last step, the history."""
    async with room.engine.begin() as connection:
        await connection.execute(
            text("CREATE TRIGGER broken BEFORE INSERT ON changes BEGIN SELECT RAISE(ABORT, 'disk gone'); END")
        )


def slow_down(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database take longer than Discord is left waiting."""

    def slowly(work):
        async def wait(*args, **kwargs):
            await asyncio.sleep(0.2)
            return await work(*args, **kwargs)

        return wait

    room.env.bot.slow = 0
    monkeypatch.setattr(StoredSettings, "change", slowly(StoredSettings.change))
    monkeypatch.setattr(StoredSettings, "history", slowly(StoredSettings.history))


async def stored(room: Room) -> dict[Target, dict[str, Value]]:
    """What the database holds: not what memory does, which must be the same."""
    loaded = await StoredSettings(room.engine).load([room.guild.id])
    found = loaded[room.guild.id].overrides if loaded else {}
    assert found == room.services.settings.overrides(room.guild.id)
    return {target: dict(values) for target, values in found.items()}


def server(room: Room) -> Target:
    return Target(Scope.GUILD, room.guild.id)


def at(channel: simcord.ChannelHandle) -> Target:
    return Target(Scope.CHANNEL, channel.id)


def components(result: Any) -> list[dict[str, Any]]:
    return list(walk_components(result.response.components))


def said(result: Any) -> str:
    """All that a message says."""
    return "\n".join([result.response.content, *(one["content"] for one in components(result) if one["type"] == 10)])


def labels(result: Any) -> list[str]:
    """The labels of a message's buttons."""
    return [one["label"] for one in components(result) if one["type"] == 2]


def menus(result: Any) -> Iterator[dict[str, Any]]:
    return (one for one in components(result) if one.get("custom_id", "").startswith("precis:set:"))


def menu(result: Any, key: str) -> dict[str, Any]:
    (found,) = [one for one in menus(result) if one["custom_id"].split(":")[2] == key]
    return found


def preselected(result: Any, key: str) -> list[str]:
    """What a menu shows as picked."""
    found = menu(result, key)
    if "options" in found:
        return [one["value"] for one in found["options"] if one["default"]]
    return [str(one["id"]) for one in found.get("default_values", [])]


def line(result: Any, key: str) -> str:
    """What a panel says of a key: `Reply to links: **No card** (set here)`."""
    (found,) = [one for one in said(result).splitlines() if one.startswith(key_name(english, key))]
    return found


async def open_panel(room: Room, actor: simcord.MemberActor, tab: str = "cards", **options: Any) -> Any:
    """A panel at one of its parts; with no channel given, of the whole server."""
    opened = await actor.slash(room.channel, "settings panel", **options)
    if not options:
        place = f"precis:panel:place:cards:guild:{room.guild.id}"
        opened = await actor.click(opened.response.message, custom_id=place)
    if tab == "cards":
        return opened
    (button,) = [one for one in components(opened) if one.get("custom_id", "").startswith(f"precis:panel:tab:{tab}:")]
    return await actor.click(opened.response.message, custom_id=button["custom_id"])


async def pick(actor: simcord.MemberActor, shown: Any, key: str, values: list[Any]) -> Any:
    """Pick something in a key's menu."""
    return await actor.select(shown.response.message, values, custom_id=menu(shown, key)["custom_id"])


def click_unawaited(room: Room, actor: simcord.MemberActor, shown: Any, key: str, picked: Any) -> None:
    """Let Discord say that somebody was picked in a key's menu, and go on at once."""
    backend, resolved, found = room.env.backend, {}, menu(shown, key)
    interactions.resolve_handle(actor, picked, resolved, channel_id=shown.response.channel_id)
    record, payload = interactions.base_payload(
        backend,
        type=3,
        channel_id=shown.response.channel_id,
        guild_id=actor.guild.id,
        user_id=actor.id,
        data={
            "custom_id": found["custom_id"],
            "component_type": found["type"],
            "values": [str(picked.id)],
            "resolved": resolved,
        },
    )
    message = backend.get_message(shown.response.channel_id, shown.response.id)
    record.source_message_id = message.id
    backend.emit("INTERACTION_CREATE", payload | {"message": dict(serializers.message_payload(backend, message))})


def tab_of(key: str) -> str:
    return next(tab for tab, keys in TABS.items() if key in keys)


def callbacks(room: Room) -> list[Any]:
    """The first answers to interactions."""
    return [request.json for request in room.env.http_requests if request.path.endswith("/callback")]


def refusal(room: Room) -> BotError:
    """What the last command failed with, which is so acknowledged."""
    error = room.env.errors[-1].original
    assert isinstance(error, BotError)
    return error
