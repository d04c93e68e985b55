"""Databases for tests. Migrations run once in a process; then each database is a copy."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.adapters.database.engine import HEAD, open_database
from bot.adapters.database.migrate import migrate

_TEMPLATE = "with_tables"
_servers: set[str] = set()
"""PostgreSQL servers that have the template."""
_END_OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_CATALOGS = """
    SELECT count(*), max(xmin::text::bigint) FROM pg_attribute
    UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_class
    UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_constraint
    UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_index
    UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_proc
    UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_statistic
    UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_trigger
"""
"""How many rows each catalog has, and which transaction wrote the last: another value after any change of a table."""
_VERSION = "SELECT string_agg(version_num, ' ') FROM alembic_version"
_EMPTY = """
    DO $$ DECLARE one regclass; BEGIN
        FOR one IN SELECT oid FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        LOOP EXECUTE 'DELETE FROM ' || one; END LOOP;
        FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
        LOOP PERFORM setval(one, 1, false); END LOOP;
    END $$
"""


@dataclass(frozen=True, slots=True)
class _Lent:
    """A PostgreSQL database that tests use one after the other."""

    url: str
    catalogs: list[asyncpg.Record]
    """What `_CATALOGS` gave when it was new."""


_returned: list[_Lent] = []
"""Those that no test uses now."""


@cache
def _template() -> bytes:
    """An SQLite file with today's tables."""
    with tempfile.TemporaryDirectory(prefix="precis-template-") as folder:
        engine = create_engine(f"sqlite:///{folder}/x")
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        return Path(folder, "x").read_bytes()


def new_file(file: Path) -> str:
    """Make an SQLite database with today's tables and nothing in them, and give its URL."""
    with file.open("xb") as new:
        new.write(_template())
    return f"sqlite+aiosqlite:///{file}"


@contextmanager
def in_memory() -> Iterator[str]:
    """Give the URL of an SQLite database in memory with today's tables: one connection, whose users take turns."""
    uri = f"file:{uuid4().hex}?mode=memory&cache=shared"
    with closing(sqlite3.connect(":memory:")) as template, closing(sqlite3.connect(uri, uri=True)) as kept:
        template.deserialize(_template())
        template.backup(kept)
        yield f"sqlite+aiosqlite:///{uri}&uri=true"


class SharedEngine:
    """An engine for many databases in memory, one after another: it compiles each statement once for all of them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._url = engine.url
        event.listen(engine.sync_engine, "do_connect", self._connect)

    def _connect(self, _dialect: Dialect, _entry: ConnectionPoolEntry, given: list[Any], _named: dict[str, Any]) -> None:
        given[:], _ = self._engine.dialect.create_connect_args(self._url)

    @asynccontextmanager
    async def new_database(self) -> AsyncIterator[AsyncEngine]:
        """Connect the engine to a new database in memory, as `in_memory` makes it."""
        with in_memory() as url:
            self._url = make_url(url)
            try:
                yield self._engine
            finally:
                await self._engine.dispose()


@asynccontextmanager
async def shared_engine() -> AsyncIterator[SharedEngine]:
    """Open an engine as the bot does, and close it at the end."""
    with in_memory() as url:
        async with open_database(url) as engine:
            await engine.dispose()
            yield SharedEngine(engine)


@asynccontextmanager
async def lent_database(server: str) -> AsyncIterator[str]:
    """Lend a database on a PostgreSQL server, with today's tables and nothing in them.

    It is emptied for the next borrower, which takes a tenth of the time of a new copy.
    """
    lent = _returned.pop() if _returned else None
    if lent is None or not await _empty(lent):
        lent = await _new(server)
    yield lent.url
    _returned.append(lent)


async def _new(server: str) -> _Lent:
    url = await new_database(server)
    async with _connected(url) as connection:
        return _Lent(url, await connection.fetch(_CATALOGS))


async def _empty(lent: _Lent) -> bool:
    """Empty a database; False if a test changed more than rows in it."""
    async with _connected(lent.url) as connection:
        await connection.execute(_END_OTHER_SESSIONS)
        if await connection.fetch(_CATALOGS) != lent.catalogs or await connection.fetchval(_VERSION) != HEAD:
            return False
        await connection.execute(_EMPTY)
        return True


async def new_database(server: str, *, tables: bool = True) -> str:
    """Make a database on a PostgreSQL server, with or without today's tables, and give its URL."""
    if tables and server not in _servers:
        await _make_template(server)
        _servers.add(server)
    return await _create(server, f"test_{uuid4().hex}", template=_TEMPLATE if tables else "template1")


async def _make_template(server: str) -> None:
    """Make the template, unless another process has."""
    async with _connected(server) as connection, one_at_a_time(connection):
        if not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", _TEMPLATE):
            async with open_database(await _create(server, _TEMPLATE)):
                pass


async def _create(server: str, name: str, template: str = "template1") -> str:
    async with _connected(server) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def one_at_a_time(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Let one of the processes that share a server work at a time."""
    await connection.execute("SELECT pg_advisory_lock(1)")
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock(1)")


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        yield connection
    finally:
        await connection.close()


@contextmanager
def without_database(engine: AsyncEngine) -> Iterator[None]:
    """Let each statement fail as if the database were gone."""

    def fail(*_args: Any) -> None:
        raise OSError("no database")

    event.listen(engine.sync_engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", fail)
