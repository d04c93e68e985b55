"""SQLite's file while the bot runs: it is never made anew, and never mistaken for the one that was there before.

A connection stays with the file it opened, wherever that was moved to, and the next one would make an empty file in its
place. So both look at the folder first: while no file is there the database is gone, and the file that is there is it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.core.errors import ConfigurationError


def keep_to_file(engine: Engine) -> None:
    """Keep an engine's connections to the file that bears the name; for a database in a file, which is there by now."""
    name = _file(engine.url)
    if name is None:
        return

    def there() -> tuple[int, int]:
        try:
            found = Path(name).stat()
        except OSError as error:
            raise sqlite3.OperationalError(f"the file is not there: {error.strerror}") from error
        return found.st_dev, found.st_ino

    def before(_dialect: Dialect, _entry: ConnectionPoolEntry, _given: Any, _named: Any) -> None:
        there()

    def opened(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = there()

    def taken(_connection: DBAPIConnection, entry: ConnectionPoolEntry, _fairy: Any) -> None:
        if entry.info.get("file") != there():
            raise DisconnectionError("another file has the name by now")

    event.listen(engine, "do_connect", before)
    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken)


@contextmanager
def only_one(url: str) -> Iterator[None]:
    """Run the bot on the file of an SQLite URL, as no other process does meanwhile: see `bot.adapters.alone`.

    What says so is SQLite's own lock of an empty database beside the file, `FILE.lock`; the system lets go of it with its
    process, however that ends. Raises ConfigurationError where another process runs.
    """
    name = _file(make_url(url))
    if name is None:
        yield
        return
    try:
        connection = sqlite3.connect(f"{name}.lock", timeout=0, isolation_level=None)
    except sqlite3.OperationalError:  # who opens the file itself says what is wrong with its folder
        yield
        return
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise ConfigurationError(
                    "Another Precis runs on the file that DATABASE_URL names, and SQLite serves one: stop one of them, "
                    "or let both share a PostgreSQL."
                ) from None
        yield


def _file(url: URL) -> str | None:
    """Give the name of the file; None for a database in memory, on a server, or of a name that only SQLite reads."""
    name = url.database
    there = url.get_backend_name() == "sqlite" and name and name != ":memory:" and not name.startswith("file:")
    return name if there else None
