"""Backups: one file that holds all of a database at one moment, taken while the bot runs, and put back into an empty one.

Whatever the database is, the file is an SQLite database with the same tables, whole in itself: so it needs no tool of
PostgreSQL's, can be looked into, and is the way from one kind of database to the other. SQLite makes it with VACUUM INTO,
which reads in one transaction while others write (sqlite.org/lang_vacuum.html). PostgreSQL's rows are read in one REPEATABLE
READ transaction. The words that studies are found by are made anew from the records, since the two databases have nothing in
common there.
"""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, Table, delete, func, insert, literal, select
from sqlalchemy import table as named
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.database.engine import open_database, storage_errors
from bot.adapters.database.inspection import reach, version_of, versions
from bot.adapters.database.sqlite_file import file_of, file_uri
from bot.adapters.database.tables import WORDS, Base, RecordRow
from bot.adapters.stores.full_text import texts, write_words
from bot.adapters.stores.record_json import record_json
from bot.core.errors import ConfigurationError, OutputFailed, StorageError

PASSING = frozenset({"turns", "misses"})
"""Tables of what holds for minutes: whose turn it is, what the site has not. No restore brings, minds or takes it."""
ROWS = 500
"""Rows that are in memory at once."""
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""Primary result codes (sqlite.org/rescode.html) of a disk that takes no more."""


async def back_up(url: str, file: Path, *, force: bool = False) -> int:
    """Write all that a database holds to a file that appears whole or not at all; gives its bytes.

    Raises ConfigurationError where there is nothing to back up, OutputFailed where the file cannot be written or is there
    already (unless `force`), StorageError where the database cannot be read.
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
    """Put a backup into a database that has no rows yet, or in place of its rows with `force`; gives how many there are.

    All or nothing, in one transaction. Raises ConfigurationError for a file that is no backup of ours or of a newer version,
    and for a database that has rows; StorageError.
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
    """Turn the error of a disk that takes no more into OutputFailed."""
    try:
        yield
    except StorageError as error:
        cause: BaseException | None = error.__cause__
        cause = getattr(cause, "orig", cause)
        while cause is not None and not isinstance(cause, sqlite3.Error):  # SQLAlchemy wraps the driver's, and that SQLite's
            cause = cause.__cause__
        if (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in _NO_ROOM:
            raise OutputFailed(f"{file}: {cause}; is the disk full?") from error
        raise
    except OSError as error:
        raise OutputFailed(f"{file}: {error.strerror}") from error


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """Make an empty file beside another, for this user alone; it is gone at the end, if nothing has become of it."""
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
    """Copy SQLite's database as it is at one moment; who cancels that does not wait for its end."""
    with closing(sqlite3.connect(source, timeout=5, uri=True, check_same_thread=False)) as connection:
        work = asyncio.ensure_future(asyncio.to_thread(connection.execute, "VACUUM INTO ?", (str(draft),)))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            connection.interrupt()
            await asyncio.wait({work})
            raise


async def _download(url: str, draft: Path) -> None:
    """Read a server's tables as they are at one moment into a new database."""
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
        connection.execute("PRAGMA journal_mode = DELETE")  # so that the one file is all


def _check(draft: Path) -> None:
    """Read a backup through. Raises StorageError where it is not sound."""
    with closing(sqlite3.connect(file_uri(make_url(_url_of(draft)), "ro"), uri=True)) as connection:
        ((said, *_), *_more) = connection.execute("PRAGMA integrity_check").fetchall()
    if said != "ok":
        raise StorageError(f"the copy is not sound: {said}")


def _publish(draft: Path, file: Path, *, force: bool) -> int:
    """Give a finished file its name, once the disk has it; gives its bytes. Raises OutputFailed where the name is taken."""
    with draft.open("rb") as opened:
        os.fsync(opened.fileno())
    if force:
        draft.replace(file)
    else:
        try:
            os.link(draft, file)
        except FileExistsError:
            raise OutputFailed(f"{file} is there already; --force writes over it") from None
        except OSError:  # a file system without links
            draft.rename(file)
    with suppress(OSError):  # not every system syncs folders
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return file.stat().st_size


@asynccontextmanager
async def _readable(file: Path) -> AsyncIterator[str]:
    """Give the URL of a backup with today's tables: the file itself, or a copy of an older one, brought up to date."""
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
    """Copy every table; gives the number of rows."""
    count = 0
    for table in _kept():
        async with source.stream(select(table)) as rows:
            async for some in rows.partitions(ROWS):
                await target.execute(insert(table), [dict(row._mapping) for row in some])  # noqa: SLF001 - its public name
                count += len(some)
                if table is RecordRow.__table__:
                    await _index(target, some)
        if target.dialect.name == "postgresql":
            await _count_on(target, table)
    return count


async def _index(target: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
    """Make the words anew that records are found by; a damaged record has none, as when it was read."""
    for row in rows:
        try:
            record = record_json().validate_json(row.record)
        except ValidationError:
            continue
        await write_words(target, row.id, texts(record))


async def _count_on(target: AsyncConnection, table: Table) -> None:
    """Let PostgreSQL count up from the highest number that was copied."""
    for column in table.primary_key:
        if column.autoincrement is True or (column.autoincrement == "auto" and len(table.primary_key) == 1):
            sequence = await target.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence:
                await target.execute(select(func.setval(sequence, func.coalesce(func.max(column), 0) + 1, False)))


async def _has_rows(connection: AsyncConnection, table: Table) -> bool:
    return await connection.scalar(select(literal(1)).select_from(table).limit(1)) is not None


def _url_of(file: Path) -> str:
    return URL.create("sqlite+aiosqlite", database=file.absolute().as_uri(), query={"uri": "true"}).render_as_string()
