"""Backups: all that a database holds at one moment, whole or not at all, from either database and into either."""

import asyncio
import os
import re
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.database.columns import Utc, Written, WrittenAll
from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import state_of, versions
from bot.adapters.database.tables import Base
from bot.adapters.stores.backup import PASSING, back_up, restore
from bot.adapters.stores.library import LibraryShelves
from bot.adapters.stores.records import Records
from bot.adapters.stores.settings import StoredSettings
from bot.cli import main
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import ConfigurationError, OutputFailed, StorageError
from bot.services.guild_settings import SettingsService
from tests.adapters.test_database import STORED
from tests.adapters.test_migrations import NOW, migrate
from tests.references import erowid


async def fill(engine: AsyncEngine, *, records: int = 3) -> None:
    """Put rows into every table."""
    store = Records(engine)
    for number in range(1, records + 1):
        reference = erowid(number)
        page, record = replace(STORED.page, reference=reference), replace(STORED.record, reference=reference)
        await store.put(replace(STORED, page=page, record=record))
    channels = SettingsService(StoredSettings(engine), now=lambda: NOW)
    await channels.set(5, Target(Scope.GUILD, 5), {"mode": Mode.OFF, "style": "nature"}, by=6)
    async with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if (await connection.execute(select(table))).first() is None:
                await connection.execute(table.insert().values({column.name: _value(column) for column in table.columns}))


def _value(column: Any) -> Any:
    if isinstance(column.type, Written):
        return erowid(7)
    if isinstance(column.type, WrittenAll):
        return erowid(7), erowid(8)
    kind = datetime if isinstance(column.type, Utc) else column.type.python_type
    return {int: 7, float: 7.5, str: "x", bytes: b"x", bool: True, datetime: datetime(2026, 11, 23, 5, 6, 7, 891, UTC)}[kind]


async def rows(engine: AsyncEngine) -> dict[str, list[Any]]:
    """All that the tables hold."""
    async with engine.connect() as connection:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in PASSING]
        return {table.name: (await connection.execute(select(table).order_by(*table.primary_key))).all() for table in tables}


@asynccontextmanager
async def filled(url: str) -> AsyncIterator[AsyncEngine]:
    async with open_database(url) as engine:
        await fill(engine)
        yield engine


async def test_the_round_trip(database_url: str, postgresql: str, tmp_path: Path) -> None:
    """From either database, taken while it is open, into SQLite and from that into either: each row, word and counter."""
    file, again = tmp_path / "a backup? #1", tmp_path / "again"
    async with filled(database_url) as engine:
        size = await back_up(database_url, file)
        assert size == file.stat().st_size
        held = await rows(engine)
        assert all(held.values())
    other = f"sqlite+aiosqlite:///{tmp_path}/other.sqlite3"
    count = await restore(other, file)
    assert count == sum(map(len, held.values()))
    await back_up(other, again)
    async with open_database(database_url) as engine:
        await StoredSettings(engine).revisions()
    await restore(database_url, again, force=True)
    for url in (other, database_url):
        async with open_database(url) as engine:
            assert await rows(engine) == held
            hits = await LibraryShelves(engine).search("exist drug", most=9)
            assert {hit.reference for hit in hits} == {erowid(1), erowid(2), erowid(3)}
            channels = SettingsService(StoredSettings(engine), now=lambda: NOW)
            await channels.refresh()
            await channels.set(5, Target(Scope.GUILD, 5), {"mode": Mode.AUTO}, by=6)  # the counter goes on
            assert len((await rows(engine))["changes"]) == len(held["changes"]) + 1


async def test_taken_while_others_write(database_url: str, tmp_path: Path) -> None:
    """It holds one moment: of what is written in one transaction all or nothing."""
    async with filled(database_url) as engine:
        stop = asyncio.Event()

        async def write() -> int:
            number = 100
            while not stop.is_set():
                number += 2
                async with engine.begin() as connection:
                    for one in (number, number + 1):
                        await connection.execute(
                            text("INSERT INTO people (user_id, opted_out_at) VALUES (:one, '2026-11-23 00:00:00+00')"),
                            {"one": one},
                        )
                await asyncio.sleep(0)
            return number

        writing = asyncio.create_task(write())
        for number in range(3):
            await back_up(database_url, tmp_path / f"{number}")
            with closing(sqlite3.connect(tmp_path / f"{number}")) as copy:
                (count,) = copy.execute("SELECT count(*) FROM people WHERE user_id > 100").fetchone()
            assert count % 2 == 0
        stop.set()
        assert await writing > 102


async def test_the_file_is_for_its_owner_and_whole_in_itself(database_url: str, tmp_path: Path) -> None:
    """It names people, so nobody else may read it; nothing stands beside it, and it passes SQLite's own check."""
    folder = tmp_path / "backups"
    folder.mkdir()
    async with filled(database_url):
        await back_up(database_url, folder / "file")
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert (folder / "file").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(folder / "file")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


