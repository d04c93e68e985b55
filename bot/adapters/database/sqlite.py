"""SQLite's connections: aiosqlite's, with one trip to the connection's thread where SQLAlchemy makes five of a query.

SQLAlchemy opens a cursor, executes, fetches every row, closes the cursor and rolls back what a query never began, each by a
trip of its own. Here a statement comes back with its rows, and what is not open is neither closed nor rolled back.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite


def connect(database: str, **options: Any) -> "Connection":
    """Make a connection, as SQLAlchemy's `async_creator_fn`; it opens when it is awaited."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=1)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does: a process that is to end ends
    return connection


class Connection(aiosqlite.Connection):
    """A connection that knows whether a transaction may be open: for a cancelled statement nobody can say that it is not."""

    open = False

    def cursor(self) -> Any:
        """Give a cursor, which costs nothing yet."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit what is open."""
        if self.open:
            await super().commit()
            self.open = False

    async def rollback(self) -> None:
        """Roll back what is open."""
        if self.open:
            await super().rollback()
            self.open = False

    async def close(self) -> None:
        """Close, and end the thread; where that is under way already, be content.

        aiosqlite 0.22 would wait for a second end of its thread, for ever: a statement that is cancelled as the event loop
        ends is closed twice by SQLAlchemy.
        """
        if self._running and (stopped := self.stop()) is not None:
            await stopped

    async def run(self, statement: Callable[[sqlite3.Cursor], object]) -> tuple[sqlite3.Cursor, list[Any]]:
        """Run a statement in the connection's thread; gives its cursor, closed, and all its rows."""
        self.open = True
        cursor, rows, self.open = await self._execute(self._run, statement)  # type: ignore[no-untyped-call]
        return cursor, rows

    def _run(self, statement: Callable[[sqlite3.Cursor], object]) -> tuple[sqlite3.Cursor, list[Any], bool]:
        cursor = self._conn.cursor()
        try:
            statement(cursor)
            return cursor, cursor.fetchall(), self._conn.in_transaction
        finally:
            cursor.close()


class Cursor:
    """One statement and its rows, as SQLAlchemy asks for them (PEP 249, with `await`)."""

    arraysize = 1
    description: Sequence[Any] | None = None
    rowcount = -1
    lastrowid: int | None = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute a statement."""
        return await self._ran(lambda cursor: cursor.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        """Execute a statement for each of many rows."""
        return await self._ran(lambda cursor: cursor.executemany(sql, parameters))

    async def fetchall(self) -> list[Any]:
        """Give the rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: it was closed in its thread."""

    async def _ran(self, statement: Callable[[sqlite3.Cursor], object]) -> Self:
        cursor, self._rows = await self._connection.run(statement)
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        return self
