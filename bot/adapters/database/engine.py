"""Opens the database (SQLite or PostgreSQL, by SQLAlchemy), migrates it by Alembic, and runs reads and writes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import urlencode

import asyncpg
from sqlalchemy import Connection, CursorResult, Executable, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool

from bot.adapters.database.locks import key_of
from bot.adapters.database.sqlite import connect
from bot.adapters.database.sqlite_file import file_of, keep_to_file
from bot.core.background import retrieve_error
from bot.core.errors import ConfigurationError, StorageError

T = TypeVar("T")
OnConnection = Callable[[AsyncConnection], Awaitable[T]]
"""Work to do on a connection, in one transaction."""

HEAD = max(step.name for step in files("bot.adapters.database.migrations.versions").iterdir() if step.name.startswith("v"))[
    1:5
]
"""The number of the last migration, from the name of its file."""
MIGRATION = 300.0
"""Seconds that a migration waits for another process's migration or a table in use."""
_KEEPALIVE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""PostgreSQL settings by which the session of a dead machine ends within half a minute, and its locks with it."""
_UNUSABLE = {sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB}
"""Primary result codes (sqlite.org/rescode.html) of a file that is not a database or cannot be opened and written."""
_REFUSED = {
    "28P01": "has another user or password than DATABASE_URL: put the right ones there.",
    "28000": "does not let DATABASE_URL's user in: name one that it has, that may log in, and that its pg_hba.conf lets in.",
    "3D000": "has no database of the name in DATABASE_URL: make one (CREATE DATABASE), or name another.",
}
"""Advice for the SQLSTATE of a refused connection (postgresql.org, "PostgreSQL Error Codes")."""
_ERRORS = (SQLAlchemyError, sqlite3.Error, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """The longest waits for the database, in seconds."""

    busy: float = 5.0
    """How long SQLite waits for another writer."""
    connect: float = 3.0
    """How long connecting to PostgreSQL may take."""
    statement: float = 5.0
    """How long a statement may take; then PostgreSQL cancels it, or this process does if the server is silent."""
    turn: float = 10.0
    """How long a statement waits for a connection of the pool."""


@asynccontextmanager
async def open_database(url: str, limits: DatabaseLimits | None = None) -> AsyncIterator[AsyncEngine]:
    """Open the database at an SQLAlchemy URL and bring its tables up to date.

    Raises ConfigurationError for a file that cannot be used, a server that refuses the bot and tables of a newer version,
    StorageError for a database that cannot be used for now.
    """
    limits = limits or DatabaseLimits()
    engine = create_async_engine(url, **_options(url, limits))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", partial(_set_up_sqlite, limits.busy))
    try:
        with _unusable_files(), storage_errors(), refusals():
            _try_file(engine.url)
            if engine.dialect.name == "sqlite":
                keep_to_file(engine.sync_engine)
            await _bring_up_to_date(engine, limits.connect)
        yield engine
    finally:
        await engine.dispose()


async def read(engine: AsyncEngine, query: Executable) -> CursorResult[Any]:
    """Run one query and give its result, with all rows in memory. Raises StorageError."""
    return await read_with(engine, lambda connection: connection.execute(query))


async def read_with(engine: AsyncEngine, work: OnConnection[T]) -> T:
    """Run the queries of `work` on one connection, and give its result. Raises StorageError.

    A cancelled caller waits until the queries end: SQLAlchemy drops a connection whose query was cancelled, and with it a
    database in memory.
    """
    return await _to_its_end(_queries(engine, work))


async def write(engine: AsyncEngine, work: OnConnection[T]) -> T:
    """Run `work` in a transaction, committed unless it raises, and give its result. Raises StorageError.

    A cancelled caller waits until the transaction ends: a cancelled statement could keep SQLite's write lock for as long as
    Python keeps its cursor.
    """
    return await _to_its_end(_transaction(engine, work))


async def _to_its_end(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(retrieve_error)
        await asyncio.wait({task})
        raise


async def _queries(engine: AsyncEngine, work: OnConnection[T]) -> T:
    with storage_errors():
        async with engine.connect() as connection:
            return await work(connection)


async def _transaction(engine: AsyncEngine, work: OnConnection[T]) -> T:
    with storage_errors():
        async with engine.begin() as connection:
            return await work(connection)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn the errors of SQLAlchemy and the drivers into StorageError."""
    try:
        yield
    except _ERRORS as error:
        # Later lines can hold parameters.
        raise StorageError(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


@contextmanager
def _unusable_files() -> Iterator[None]:
    """Turn the StorageError for an SQLite file that can never be used into ConfigurationError."""
    try:
        yield
    except StorageError as error:
        cause = error.__cause__
        cause = cause.orig if isinstance(cause, DBAPIError) else cause
        if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF in _UNUSABLE:
            raise ConfigurationError(
                f"DATABASE_URL names a file that cannot be used ({cause}): "
                "its folder must exist, and this user must be able to write both."
            ) from error
        raise


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a server's refusal of the user, password or database name into ConfigurationError."""
    try:
        yield
    except DBAPIError as error:
        advice = _REFUSED.get(getattr(error.orig, "sqlstate", None) or "")
        if advice is None:
            raise
        raise ConfigurationError(f"The PostgreSQL server {advice}") from error


def _options(url: str, limits: DatabaseLimits) -> dict[str, Any]:
    """Give the engine's options for its connections."""
    if make_url(url).get_backend_name() == "sqlite":
        # A database in memory has a single connection, which transactions use one after the other.
        in_memory = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0} if file_of(url) is None else {}
        return {"connect_args": {"async_creator_fn": connect}, **in_memory}
    patience = {"statement_timeout": f"{limits.statement * 1000:.0f}"}
    command = limits.statement + 1
    connecting = {"timeout": limits.connect, "command_timeout": command, "server_settings": _KEEPALIVE | patience}
    return {
        "pool_pre_ping": True,
        "pool_size": 6,
        "max_overflow": 6,
        "pool_timeout": limits.turn,
        "connect_args": connecting,
    }


