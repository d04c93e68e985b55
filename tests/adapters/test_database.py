import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import reach
from bot.adapters.database.tables import Base, is_described
from bot.adapters.stores.records import Records
from bot.core.errors import ConfigurationError, StorageError
from bot.core.record import Name, Paragraph, Record
from bot.services.ports import Page, StoredPage
from tests.conftest import WRONG
from tests.references import erowid

REFERENCE = erowid(900_001)
RECORD = Record(
    REFERENCE,
    "On a drug that does not exist",
    authors=(Name(family="Van Doe", given="J. A.", suffix="Jr."), Name(literal="The Committee")),
    container_title="J Imag Pharmacol",
    issued=((1978, 7), (1978, 9)),
    volume="10",
    issue="3",
    page="251-3",
    source="J Imag Pharmacol. 1978 Jul-Sep;10(3):251-3.",
    abstract=(Paragraph("Nothing was found — at all.", "RESULTS"), Paragraph("Naïve \N{GREEK SMALL LETTER MU}-opioid\x85")),
    notes=("A note.",),
    keywords=("a", "b"),
    retraction="NOTE: Retracted.",
    comments=("A reader's word.",),
    repairs=("a stop",),
    excerpt=True,
)
STORED = StoredPage(
    Page(REFERENCE, b"<p>\x00\xff page", "windows-1252", '"v1"', "Tue, 03 Nov 2026 10:00:00 GMT"),
    RECORD,
    7,
    datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
)


async def test_a_record_comes_back_as_it_was_stored(engine: AsyncEngine) -> None:
    """Every field of page and record survives storage; the last one put wins."""
    records = Records(engine)
    assert await records.get(REFERENCE) is None
    await records.put(STORED)
    assert await records.get(REFERENCE) == STORED
    assert (await records.get(REFERENCE)).record.comments == RECORD.comments
    later = replace(STORED, read_at=STORED.read_at + timedelta(days=40), parser=8)
    await records.put(later)
    assert await records.get(REFERENCE) == later


async def test_a_damaged_row_is_a_storage_error(engine: AsyncEngine) -> None:
    """A row that cannot be read back says so, rather than give half a record."""
    records = Records(engine)
    await records.put(STORED)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE records SET record = '{\"title\": 1'"))
    with pytest.raises(StorageError, match="damaged"):
        await records.get(REFERENCE)


async def test_a_lost_table_is_a_storage_error(engine: AsyncEngine) -> None:
    """What the database refuses becomes our error, with neither statement nor parameters in its text."""
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE records"))
    with pytest.raises(StorageError) as caught:
        await Records(engine).put(STORED)
    assert "On a drug" not in str(caught.value)


async def test_migrations_give_the_tables_of_today(empty_url: str) -> None:
    """The steps in migrations/ and the classes in tables.py describe the same database."""

    def differences(connection):
        context = MigrationContext.configure(connection, opts={"include_name": is_described})
        return compare_metadata(context, Base.metadata)

    async with open_database(empty_url) as engine, engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_opening_again_changes_nothing(empty_url: str) -> None:
    """A start finds the database as the last stop left it."""
    async with open_database(empty_url) as engine:
        await Records(engine).put(STORED)
    async with open_database(empty_url) as engine:
        assert await Records(engine).get(REFERENCE) == STORED


async def test_a_database_that_a_newer_program_made(empty_url: str) -> None:
    """An older program leaves it alone, and says so."""
    async with open_database(empty_url) as engine, engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer Precis"):
        async with open_database(empty_url):
            pass


async def test_a_database_that_does_not_answer() -> None:
    """One foreseen error, without the password; it may pass."""
    with pytest.raises(StorageError) as caught:
        async with open_database("postgresql+asyncpg://u:secret@127.0.0.1:1/x"):
            pass
    assert "secret" not in str(caught.value)


async def test_a_server_that_lets_nobody_in(refused_url: str) -> None:
    """Another try mends no wrong user, password or name: configuration, and one sentence says what to do."""
    for look in (open_database(refused_url), reach(refused_url)):
        with pytest.raises(ConfigurationError, match=r"The PostgreSQL server [^.]*DATABASE_URL.*[^.]\.$") as caught:
            async with look:
                pass
        assert WRONG not in str(caught.value)


@pytest.mark.parametrize("name", ["no/such/folder/x.sqlite3", "folder", "notes.txt", "file:empty?mode=ro&uri=true"])
async def test_a_file_that_can_be_no_database(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another try mends no wrong path: configuration, and its setting is named."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.txt").write_text("These are no tables, and nobody should write over them.", "utf-8")
    (tmp_path / "empty").touch()
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        async with open_database(f"sqlite+aiosqlite:///{name}"):
            pass


async def test_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    """A file that has today's tables but may only be read is refused before the first record is lost."""
    url = f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3"
    async with open_database(url):
        pass
    read_only = f"sqlite+aiosqlite:///file:{tmp_path}/x.sqlite3?mode=ro&uri=true"  # a file's mode would not stop root
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        async with open_database(read_only):
            pass


async def test_a_database_that_another_process_writes(tmp_path: Path) -> None:
    """Another writer at the start is waited for."""
    url = f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3"
    async with open_database(url):
        pass
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        async with open_database(url) as engine:
            assert await Records(engine).get(REFERENCE) is None


async def test_processes_that_make_a_database_at_once(tmp_path: Path) -> None:
    """The tables are made once; the others wait and find them."""
    async with AsyncExitStack() as opened:
        opening = [opened.enter_async_context(open_database(f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3")) for _ in range(3)]
        for engine in await asyncio.gather(*opening):
            assert await Records(engine).get(REFERENCE) is None


async def test_records_in_memory(tmp_path) -> None:
    """The demo's database lives in memory, over one connection."""
    async with open_database("sqlite+aiosqlite://") as engine:
        await Records(engine).put(STORED)
        assert await Records(engine).get(REFERENCE) == STORED
