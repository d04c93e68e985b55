"""Locks by name on a real PostgreSQL: two of them stand for two processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.database.engine import open_database
from bot.adapters.database.session_locks import SessionLocks, open_locks
from bot.core.errors import StorageError
from bot.services.ports import Locks

PATIENCE = 60


@pytest.fixture
async def engine(postgresql_url: str) -> AsyncIterator[AsyncEngine]:
    async with open_database(postgresql_url) as opened:
        yield opened


@pytest.fixture
async def here(engine: AsyncEngine) -> AsyncIterator[Locks]:
    async with open_locks(engine) as locks:
        yield locks


@pytest.fixture
async def there(engine: AsyncEngine) -> AsyncIterator[Locks]:
    async with open_locks(engine) as locks:
        yield locks


async def end_sessions(engine: AsyncEngine) -> None:
    """End every other session of the database, as the server does when its client dies."""
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def held(engine: AsyncEngine) -> int:
    """How many advisory locks there are in this database."""
    asked = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND granted"
    async with engine.connect() as connection:
        return (await connection.execute(text(f"{asked} AND d.datname = current_database()"))).scalar_one()


async def test_one_holder_of_all_processes(here: Locks, there: Locks) -> None:
    """A name has one holder at a time, whoever asks where; another name does not wait."""
    inside, most, count = 0, 0, 0

    async def work(locks: Locks) -> None:
        nonlocal inside, most, count
        async with locks.hold("record 1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1
            count += 1

    async with asyncio.timeout(PATIENCE):
        async with here.hold("record 2"):
            await asyncio.gather(*(work(locks) for locks in (here, there) * 5))
    assert (most, count) == (1, 10)


async def test_a_thousand_waiters_need_one_connection(engine: AsyncEngine, here: Locks, there: Locks) -> None:
    """A thousand names waited for starve nobody, and each is had as soon as it is free."""
    names = [f"record {number}" for number in range(1000)]

    async def take(name: str) -> None:
        async with there.hold(name):
            pass

    async with asyncio.timeout(60):
        async with AsyncExitStack() as stack:
            for name in names:
                await stack.enter_async_context(here.hold(name)) if name.endswith("7") else None
            waiting = [asyncio.create_task(take(name)) for name in names]
            while engine.pool.checkedout() < 2:  # noqa: ASYNC110 - the pool tells nobody
                await asyncio.sleep(0.05)
            await asyncio.wait(waiting, timeout=0.5)
            assert engine.pool.checkedout() == 2
            assert sum(not task.done() for task in waiting) >= 100
        await asyncio.gather(*waiting)
        while await held(engine):  # noqa: ASYNC110 - the server's state
            await asyncio.sleep(0.05)


async def test_who_gives_up_keeps_nothing(engine: AsyncEngine, here: Locks, there: Locks) -> None:
    """A waiter who is cancelled at any moment leaves nothing locked."""

    async def take(locks: Locks, name: str) -> None:
        async with locks.hold(name):
            await asyncio.sleep(3600)

    for pause in range(12):
        tasks = [asyncio.create_task(take(locks, f"record {n}")) for locks in (here, there) for n in range(5)]
        await asyncio.sleep(pause / 500)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(PATIENCE):
        for locks in (here, there):
            for number in range(5):
                async with locks.hold(f"record {number}"):
                    pass


async def test_who_gives_up_as_the_lock_comes_keeps_nothing(engine: AsyncEngine, here: Locks, there: Locks) -> None:
    """Nor does one who is cancelled when the server has given the lock, and before the waiter knows."""
    loop = asyncio.get_running_loop()

    def give_up(*_: object) -> None:
        loop.call_soon(waiter.cancel)  # which comes before the waiter is woken

    async def take() -> None:
        async with here.hold("record 1"):
            raise AssertionError("it was not cancelled")

    event.listen(engine.sync_engine, "after_cursor_execute", give_up, once=True)
    waiter = asyncio.create_task(take())
    with pytest.raises(asyncio.CancelledError):
        await waiter
    async with asyncio.timeout(PATIENCE), there.hold("record 1"):
        pass


async def test_a_dead_session_holds_nothing(engine: AsyncEngine, here: Locks, there: Locks) -> None:
    """What a lost session held is free; its holder finishes, and the next lock is had over a new connection."""
    async with asyncio.timeout(PATIENCE):
        async with here.hold("record 1"):
            await end_sessions(engine)
            async with there.hold("record 1"), here.hold("record 2"):
                pass
        async with here.hold("record 1"):
            waiter = asyncio.create_task(_take(there))
            await asyncio.wait({waiter}, timeout=0.3)
            assert not waiter.done()
        await waiter


async def _take(locks: Locks) -> None:
    async with locks.hold("record 1"):
        pass


async def test_closing_frees_all(engine: AsyncEngine) -> None:
    """The session ends with its process, although the pool lives on."""
    locks = SessionLocks(engine)
    async with locks.hold("record 1"):
        assert await held(engine) == 1
        await locks.close()
        async with asyncio.timeout(PATIENCE):
            while await held(engine):  # noqa: ASYNC110 - the server's state
                await asyncio.sleep(0.05)


async def test_a_waiter_hears_that_nobody_can_tell() -> None:
    """Where the server cannot be reached: StorageError."""
    engine = create_async_engine("postgresql+asyncpg://u@127.0.0.1:1/x")
    locks = SessionLocks(engine)
    for _ in range(2):
        with pytest.raises(StorageError):
            async with locks.hold("record 1"):
                pass
    await locks.close()
    await engine.dispose()
