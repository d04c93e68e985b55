"""Named locks for all processes that share a PostgreSQL: its session advisory locks (postgresql.org, "Advisory Locks").

A process holds all its locks in one session, on one connection. At most one task of a process asks the server for a name
(LocalLocks), and one statement asks for all wanted names, every tenth of a second: a thousand waiters cost one connection.

The locks of a killed process are freed with its session; those of a dead machine within half a minute (TCP keepalives, see
`engine`). If a running process loses the connection, its locks are freed too, but their holders are not told: until they
finish, another process may hold the same name. So a lock only saves work; what must never happen twice needs a row.

A connection pooler such as pgbouncer must pool by session.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import DatabaseLimits, storage_errors
from bot.adapters.database.locks import LocalLocks, key_of
from bot.core.errors import StorageError
from bot.services.ports import Locks

AGAIN = 0.1
"""Seconds until a name that another process holds is asked for again, plus up to as much jitter."""

_TAKE = text("SELECT key, pg_try_advisory_lock(key) AS taken FROM unnest(:keys) AS key").bindparams(
    bindparam("keys", type_=ARRAY(BigInteger))
)
_FREE = text("SELECT pg_advisory_unlock(key) FROM unnest(:keys) AS key").bindparams(
    bindparam("keys", type_=ARRAY(BigInteger))
)


@asynccontextmanager
async def open_locks(engine: AsyncEngine, limits: DatabaseLimits | None = None) -> AsyncIterator[Locks]:
    """Give the locks of an open database: among this process's tasks for SQLite, among all processes for PostgreSQL."""
    if engine.dialect.name == "sqlite":
        yield LocalLocks()
        return
    locks = SessionLocks(engine, limits)
    try:
        yield locks
    finally:
        await locks.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """A request for a lock by its key; the answer is the session that holds the lock."""

    key: int
    answer: asyncio.Future[AsyncConnection]

    @property
    def is_met(self) -> bool:
        """Whether the lock is held for this request."""
        return self.answer.done() and not self.answer.cancelled() and self.answer.exception() is None


class SessionLocks:
    """Implements `bot.services.ports.Locks` for all processes on one PostgreSQL."""

    def __init__(self, engine: AsyncEngine, limits: DatabaseLimits | None = None) -> None:
        self._engine = engine
        self._patience = 2 * (limits or DatabaseLimits()).statement
        self._local = LocalLocks()
        self._session: AsyncConnection | None = None
        self._wishes: list[_Wish] = []
        self._unwanted: list[tuple[AsyncConnection, int]] = []
        """Keys to free, each with the session that holds it."""
        self._woken = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        key = key_of(name)
        async with self._local.hold(str(key)):
            wish = _Wish(key, asyncio.get_running_loop().create_future())
            self._wishes.append(wish)
            self._wake()
            try:
                await wish.answer
                yield
            finally:
                if wish.is_met:  # also if the waiter was cancelled just as the lock came
                    self._unwanted.append((wish.answer.result(), key))
                    self._wake()

    async def close(self) -> None:
        """End the session and with it all locks; pending requests get StorageError."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        self._fail("the locks are closed")
        await self._end()

    def _wake(self) -> None:
        """Wake the worker, or start it."""
        self._woken.set()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._run(), name="locks")

    async def _run(self) -> None:
        """Free keys and ask for keys until there is nothing to do."""
        while self._wishes or self._unwanted:
            self._woken.clear()
            new = self._session is None
            try:
                async with asyncio.timeout(self._patience):
                    with storage_errors():
                        await self._free()
                        await self._ask()
            except (StorageError, TimeoutError) as error:
                await self._end()
                if new:  # if an old session failed, one more try is made
                    self._fail(f"locks: {error}")
                continue
            if self._wishes:
                with suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN * random.uniform(1, 2)):  # noqa: S311 - jitter
                        await self._woken.wait()

    async def _free(self) -> None:
        unwanted, self._unwanted = self._unwanted, []
        keys = [key for session, key in unwanted if session is self._session]
        if keys and self._session is not None:
            await self._session.execute(_FREE, {"keys": keys})

    async def _ask(self) -> None:
        """Ask for all wanted keys; a key is freed if its request was cancelled before the answer came."""
        self._wishes = asked = [wish for wish in self._wishes if not wish.answer.done()]
        if not asked:
            return
        if self._session is None:
            self._session = await self._engine.execution_options(isolation_level="AUTOCOMMIT").connect()
        session = self._session
        rows = await session.execute(_TAKE, {"keys": [wish.key for wish in asked]})
        taken = {row.key for row in rows if row.taken}
        for wish in asked:
            if wish.answer.done():
                if wish.key in taken:
                    self._unwanted.append((session, wish.key))
            elif wish.key in taken:
                wish.answer.set_result(session)
        self._wishes = [wish for wish in self._wishes if not wish.answer.done()]

    def _fail(self, reason: str) -> None:
        """Fail all pending requests."""
        wishes, self._wishes = self._wishes, []
        for wish in wishes:
            if not wish.answer.done():
                wish.answer.set_exception(StorageError(reason))

    async def _end(self) -> None:
        """End the session and with it all locks."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(StorageError), storage_errors():
                await session.invalidate()  # in the pool the connection would keep its locks
                await session.close()
