"""Group commit: the writes of many callers share transactions."""

import asyncio
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import OnConnection, write
from bot.core.errors import StorageError

T = TypeVar("T")

MOST = 200
"""The most writes in one transaction."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A write, and the future for its result."""

    work: OnConnection[Any]
    result: asyncio.Future[Any]


class SharedTransactions:
    """Runs writes in the order of the calls; those that come while one transaction is committed share the next.

    So a burst of a thousand small writes costs a few commits, and a process never has two writers on SQLite.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def run(self, work: OnConnection[T]) -> T:
        """Run a write in a transaction and wait until it is committed. Raises StorageError."""
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain(), name="shared transactions")
        result: T = await waiting.result
        return result

    async def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run one statement as `run` does, and give its result, with all rows in memory."""
        return await self.run(lambda connection: connection.execute(statement))

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._commit(batch)
            except Exception as error:  # noqa: BLE001 - the callers must get it
                alone = len(batch) == 1 or not isinstance(error.__cause__, IntegrityError | DataError)
                for one in batch:
                    if alone:
                        _fail(one, error)
                    else:  # one write failed; the others are tried on their own
                        await self._commit_alone(one)
            except BaseException:
                for one in (*batch, *self._waiting):
                    one.result.cancel()
                raise

    async def _commit_alone(self, waiting: _Waiting) -> None:
        try:
            await self._commit([waiting])
        except Exception as error:  # noqa: BLE001 - as above
            _fail(waiting, error)

    async def _commit(self, batch: list[_Waiting]) -> None:
        async def work(connection: AsyncConnection) -> list[Any]:
            return [await one.work(connection) for one in batch]

        results = await write(self._engine, work)
        for one, result in zip(batch, results, strict=True):
            if not one.result.done():
                one.result.set_result(result)


def _fail(waiting: _Waiting, error: Exception) -> None:
    """Raise an error to a caller; each gets its own StorageError, since each raise changes an exception's traceback."""
    if not waiting.result.done():
        waiting.result.set_exception(StorageError(str(error)) if isinstance(error, StorageError) else error)
