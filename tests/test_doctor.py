"""`python -m bot doctor`: every line it can say is true, nothing secret is in it, and it changes nothing."""

import re
import sqlite3
from contextlib import closing
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner
from discord.http import Route
from sqlalchemy import select

from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import State, versions
from bot.adapters.database.tables import TurnRow
from bot.cli import main
from bot.commands.doctor.commands import differences
from bot.commands.doctor.discord import discord_checks
from bot.commands.doctor.local import database_checks, settings_checks
from bot.commands.doctor.report import Check, Level
from bot.commands.doctor.services import service_checks
from bot.commands.doctor.site import site_check
from bot.core.errors import ConfigurationError
from bot.settings import Settings
from tests.bibliography import FAULTS, open_bibliography
from tests.conftest import WRONG
from tests.site import BLOCKED, Reply, open_site
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import serve_erowid
from tests.wire.process import bot
from tests.wire.rest import Portal, broken

SECRET = "hush-hush"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*Settings.model_fields, "https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # which a client with DISCORD_API_URL moves
    monkeypatch.chdir(tmp_path)


def topics(out: str, level: str) -> set[str]:
    return {line[12:].split()[0] for line in out.splitlines() if line.startswith(level.ljust(12))}


async def test_all_is_well(tmp_path: Path) -> None:
    """A bot that is set up right gets nothing but `ok`, and 0; Erowid met one polite request, Discord no IDENTIFY."""
    async with Discord.open() as server, serve_erowid() as site:
        async with bot("sync", server, tmp_path) as process:
            assert await process.exit() == 0
        async with bot("doctor", server, tmp_path, EROWID_URL=site.url) as process:
            assert await process.exit() == 0, process.out
        assert topics(process.out, "ok") >= {
            *("precis", "settings", ".env", "contact", "proxy", "database", "disk", "erowid", "services"),
            *("token", "intent", "application", "clock", "commands", "sessions", "gateway"),
        }
        assert not re.search(r"^(warning|failed|not checked)", process.out, re.MULTILINE), process.out
        assert f"tables of version {versions()[0]}" in process.out, process.out
        assert (site.robots, site.asked) == (1, [])
        assert server.gateway.identifies == []
        assert process.log == ""


async def test_nothing_is_well(tmp_path: Path) -> None:
    """Everything is looked at, whatever fails before it; a wrong token is configuration, so 78; no password shows."""
    async with Discord.open() as server:
        wrong = {
            "DISCORD_TOKEN": "wrong.token.entirely",
            "DATABASE_URL": f"postgresql://keeper:{SECRET}@127.0.0.1:9/precis",
            "CONTACT": "",
            "HTTPS_PROXY": f"http://user:{SECRET}@127.0.0.1:9",
        }
        async with bot("doctor", server, tmp_path, **wrong) as process:
            assert await process.exit() == 78
    assert topics(process.out, "failed") == {"database", "token"}
    assert topics(process.out, "warning") == {"contact", "erowid"}
    assert "needs a login" in process.out
    assert SECRET not in process.out + process.log
    assert "copy it anew" in process.out


