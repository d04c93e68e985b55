"""SQLite's file: which it is; and while the bot runs, that it is never made anew, mistaken for another, or shared.

A connection stays with the file it opened, wherever that was moved to, and the next one would make an empty file in its
place. So both look at the folder first: while no file is there the database is gone, and the file that is there is it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.core.errors import ConfigurationError


def file_of(url: str | URL) -> Path | None:
    """Give the file that an SQLite URL names, by its path or in SQLite's own way (sqlite.org/uri.html).

    None for a database in memory or on a server.
    """
    parsed = make_url(url)
    name = parsed.database or ""
    path = unquote(urlsplit(name).path) if name.startswith("file:") else name
    in_memory = path in {"", ":memory:"} or parsed.query.get("mode") == "memory"
    return None if in_memory or parsed.get_backend_name() != "sqlite" else Path(path)


def file_uri(url: URL, mode: str = "rw") -> str:
    """Give SQLite's own name of a file that is there (sqlite.org/uri.html); what the URL says of it stays."""
    name = str(url.database)
    options = {name: value for name, value in url.query.items() if name != "uri"}
    if not name.startswith("file:"):
        name = f"file:{quote(name)}"
    return f"{name}?{urlencode({'mode': mode} | options, doseq=True)}"


def keep_to_file(engine: Engine) -> None:
    """Keep an engine's connections to the file that bears the name; for a database in a file, which is there by now."""
    file = file_of(engine.url)
    if file is None:
        return

    def there() -> tuple[int, int]:
        try:
            found = file.stat()
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
    """Run the bot on the file of an SQLite URL, as no other process does meanwhile: see `bot.adapters.stores.alone`.

    What says so is SQLite's own lock of an empty database beside the file, `FILE.lock`; the system lets go of it with its
    process, however that ends. Raises ConfigurationError where another process runs.
    """
    file = file_of(url)
    if file is None:
        yield
        return
    with ExitStack() as held:
        try:
            lock = held.enter_context(closing(sqlite3.connect(f"{file}.lock", timeout=0, isolation_level=None)))
            lock.execute("PRAGMA journal_mode = OFF")  # nothing is ever written
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:  # of a folder that cannot be written who opens the file itself says more
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise ConfigurationError(
                    "Another Precis runs on the file that DATABASE_URL names, and SQLite serves one: stop one of them, "
                    "or let both share a PostgreSQL."
                ) from None
        yield
