"""The file of an SQLite URL, and guards against losing it or sharing it while the bot runs.

An open connection stays with a file that is moved away, and the next connection would create an empty file of that name. So
each new connection is checked: the file must be the one that was opened first.
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
    """Give the file that an SQLite URL names, by a path or a `file:` URI (sqlite.org/uri.html); None if there is no file."""
    parsed = make_url(url)
    name = parsed.database or ""
    path = unquote(urlsplit(name).path) if name.startswith("file:") else name
    in_memory = path in {"", ":memory:"} or parsed.query.get("mode") == "memory"
    return None if in_memory or parsed.get_backend_name() != "sqlite" else Path(path)


def file_uri(url: URL, mode: str = "rw") -> str:
    """Give the `file:` URI of an SQLite URL (sqlite.org/uri.html), with the URL's own options."""
    name = str(url.database)
    options = {name: value for name, value in url.query.items() if name != "uri"}
    if not name.startswith("file:"):
        name = f"file:{quote(name)}"
    return f"{name}?{urlencode({'mode': mode} | options, doseq=True)}"


def keep_to_file(engine: Engine) -> None:
    """Refuse later connections to any other file than the one that now has the name; the file must exist already."""
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
    """Make sure that no other process runs the bot on the file of an SQLite URL.

    The lock is SQLite's own, on an empty database beside the file, `FILE.lock`. The system releases it when the process
    ends. Raises ConfigurationError if another process holds it.
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
        except sqlite3.OperationalError as error:  # an unwritable folder is reported by `open_database`
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise ConfigurationError(
                    "Another Precis runs on the file that DATABASE_URL names, and SQLite serves one: stop one of them, "
                    "or let both share a PostgreSQL."
                ) from None
        yield