def test_offline_and_without_a_token(tmp_path: Path) -> None:
    """Says what it cannot check; nothing here failed, and no file was made."""
    done = CliRunner().invoke(main, ["doctor", "--offline"])
    assert done.exit_code == 0
    assert topics(done.output, "not checked") == {"erowid", "services", "discord"}
    assert "not there yet" in done.output
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """All problems in one line, and 78."""
    monkeypatch.setenv("FRESH_DAYS", "soon")
    monkeypatch.setenv("EROWID_URL", "gopher://x")
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 78
    assert re.search("^failed.*FRESH_DAYS.*EROWID_URL|^failed.*EROWID_URL.*FRESH_DAYS", done.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "mode", "level", "says"),
    [
        (f"DISCORD_TOKEN={SECRET}\n", 0o600, Level.OK, "mode 600"),
        (f"DISCORD_TOKEN={SECRET}\n", 0o644, Level.WARNING, "chmod 600"),
        (f"DATABASE_URL=postgresql://u:{SECRET}@h/d\n", 0o640, Level.WARNING, "chmod 600"),
        ("LOG_LEVEL=INFO\nDISCORD_TOKEN=\n", 0o644, Level.OK, "mode 644"),
        (f"DISCORD_TOKNE={SECRET}\n", 0o600, Level.WARNING, "DISCORD_TOKEN was meant"),
    ],
)
def test_the_file_env(text: str, mode: int, level: Level, says: str) -> None:
    """Who else may read it, and names that nearly are settings."""
    Path(".env").write_text(text, "utf-8")
    Path(".env").chmod(mode)
    lines = [check for check in settings_checks(Settings()) if check.topic == ".env"]
    assert any(check.level is level and says in check.line() for check in lines)
    assert SECRET not in "".join(check.line() for check in lines)


def one(checks: list[Check], topic: str = "database") -> Check:
    return next(check for check in checks if check.topic == topic)


async def test_a_database_in_each_state(empty_url: str, tmp_path: Path) -> None:
    """Before the first start, after it, and of a newer Precis; looking changes nothing."""
    assert one(await database_checks(empty_url)).level is Level.OK
    async with open_database(empty_url) as engine:
        assert "can be written" in one(await database_checks(empty_url)).found
        async with engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        found = one(await database_checks(empty_url))
        assert (found.level, "db upgrade" in found.advice) == (Level.WARNING, True)
        async with engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        found = one(await database_checks(empty_url))
        assert (found.level, found.configuration, "newer" in found.found) == (Level.FAILED, True, True)


async def test_a_server_that_lets_nobody_in(refused_url: str) -> None:
    """What is wrong, as a start says it, without the password; Erowid is looked at all the same."""
    found = one(await database_checks(refused_url))
    with pytest.raises(ConfigurationError) as caught:
        async with open_database(refused_url):
            pass
    assert (found.level, found.configuration, found.advice) == (Level.FAILED, True, caught.value.advice)
    assert WRONG not in found.line()
    async with serve_erowid() as site:
        found = await site_check(Settings(_env_file=None, erowid_url=site.url, database_url=refused_url))
    assert found.level is Level.OK


@pytest.mark.parametrize(("name", "says"), [("no/folder/x", "cannot be made"), ("text", "not a database"), (".", "cannot")])
async def test_a_file_that_can_be_no_database(name: str, says: str, tmp_path: Path) -> None:
    """Says so, as configuration."""
    (tmp_path / "text").write_text("These are no tables.")
    found = one(await database_checks(f"sqlite+aiosqlite:///{tmp_path}/{name}"))
    assert (found.level, found.configuration) == (Level.FAILED, True)
    assert says in found.found


async def test_a_database_that_can_only_be_read(tmp_path: Path) -> None:
    """Before a record is lost."""
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/x"):
        pass
    found = one(await database_checks(f"sqlite+aiosqlite:///file:{tmp_path}/x?mode=ro&uri=true"))
    assert (found.level, "cannot be written" in found.found) == (Level.FAILED, True)
    with closing(sqlite3.connect(tmp_path / "x")) as connection:
        connection.execute("BEGIN IMMEDIATE")  # another writer is no obstacle
        found = one(await database_checks(f"sqlite+aiosqlite:///{tmp_path}/x"))
        assert found.level is Level.OK


