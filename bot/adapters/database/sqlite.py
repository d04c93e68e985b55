"""aiosqlite's connection, with a workaround for a fault of aiosqlite 0.22.1."""

import sqlite3
from functools import partial
from typing import Any

import aiosqlite


class Connection(aiosqlite.Connection):
    """A connection that may be closed twice.

    SQLAlchemy closes the connection of a cancelled statement, and again as the event loop ends. aiosqlite 0.22.1 then waits
    forever for a thread that has ended; `tests/adapters/test_sqlite.py` fails once a version no longer does so.
    """

    async def close(self) -> None:
        """Close the connection and end its thread, unless that has begun already."""
        if self._running and (stopped := self.stop()) is not None:
            await stopped


def connect(database: str, **options: Any) -> Connection:
    """Make a connection, which opens when it is awaited: SQLAlchemy's `async_creator_fn`."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as in SQLAlchemy: the process need not wait for the thread
    return connection
