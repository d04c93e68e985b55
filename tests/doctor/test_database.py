"""What the doctor says of the database and its disk."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import State, versions
from bot.commands.doctor.local import database_checks
from bot.commands.doctor.report import Check, Level
from bot.commands.doctor.site import site_check
from bot.core.errors import ConfigurationError
from bot.settings import Settings
from tests.conftest import WRONG
from tests.wire.erowid import serve_erowid


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
async def test_room_and_logs(state: dict[str, Any], topic: str, level: Level, tmp_path: Path) -> None:
    """Too little room, no write-ahead log, and one that only grows."""

    async def found(_url: str) -> State:
        return State("SQLite 3", versions()[0], writable=True, size=5, **state)

    checks = await database_checks(f"sqlite+aiosqlite:///{tmp_path}/x", found)
    assert any(topic in check.line() and check.level is level for check in checks)