@pytest.mark.parametrize(
    ("state", "topic", "level"),
    [
        ({"free": 50_000_000}, "disk", Level.FAILED),
        ({"free": 500_000_000}, "disk", Level.WARNING),
        ({"free": 5_000_000_000_000}, "disk", Level.OK),
        ({"journal": "delete"}, "no write-ahead log", Level.WARNING),
        ({"log": 10**9}, "grown to 1 GB", Level.WARNING),
    ],
)
async def test_room_and_logs(
    state: dict[str, Any], topic: str, level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little room, no write-ahead log, and one that only grows."""

    async def found(_url: str) -> State:
        return State("SQLite 3", versions()[0], writable=True, size=5, **state)

    monkeypatch.setattr("bot.commands.doctor.local.state_of", found)
    checks = await database_checks(f"sqlite+aiosqlite:///{tmp_path}/x")
    assert any(topic in check.line() and check.level is level for check in checks)


@pytest.mark.parametrize(
    ("reply", "level", "says"),
    [
        (Reply(404), Level.OK, "allows"),
        (Reply(200, b"User-agent: *\nDisallow: /references/", {"Content-Type": "text/plain"}), Level.FAILED, "forbids"),
        (Reply(200, BLOCKED, {"Content-Type": "text/html"}), Level.FAILED, "blocks this bot"),
        (Reply(503), Level.WARNING, "does not answer"),
    ],
)
async def test_what_erowid_says(reply: Reply, level: Level, says: str) -> None:
    """One request, with an honest User-Agent; a refusal is said, and no way round it."""
    async with open_site(lambda: 0.0) as site:
        site.set("/robots.txt", reply)
        found = await site_check(Settings(_env_file=None, erowid_url=site.url, contact="keeper@precis.example"))
    assert [asked.path for asked in site.asked] == ["/robots.txt"]
    assert re.fullmatch(r"Precis/\S+ \(\+keeper@precis\.example\)", site.asked[0].headers["User-Agent"])
    assert (found.level, says in found.found) == (level, True)


async def test_the_doctor_takes_its_turn(tmp_path: Path) -> None:
    """Of all processes that share the database one asks Erowid a second: the doctor is one of them."""
    url = f"sqlite+aiosqlite:///{tmp_path}/x"
    async with open_database(url) as engine, open_site(lambda: 0.0) as site:
        found = await site_check(Settings(_env_file=None, erowid_url=site.url, database_url=url))
        assert found.level is Level.OK
        async with engine.connect() as connection:
            assert len((await connection.execute(select(TurnRow.name))).all()) == 1


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


def test_a_line_is_one_line_without_secrets() -> None:
    """Whatever an error's text holds."""
    line = Check(Level.FAILED, "token", f"a\nb {SECRET}", "do\r\nthis").line({SECRET})
    assert line == "failed      token        a b *** -> do this"


LATE, ALL_ASKED = [Level.WARNING, *[Level.OK] * 3], ["europepmc", "crossref", "unpaywall", "ncbi"]


@pytest.mark.parametrize(
    ("enrich", "contact", "fault", "levels", "asked"),
    [
        ("on", "keeper@precis.example", None, [Level.OK] * 4, ALL_ASKED),
        ("on", "https://precis.example", None, [Level.OK] * 4, ["europepmc", "crossref", "ncbi"]),
        ("on", "", None, [Level.OK, Level.WARNING, Level.OK, Level.OK], ["europepmc", "ncbi"]),
        ("on", "keeper@precis.example", "500", LATE, ALL_ASKED),
        ("on", "keeper@precis.example", "html", LATE, ALL_ASKED),
        ("off", "keeper@precis.example", None, [Level.OK], []),
    ],
)
async def test_bibliographic_services(
    tmp_path: Path, enrich: str, contact: str, fault: str | None, levels: list[Level], asked: list[str]
) -> None:
    """One request to each service that the bot asks; one that does not answer stops nobody, and is a warning."""
    async with open_bibliography() as services:
        if fault is not None:
            services.faults["europepmc"].append(FAULTS[fault])
        urls = {name.lower(): url for name, url in services.environment().items()}
        database = f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3"
        settings = Settings(_env_file=None, database_url=database, enrich=enrich, contact=contact, **urls)
        checks = await service_checks(settings)
    assert [check.level for check in checks] == levels
    assert [request.path.split("/")[1] for request in services.asked] == asked
    assert {check.topic for check in checks} == {"services"}