def _try_file(url: URL) -> None:
    """Open SQLite's file once for writing.

    Otherwise the bot would start on a read-only file, and a failed connect would leave a running thread of aiosqlite 0.22.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        options = urlencode({name: value for name, value in url.query.items() if name != "uri"}, doseq=True)
        is_uri = url.database.startswith("file:")
        name = f"{url.database}?{options}" if is_uri and options else url.database
        with closing(sqlite3.connect(name, timeout=0, uri=is_uri)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("PRAGMA user_version = 0")  # writes, as BEGIN does not; undone by closing
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:  # another process writes, so the file is writable
                    raise


async def _bring_up_to_date(engine: AsyncEngine, patience: float) -> None:
    """Run the missing migrations, in one process at a time."""
    if engine.dialect.name == "sqlite":
        async with engine.begin() as connection:
            if await connection.run_sync(_version) != HEAD:
                await connection.execute(text("BEGIN IMMEDIATE"))  # Python's sqlite3 begins no transaction for CREATE TABLE
                await connection.run_sync(_migrate)
        return
    settings = _KEEPALIVE | {"lock_timeout": f"{MIGRATION * 1000:.0f}"}
    patient = create_async_engine(
        engine.url, poolclass=NullPool, connect_args={"timeout": patience, "server_settings": settings}
    )
    async with patient.begin() as connection:  # one transaction, which also holds the lock
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key_of("migrations")})
        await connection.run_sync(_migrate)


def _migrate(connection: Connection) -> None:
    """Run the missing migrations on a connection."""
    if _version(connection) != HEAD:
        # Imported here, since Alembic takes 12 MB, and most starts need no migration.
        from bot.adapters.database.migrate import migrate  # noqa: PLC0415

        migrate(connection)


def _version(connection: Connection) -> str | None:
    """Give the version of the tables; None if there are no tables of Precis."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _set_up_sqlite(patience: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set up a new connection to SQLite; `patience` is how long it waits for another writer, in seconds.

    With a write-ahead log, NORMAL syncs at checkpoints, not at each commit: a killed process loses nothing; a power cut may
    undo the last commits, each as a whole (sqlite.org/pragma.html#pragma_synchronous).
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
