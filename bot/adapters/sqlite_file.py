"""SQLite's file while the bot runs: it is never made anew, and never mistaken for the one that was there before.

A connection stays with the file it opened, wherever that was moved to, and the next one would make an empty file in its
place. So both look at the folder first: while no file is there the database is gone, and the file that is there is it.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry


def keep_to_file(engine: Engine) -> None:
    """Keep an engine's connections to the file that bears the name; for a database in a file, which is there by now."""
    name = engine.url.database
    if not name or name == ":memory:" or name.startswith("file:"):
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
