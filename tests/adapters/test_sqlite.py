"""SQLite's connections and files."""

import asyncio
import threading
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.adapters.database.engine import open_database
from bot.adapters.database.sqlite import connect
from bot.adapters.database.sqlite_file import file_of, only_one
from bot.core.errors import ConfigurationError
from tests.databases import new_file

COUNT = text("SELECT count(*) FROM people")
ADD = text("INSERT INTO people (user_id, opted_out_at) VALUES (:id, '2026-11-23 00:00:00.000000')")


@pytest.fixture
async def engine(tmp_path: Path):
    async with open_database(new_file(tmp_path / "precis.sqlite3")) as opened:
        yield opened


async def test_what_is_not_committed_is_undone(engine) -> None:
    """Left without a commit, by an error or by neither, a transaction leaves nothing behind and nothing open."""
    async with engine.connect() as connection:
        await connection.execute(ADD, {"id": 1})
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(ADD, [{"id": 2}, {"id": 3}, {"id": 2}])
    async with engine.begin() as connection:
        assert await connection.scalar(COUNT) == 0
        assert (await connection.execute(ADD, {"id": 4})).rowcount == 1
    async with engine.connect() as connection:
        assert await connection.scalar(COUNT) == 1


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancelled_transaction_is_undone(engine, turns: int) -> None:
    """Whenever a task is cancelled, what it had begun is undone or whole, and the next one finds no lock."""

    async def write() -> None:
        async with engine.begin() as connection:
            await connection.execute(ADD, {"id": 1})
            await connection.execute(ADD, {"id": 2})

    task = asyncio.create_task(write())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with engine.begin() as connection:
        assert await connection.scalar(COUNT) in {0, 2}
        await connection.execute(ADD, {"id": 3})


async def test_durability(engine) -> None:
    """Commits wait for the disk at checkpoints alone (1 is NORMAL), with a write-ahead log."""
    async with engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA synchronous")) == 1
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"


@pytest.mark.parametrize("cancelled", [False, True])
async def test_closed_twice(tmp_path: Path, cancelled: bool) -> None:
    """Whoever closes a connection that another ends does not wait for ever: the end of the process would with it."""
    before = set(threading.enumerate())
    connection = await connect(str(tmp_path / "file"))
    (thread,) = set(threading.enumerate()) - before
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    connection.stop()
    if cancelled:
        closing.cancel()
    async with asyncio.timeout(60):
        await asyncio.wait({closing})
        await connection.close()
        await asyncio.to_thread(thread.join)


async def test_aiosqlite_still_cannot_be_closed_twice(tmp_path: Path) -> None:
    """Once this fails, `bot.adapters.database.sqlite` can go, and SQLAlchemy make its connections itself."""
    before = set(threading.enumerate())
    connection = await aiosqlite.connect(tmp_path / "file")
    (thread,) = set(threading.enumerate()) - before
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    connection.stop()
    await asyncio.to_thread(thread.join)
    for _ in range(100):
        await asyncio.sleep(0)
    assert not closing.done()
    closing.cancel()
    await asyncio.wait({closing})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite+aiosqlite:///precis.sqlite3", "precis.sqlite3"),
        ("sqlite+aiosqlite:////data/precis.sqlite3", "/data/precis.sqlite3"),
        ("sqlite+aiosqlite:///file:a%2520b?uri=true", "a b"),
        ("sqlite+aiosqlite:///file:/data/x?uri=true", "/data/x"),
        ("sqlite+aiosqlite:///file:x?mode=memory&uri=true", None),
        ("sqlite+aiosqlite:///file::memory:?uri=true", None),
        ("sqlite+aiosqlite:///:memory:", None),
        ("sqlite+aiosqlite://", None),
        ("postgresql+asyncpg://u:p@h/d", None),
    ],
)
def test_the_file_of_an_address(url: str, expected: str | None) -> None:
    """By its path, or in SQLite's own way."""
    assert file_of(url) == (expected and Path(expected))


@pytest.mark.parametrize("form", ["sqlite+aiosqlite:///{}/file", "sqlite+aiosqlite:///file:{}/file?uri=true"])
def test_only_one_runs_on_a_file(tmp_path: Path, form: str) -> None:
    """However it is named; whoever comes after may, and one in memory always may."""
    url = form.format(tmp_path)
    with only_one(url):
        with pytest.raises(ConfigurationError, match="PostgreSQL"), only_one(url):
            pytest.fail("two run")
        with only_one("sqlite+aiosqlite://"), only_one("sqlite+aiosqlite://"):
            pass
    with only_one(url):
        assert [path.name for path in tmp_path.iterdir()] == ["file.lock"]
    with only_one(form.format(tmp_path / "no folder")):
        pass  # who opens the file says so
