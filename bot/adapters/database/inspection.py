"""Reads the state of a database without changing anything."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.adapters.database.engine import refusals, storage_errors
from bot.adapters.database.migrate import alembic_config
from bot.adapters.database.sqlite_file import file_of, file_uri


@dataclass(frozen=True, slots=True)
class State:
    """The facts about a database that `doctor` and `db` report."""

    kind: str
    """The database system: `SQLite 3.45.1` or `PostgreSQL 17.2`."""
    version: str | None
    """The version of the bot's tables; None if there are none."""
    writable: bool
    size: int
    """The size of the database in bytes."""
    free: int | None = None
    """Free bytes on the disk of SQLite's file; None for a server."""
    journal: str = "wal"
    """SQLite's journal mode."""
    log: int = 0
    """Bytes of SQLite's write-ahead log."""


def versions() -> tuple[str, ...]:
    """List the versions of the tables that this program has migrations for, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


async def version_of(connection: AsyncConnection) -> str | None:
    """Give the version of the bot's tables in a database; None if there are none."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


async def state_of(url: str) -> State | None:
    """Read the state of a database; None for a file that does not exist yet.

    Raises ConfigurationError for a server that refuses the bot, StorageError for a database that cannot be reached or read.
    """
    parsed = make_url(url)
    with storage_errors():
        if parsed.get_backend_name() == "postgresql":
            return await _state_of_server(url)
        file = file_of(url)
        return await asyncio.to_thread(_state_of_file, parsed, file) if file is not None and file.exists() else None


def _state_of_file(url: URL, file: Path) -> State:
    with closing(sqlite3.connect(file_uri(url), timeout=1, uri=True)) as connection:
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        log = file.with_name(file.name + "-wal")
        return State(
            kind=f"SQLite {sqlite3.sqlite_version}",
            version=row[0] if row else None,
            writable=_can_write(connection),
            size=file.stat().st_size + _size(log),
            free=shutil.disk_usage(file.parent).free,
            journal=journal,
            log=_size(log),
        )


def _can_write(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA user_version = 0")
        connection.rollback()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY  # another process writes, so the file is writable
    return True


async def _state_of_server(url: str) -> State:
    async with reach(url) as connection:
        version = await version_of(connection)
        writable = not version or await connection.scalar(text("SELECT has_table_privilege('alembic_version', 'UPDATE')"))
        read_only = await connection.scalar(text("SHOW transaction_read_only"))
        return State(
            kind="PostgreSQL " + str(await connection.scalar(text("SHOW server_version"))).partition(" ")[0],
            version=version,
            writable=bool(writable) and read_only == "off",
            size=await connection.scalar(text("SELECT pg_database_size(current_database())")) or 0,
        )


@asynccontextmanager
async def reach(url: str, **options: object) -> AsyncIterator[AsyncConnection]:
    """Connect to a database without migrating it; `options` are SQLAlchemy's execution options.

    Raises ConfigurationError for a server that refuses the bot, and the errors of SQLAlchemy and the drivers.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = URL.create(parsed.drivername, database=file_uri(parsed, "ro"), query={"uri": "true"})
    engine = create_async_engine(parsed)
    try:
        with refusals():
            async with engine.connect() as connection:
                await connection.execution_options(**options)
                yield connection
    finally:
        await engine.dispose()


def may_make(file: Path) -> bool:
    """Whether this user may create the file."""
    return os.access(file.absolute().parent, os.W_OK | os.X_OK)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