async def test_never_over_what_is_there(database_url: str, tmp_path: Path) -> None:
    """A file that is there stays as it is, but for --force; and so do rows that are there."""
    file = tmp_path / "file"
    file.write_text("mine")
    async with filled(database_url):
        with pytest.raises(OutputFailed, match="--force"):
            await back_up(database_url, file)
        assert file.read_text() == "mine"
        await back_up(database_url, file, force=True)
        with pytest.raises(ConfigurationError, match=r"rows already.*--force"):
            await restore(database_url, file)


async def test_what_is_no_backup(tmp_path: Path) -> None:
    """Nothing is taken from a file that is none, is not there, or is of a version to come; the database is not touched."""
    url = f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3"
    (tmp_path / "text").write_text("These are no tables.")
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE alien (id)")
    with closing(sqlite3.connect(tmp_path / "later")) as later:
        later.execute("CREATE TABLE alembic_version (version_num)")
        later.execute("INSERT INTO alembic_version VALUES ('9999')")
        later.commit()
    for name in ("text", "other", "later", "missing"):
        with pytest.raises(ConfigurationError, match=name):
            await restore(url, tmp_path / name)
    assert not (tmp_path / "x.sqlite3").exists()
    assert not (tmp_path / "missing").exists()
    with pytest.raises(ConfigurationError, match="newer"):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/later"):
            pass


async def test_a_backup_of_an_older_version(tmp_path: Path) -> None:
    """It is brought up to date on its way, and stays itself as it was."""
    old = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/old")
    await migrate(old, "0002")
    async with old.begin() as connection:
        await connection.execute(text("INSERT INTO guilds (guild_id, revision) VALUES (5, 3)"))
    await old.dispose()
    before = (tmp_path / "old").read_bytes()
    url = f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3"
    assert await restore(url, tmp_path / "old") == 1
    assert (tmp_path / "old").read_bytes() == before
    async with open_database(url) as engine:
        assert [row[:2] for row in (await rows(engine))["guilds"]] == [(5, 3)]


async def test_nothing_to_back_up(tmp_path: Path) -> None:
    """A database in memory, one that is not there, and the database itself."""
    file = tmp_path / "file"
    for url in ("sqlite+aiosqlite://", f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3"):
        with pytest.raises(ConfigurationError, match="nothing to back up"):
            await back_up(url, file)
    async with filled(url):
        for force in (False, True):
            with pytest.raises(ConfigurationError, match="itself"):
                await back_up(url, tmp_path / "x.sqlite3", force=force)
    assert not file.exists()
    with pytest.raises(OutputFailed, match="no/such"):
        await back_up(url, tmp_path / "no" / "such" / "file")
    with pytest.raises(StorageError):
        await back_up("postgresql+asyncpg://u:secret@127.0.0.1:1/x", file)
    assert not file.exists()


@contextmanager
def small_disk() -> Iterator[None]:
    """Let this process write no file beyond a size: it fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk(database_url: str, tmp_path: Path) -> None:
    """A disk that takes no more leaves no half file and the older backup as it was, and ends with one sentence."""
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "file").write_text("older")
    asyncio.run(fill_pages(database_url))
    with small_disk():
        done = CliRunner().invoke(
            main, ["db", "backup", "--force", str(folder / "file")], env={"DATABASE_URL": database_url}
        )
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert re.search(r"file: .*full", done.stderr)
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert (folder / "file").read_text() == "older"


async def fill_pages(url: str) -> None:
    """Store pages of 780,000 bytes in all."""
    async with open_database(url) as engine:
        store = Records(engine)
        for number in range(1, 40):
            page = replace(STORED.page, reference=erowid(number), body=os.urandom(20_000))
            await store.put(replace(STORED, page=page, record=replace(STORED.record, reference=page.reference)))


def test_a_backup_of_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From another folder than the bot's: it is refused, and makes no empty database."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["db", "backup", "file"], env={"DATABASE_URL": "sqlite:///precis.sqlite3"})
    assert done.exit_code == 78
    assert done.stderr.startswith(f"There is no database at {tmp_path}/precis.sqlite3: ")
    assert list(tmp_path.iterdir()) == []


async def test_the_state_of_a_database(empty_url: str, tmp_path: Path) -> None:
    """Version, size, whether it can be written; looking changes nothing, and makes no file."""
    assert await state_of(f"sqlite+aiosqlite:///{tmp_path}/none") is None
    assert not (tmp_path / "none").exists()
    if empty_url.startswith("postgresql"):
        assert (await state_of(empty_url)).version is None
    async with filled(empty_url):
        state = await state_of(empty_url)
    assert (state.version, state.writable, state.journal) == (versions()[0], True, "wal")
    assert state.size > 10_000
    assert state.kind.startswith(("SQLite 3.", "PostgreSQL 1"))
    assert (state.free is None) is empty_url.startswith("postgresql")
