"""The database: SQLAlchemy over SQLite or PostgreSQL, brought up to date by Alembic when it is opened."""

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool

from bot.adapters.database.locks import key_of
from bot.adapters.database.sqlite import connect
from bot.adapters.database.sqlite_file import file_of, keep_to_file
from bot.core.errors import ConfigurationError, StorageError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = max(step.name for step in files("bot.adapters.database.migrations.versions").iterdir() if step.name.startswith("v"))[
    1:5
]
"""The last step of `migrations`: its file's name says it."""
BUSY = 5_000
"""Milliseconds that SQLite waits for another writer."""
CONNECT = 3.0
"""Seconds for a connection to PostgreSQL."""
STATEMENT = 5.0
"""Seconds for one statement there, beyond which the server gives up, and so do we where the server says nothing."""
TURN = 10.0
"""Seconds that a statement waits for a connection of the pool."""
MIGRATION = 300.0
"""Seconds that a migration waits for another process's, or for a table that somebody uses."""
_KEEPALIVE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""Told to the server, so that it ends the session of a machine that died, with its locks, within half a minute."""
_UNUSABLE = {sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB}
"""Primary result codes (sqlite.org/rescode.html) of a file that is in the wrong place, of the wrong kind or locked away."""
_REFUSED = {
    "28P01": "has another user or password than DATABASE_URL: put the right ones there.",
    "28000": "does not let DATABASE_URL's user in: name one that it has, that may log in, and that its pg_hba.conf lets in.",
    "3D000": "has no database of the name in DATABASE_URL: make one (CREATE DATABASE), or name another.",
}
"""What its error codes say of a server that lets nobody in (postgresql.org, "PostgreSQL Error Codes")."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[AsyncEngine]:
    """Open the database at an SQLAlchemy URL, with today's tables in it.

    Of a server, connections are tried before use and opened again when it is back; nothing waits for it for long. Raises
    ConfigurationError where its file cannot be one, its server does not let us in or a newer program made it, StorageError
    where it cannot be used for now.
    """
    engine = create_async_engine(url, **_options(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    try:
        with _unusable_files(), storage_errors(), refusals():
            _try_file(engine.url)
            if engine.dialect.name == "sqlite":
                keep_to_file(engine.sync_engine)
            await _bring_up_to_date(engine)
        yield engine
    finally:
        await engine.dispose()


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what SQLAlchemy and the drivers raise into StorageError."""
    try:
        yield
    except _errors() as error:
        # A driver's text can hold parameters, so only its kind and first line go on.
        raise StorageError(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


def _errors() -> tuple[type[Exception], ...]:
    """Give what they raise; asyncpg's where SQLAlchemy has imported it, as it does for a PostgreSQL."""
    asyncpg = sys.modules.get("asyncpg")
    theirs = (asyncpg.PostgresError, asyncpg.InterfaceError) if asyncpg is not None else ()
    return SQLAlchemyError, sqlite3.Error, OSError, *theirs


@contextmanager
def _unusable_files() -> Iterator[None]:
    """Turn the StorageError of a file of SQLite's that another try cannot mend into ConfigurationError."""
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
    """Turn what a server says to a wrong user, password or name of a database into ConfigurationError."""
    try:
        yield
    except DBAPIError as error:
        advice = _REFUSED.get(getattr(error.orig, "sqlstate", None) or "")
        if advice is None:
            raise
        raise ConfigurationError(f"The PostgreSQL server {advice}") from error


def _options(url: str) -> dict[str, Any]:
    """Say how the engine is to keep its connections; only a server's can be lost between two uses, and are tried before."""
    if make_url(url).get_backend_name() == "sqlite":
        # A database in memory is one connection: whoever wants it waits, so that no two transactions become one.
        alone = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0} if file_of(url) is None else {}
        return {"connect_args": {"async_creator_fn": connect}, **alone}
    patience = {"statement_timeout": f"{STATEMENT * 1000:.0f}"}
    connecting = {"timeout": CONNECT, "command_timeout": STATEMENT + 1, "server_settings": _KEEPALIVE | patience}
    return {"pool_pre_ping": True, "pool_size": 6, "max_overflow": 6, "pool_timeout": TURN, "connect_args": connecting}


def _try_file(url: URL) -> None:
    """Open SQLite's file once by itself, to write.

    Of a file with today's tables nothing else writes before the first record; and a connect that fails leaves aiosqlite 0.22
    with a thread that outlives the loop.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        options = urlencode({name: value for name, value in url.query.items() if name != "uri"}, doseq=True)
        is_uri = url.database.startswith("file:")
        name = f"{url.database}?{options}" if is_uri and options else url.database
        with closing(sqlite3.connect(name, timeout=0, uri=is_uri)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("PRAGMA user_version = 0")  # SQLite begins on a read-only file too; closing takes it back
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:  # another writer: so it can be written
                    raise


async def _bring_up_to_date(engine: AsyncEngine) -> None:
    """Run the migrations: one process at a time; who comes later finds them done."""
    if engine.dialect.name == "sqlite":
        async with engine.begin() as connection:
            await connection.run_sync(_migrate)
        return
    settings = _KEEPALIVE | {"lock_timeout": f"{MIGRATION * 1000:.0f}"}
    patient = create_async_engine(
        engine.url, poolclass=NullPool, connect_args={"timeout": CONNECT, "server_settings": settings}
    )
    async with patient.begin() as connection:  # a process that dies here undoes all of it, and lets go of the lock
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key_of("migrations")})
        await connection.run_sync(_migrate)


def alembic_config() -> "Config":
    """Say where the migrations are."""
    from alembic.config import Config  # noqa: PLC0415 - slow to import, and needed once after an update

    config = Config()
    config.set_main_option("script_location", "bot.adapters.database:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _migrate(connection: Connection) -> None:
    """Run the steps that the tables lack."""
    if _version(connection) == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:  # a version that no step here knows
        raise ConfigurationError(
            f"The database at DATABASE_URL was made by a newer Precis ({error}): run that one, or another database."
        ) from error


def _version(connection: Connection) -> str | None:
    """Give the step that the tables are at, where Alembic has noted one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set a new connection up.

    With a write-ahead log, NORMAL waits for the disk at checkpoints alone, not at each commit: nothing is lost with the
    process, kill -9 included; a power cut may take back the last commits, but never half of one (sqlite.org/wal.html,
    "Performance Considerations"; sqlite.org/pragma.html#pragma_synchronous).
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
