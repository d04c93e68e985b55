"""What the doctor says of Discord: token, intent, clock, commands, sessions and gateway."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from bot.commands.doctor.discord import discord_checks
from bot.commands.doctor.report import Check, Level
from bot.commands.doctor.slash_commands import differences
from bot.settings import Settings
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.rest import Portal, broken


def settings_for(server: Discord, **more: Any) -> Settings:
    given = {"discord_api_url": server.api_url, "discord_gateway_url": server.gateway_url, "discord_token": TOKEN}
    return Settings(_env_file=None, **given | more)


async def looked(server: Discord, **more: Any) -> dict[str, Check]:
    return {check.topic: check async for check in discord_checks(settings_for(server, **more))}


async def test_what_discord_grants() -> None:
    """The intent, missing or not asked for; commands that were never sent; few sessions left."""
    async with Discord.open() as discord_server:
        await _what_discord_grants(discord_server)


async def _what_discord_grants(discord_server: Discord) -> None:
    discord_server.gateway.message_content = False
    discord_server.gateway.identifies = [{}] * 960
    found = await looked(discord_server)
    assert (found["intent"].level, found["intent"].configuration) == (Level.FAILED, True)
    assert (found["commands"].level, found["commands"].advice) == (Level.WARNING, "python -m bot sync")
    assert "missing: " in found["commands"].found
    assert found["sessions"].level is Level.WARNING
    assert found["gateway"].level is found["clock"].level is Level.OK
    assert (await looked(discord_server, message_content=False))["intent"].level is Level.OK


@pytest.mark.parametrize(("seconds", "level"), [(-3600, Level.WARNING), (0, Level.OK), (3600, Level.WARNING)])
async def test_a_clock_that_is_wrong(seconds: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord's date against ours."""
    respond = web.Response.__init__

    def dated(self: web.Response, *args: Any, **kwargs: Any) -> None:
        respond(self, *args, **kwargs)
        self.headers["Date"] = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)

    async with Discord.open() as server:
        monkeypatch.setattr(web.Response, "__init__", dated)
        found = (await looked(server))["clock"]
    assert found.level is level
    assert ("behind" if seconds > 0 else "ahead" if seconds else "as Discord's") in found.found


@pytest.mark.parametrize(
    ("fault", "configuration"),
    [(Portal(200, 0, ""), False), (broken(403), True), (None, False)],
    ids=["portal", "403", "cut"],
)
async def test_discord_in_trouble(fault: Any, configuration: bool) -> None:
    """Each thing is looked at by itself: what fails first hides no other, and a page in Discord's place is seen."""
    async with Discord.open() as server:
        server.rest.fault("GET", "/commands", fault, times=9)
        found = await looked(server)
    assert (found["commands"].level, found["commands"].configuration) == (Level.FAILED, configuration)
    assert found["sessions"].level is found["gateway"].level is Level.OK


async def test_a_gateway_that_is_none() -> None:
    """What answers in the gateway's place is told from it."""
    async with Discord.open() as server:
        server.gateway.garbled = 1
        assert (await looked(server))["gateway"].level is Level.FAILED
        server.gateway.close_early.append(0)
        assert (await looked(server))["gateway"].level is Level.FAILED
        gone = await looked(server, discord_gateway_url="ws://127.0.0.1:9")
        assert gone["gateway"].level is Level.FAILED


OURS = {
    "name": "study",
    "type": 1,
    "description": "d",
    "nsfw": False,
    "dm_permission": True,
    "default_member_permissions": 32,
    "contexts": [0, 1, 2],
    "integration_types": [0, 1],
    "name_localizations": {"de": "studie"},
    "options": [
        {
            "name": "days",
            "type": 4,
            "description": "e",
            "required": False,
            "min_value": 1,
            "choices": [{"name": "a", "value": 1}],
        }
    ],
}
THEIRS = {
    "id": "5",
    "application_id": "6",
    "version": "7",
    "name": "study",
    "description": "d",
    "default_member_permissions": "32",
    "contexts": [2, 1, 0],
    "integration_types": [1, 0],
    "name_localizations": {"de": "studie"},
    "description_localizations": None,
    "options": [{"name": "days", "type": 4, "description": "e", "min_value": 1.0, "choices": [{"name": "a", "value": 1}]}],
}


def test_commands_that_are_alike() -> None:
    """What Discord adds, leaves out or writes otherwise makes no difference."""
    assert differences([OURS], [THEIRS]) == ([], [], [])


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(description="other"),
        lambda one: one.update(name_localizations={}),
        lambda one: one.update(contexts=[0]),
        lambda one: one.update(default_member_permissions=None),
        lambda one: one["options"].clear(),
        lambda one: one["options"][0].update(min_value=2),
        lambda one: one["options"][0].update(choices=[]),
        lambda one: one["options"][0].update(required=True),
    ],
)
def test_commands_that_differ(change: Any) -> None:
    """Every part that a reader can notice counts."""
    other = deepcopy(THEIRS)
    change(other)
    assert differences([OURS], [other]) == ([], ["study"], [])
    menu = {"name": "study", "type": 3}
    assert differences([OURS, menu], [THEIRS, {"name": "old", "type": 1}]) == (["study"], [], ["old"])
