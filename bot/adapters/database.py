"""The database: SQLAlchemy over SQLite or PostgreSQL, brought up to date by Alembic when it is opened."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.core.errors import StorageError

BUSY = 5_000
"""Milliseconds that SQLite waits for another writer."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[AsyncEngine]:
    """Open the database at an SQLAlchemy URL, with today's tables in it. Raises StorageError where it cannot be used."""
    # A database in memory is one connection: whoever wants it waits, so that no two transactions become one.
    alone = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0} if _in_memory(url) else {}
    engine = create_async_engine(url, pool_pre_ping=True, **alone)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    try:
        with storage_errors():
            _try_file(engine.url)
            async with engine.begin() as connection:
                await connection.run_sync(_migrate)
        yield engine
    finally:
        await engine.dispose()


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what SQLAlchemy and the drivers raise into StorageError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        # A driver's text can hold parameters, so only its kind and first line go on.
        raise StorageError(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


def _in_memory(url: str) -> bool:
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}


def _try_file(url: URL) -> None:
    """Open SQLite's file once by itself: a connect that fails leaves aiosqlite 0.22 with a thread that outlives the loop."""
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("file:"):
        sqlite3.connect(url.database).close()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "bot.adapters:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
