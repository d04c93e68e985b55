"""Backups of the whole database as it is at one moment, made while the bot runs, and their restoration.

A backup is always an SQLite database with the same tables: it needs no PostgreSQL tools, can be inspected, and moves data
from one kind of database to the other. SQLite writes it with VACUUM INTO, in one transaction (sqlite.org/lang_vacuum.html);
PostgreSQL's rows are read in one REPEATABLE READ transaction. The full-text index is rebuilt from the records, since each
kind of database has its own format for it.
"""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Table, delete, func, insert, literal, select
from sqlalchemy import table as named
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.database.engine import open_database, storage_errors
from bot.adapters.database.inspection import reach, version_of, versions
from bot.adapters.database.sqlite_file import file_of, file_uri
from bot.adapters.database.tables import WORDS, Base, LibraryRow, RecordRow
from bot.adapters.stores.record_json import RECORD_JSON
from bot.adapters.stores.search_index import texts, write_words
from bot.core.background import retrieve_error
from bot.core.errors import ConfigurationError, OutputFailed, StorageError

PASSING = frozenset({"turns", "misses"})
"""Tables of short-lived state, which are neither restored nor emptied."""
ROWS = 500
"""Rows held in memory at once."""
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""Primary result codes (sqlite.org/rescode.html) of a full or failing disk."""


async def back_up(url: str, file: Path, *, force: bool = False) -> int:
    """Write a backup to a file, which appears complete or not at all; return its size in bytes.

    Raises ConfigurationError if there is no database, OutputFailed if the file exists (without `force`) or cannot be
    written, StorageError if the database cannot be read.
    """
    _look_first(url, file, force=force)
    with _room(file), storage_errors(), _draft(file) as draft:
        if make_url(url).get_backend_name() == "sqlite":
            await _vacuum(file_uri(make_url(url)), draft)
        else:
            await _download(url, draft)
        await asyncio.to_thread(_check, draft)
        return _publish(draft, file, force=force)


async def restore(url: str, file: Path, *, force: bool = False) -> int:
    """Restore a backup into an empty database, or with `force` in place of its rows; return the number of rows.

    The restoration is one transaction. Raises ConfigurationError for a file that is no backup or of a newer version, and for
    a database that has rows; and StorageError.
    """
    if _is_same(file_of(url), file):
        raise ConfigurationError(f"{file} is the database itself.")
    async with _readable(file) as backup, open_database(url) as engine:
        with storage_errors():
            async with reach(backup) as source, engine.begin() as target:
                full = [table.name for table in _kept() if await _has_rows(target, table)]
                if full and not force:
                    raise ConfigurationError(
                        f"The database has rows already ({', '.join(full)}): restore into an empty one, "
                        "or in place of what it holds with --force."
                    )
                await _empty(target)
                return await _copy(source, target)


def _look_first(url: str, file: Path, *, force: bool) -> None:
    source = file_of(url)
    if make_url(url).get_backend_name() == "sqlite" and (source is None or not source.exists()):
        raise ConfigurationError("DATABASE_URL names no database that is there: there is nothing to back up.")
    if _is_same(source, file):
        raise ConfigurationError(f"{file} is the database itself.")
    if file.exists() and not force:
        raise OutputFailed(f"{file} is there already; --force writes over it")


def _is_same(one: Path | None, other: Path) -> bool:
    return one is not None and one.exists() and other.exists() and one.samefile(other)


@contextmanager
def _room(file: Path) -> Iterator[None]:
    """Turn the errors of a full or failing disk into OutputFailed."""
    try:
        yield
    except StorageError as error:
        cause: BaseException | None = error.__cause__
        cause = getattr(cause, "orig", cause)
        # SQLAlchemy wraps the driver's error, which wraps SQLite's.
        while cause is not None and not isinstance(cause, sqlite3.Error):
            cause = cause.__cause__
        if (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in _NO_ROOM:
            raise OutputFailed(f"{file}: {cause}; is the disk full?") from error
        raise
    except OSError as error:
        raise OutputFailed(f"{file}: {error.strerror}") from error


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """Make a temporary file beside another, readable for this user only, and delete it at the end."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise OutputFailed(f"{file}: {error.strerror}") from error
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


async def _vacuum(source: str, draft: Path) -> None:
    """Copy an SQLite database as it is at one moment; cancelling interrupts the copy."""
    with closing(sqlite3.connect(source, timeout=5, uri=True, check_same_thread=False)) as connection:
        work = asyncio.ensure_future(asyncio.to_thread(connection.execute, "VACUUM INTO ?", (str(draft),)))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            connection.interrupt()
            work.add_done_callback(retrieve_error)
            await asyncio.wait({work})
            raise


