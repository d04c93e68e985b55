"""Databases for tests. Migrations run once in a process; then each database is a copy."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
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

from bot.adapters.database.engine import open_database
from bot.adapters.database.migrate import migrate

_TEMPLATE = "with_tables"
_servers: set[str] = set()
"""PostgreSQL servers that have the template."""


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


async def new_database(server: str, *, tables: bool = True) -> str:
    """Make a database on a PostgreSQL server, with or without today's tables, and give its URL."""
    if tables and server not in _servers:
        async with open_database(await _create(server, _TEMPLATE)):
            _servers.add(server)
    return await _create(server, f"test_{uuid4().hex}", template=_TEMPLATE if tables else "template1")


async def _create(server: str, name: str, template: str = "template1") -> str:
    connection = await asyncpg.connect(server.replace("+asyncpg", "", 1))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
