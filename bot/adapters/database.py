"""The database: SQLAlchemy over SQLite or PostgreSQL, brought up to date by Alembic when it is opened."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.core.errors import StorageError

BUSY = 5_000
"""Milliseconds that SQLite waits for another writer."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[AsyncEngine]:
    """Open the database at an SQLAlchemy URL, with today's tables in it. Raises StorageError where it cannot be used."""
    _check_folder(make_url(url))
    engine = create_async_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    try:
        with storage_errors():
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
    except (SQLAlchemyError, OSError) as error:
        # A driver's text can hold parameters, so only its kind and first line go on.
        raise StorageError(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


def _check_folder(url: URL) -> None:
    """Say at once that the folder of a SQLite file is missing, which SQLite says late and in words of its own."""
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        folder = Path(url.database).absolute().parent
        if not folder.is_dir():
            raise StorageError(f"DATABASE_URL: there is no folder {folder}")


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