async def _download(url: str, draft: Path) -> None:
    """Copy a PostgreSQL database as it is at one moment into a new SQLite one. ConfigurationError if it is outdated."""
    async with reach(url, isolation_level="REPEATABLE READ", postgresql_readonly=True) as source:
        version = await version_of(source)
        if version != versions()[0]:
            raise ConfigurationError(
                f"The database has tables of version {version}, not {versions()[0]}: run `python -m bot db upgrade` first, "
                "or back up with the Precis that made it."
            )
        async with open_database(_url_of(draft)) as engine, engine.begin() as target:
            await _empty(target)
            await _copy(source, target)
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # so that the backup is a single file


def _check(draft: Path) -> None:
    """Check the integrity of a backup. Raises StorageError."""
    with closing(sqlite3.connect(file_uri(make_url(_url_of(draft)), "ro"), uri=True)) as connection:
        ((said, *_), *_more) = connection.execute("PRAGMA integrity_check").fetchall()
    if said != "ok":
        raise StorageError(f"the copy is not sound: {said}")


def _publish(draft: Path, file: Path, *, force: bool) -> int:
    """Sync a finished draft and give it its name; return its size. Raises OutputFailed if the name is taken."""
    with draft.open("rb") as opened:
        os.fsync(opened.fileno())
    if force:
        draft.replace(file)
    else:
        try:
            os.link(draft, file)
        except FileExistsError:
            raise OutputFailed(f"{file} is there already; --force writes over it") from None
        except OSError:  # the file system has no hard links
            draft.rename(file)
    with suppress(OSError):  # not every system can sync a folder
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return file.stat().st_size


@asynccontextmanager
async def _readable(file: Path) -> AsyncIterator[str]:
    """Give the URL of a backup with up-to-date tables: the file itself, or a migrated copy of an older one."""
    try:
        with storage_errors():
            async with reach(_url_of(file)) as connection:
                version = await version_of(connection)
    except StorageError as error:
        raise ConfigurationError(f"{file} cannot be read as a backup: {error}") from error
    if version not in versions():
        what = f"of version {version}, which this Precis does not know" if version else "no backup of ours"
        raise ConfigurationError(f"{file} is {what}.")
    if version == versions()[0]:
        yield _url_of(file)
        return
    with tempfile.TemporaryDirectory(prefix="precis-restore-") as folder:
        copy = Path(folder) / "backup.sqlite3"
        with storage_errors():
            await _vacuum(file_uri(make_url(_url_of(file)), "ro"), copy)
        async with open_database(_url_of(copy)):
            pass
        yield _url_of(copy)


def _kept() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in PASSING]


async def _empty(target: AsyncConnection) -> None:
    for table in reversed(_kept()):
        await target.execute(delete(table))
    await target.execute(delete(named(WORDS)))


async def _copy(source: AsyncConnection, target: AsyncConnection) -> int:
    """Copy all tables but those in PASSING; return the number of rows."""
    count = 0
    for table in _kept():
        async with source.stream(select(table)) as rows:
            async for some in rows.partitions(ROWS):
                await target.execute(insert(table), [dict(row._mapping) for row in some])  # noqa: SLF001 - documented
                count += len(some)
        if target.dialect.name == "postgresql":
            await _count_on(target, table)
    await _index(source, target)
    return count


async def _index(source: AsyncConnection, target: AsyncConnection) -> None:
    """Rebuild the full-text index of records, leaving out damaged ones."""
    listed = select(LibraryRow.id, RecordRow.record).join(RecordRow, RecordRow.reference == LibraryRow.reference)
    async with source.stream(listed) as rows:
        async for row in rows:
            with suppress(ValidationError):
                await write_words(target, row.id, texts(RECORD_JSON.validate_json(row.record)))


async def _count_on(target: AsyncConnection, table: Table) -> None:
    """Let PostgreSQL's sequence of new IDs continue after the highest ID that was copied."""
    for column in table.primary_key:
        if column.autoincrement is True or (column.autoincrement == "auto" and len(table.primary_key) == 1):
            sequence = await target.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence:
                await target.execute(select(func.setval(sequence, func.coalesce(func.max(column), 0) + 1, False)))


async def _has_rows(connection: AsyncConnection, table: Table) -> bool:
    return await connection.scalar(select(literal(1)).select_from(table).limit(1)) is not None


def _url_of(file: Path) -> str:
    return URL.create("sqlite+aiosqlite", database=file.absolute().as_uri(), query={"uri": "true"}).render_as_string()
