"""A write whose caller is cancelled: the transaction goes to its end, and no lock and no connection stays behind."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.adapters.database.engine import write

ADD = text("INSERT INTO people (user_id, opted_out_at) VALUES (:id, '2026-11-23 00:00:00') RETURNING user_id")
TOUCH = text("UPDATE people SET opted_out_at = opted_out_at")
STEPS = ("checkout", "begin", "before_cursor_execute", "after_cursor_execute", "commit", "checkin")
IMPATIENT: dict[str, dict[str, object]] = {
    "sqlite": {"timeout": 0},
    "postgresql": {"server_settings": {"lock_timeout": "1"}},
}
"""For connections that fail rather than wait for a lock."""


def two_rows(first: int) -> Callable[[AsyncConnection], object]:
    """Write rows with statements that return them: SQLite holds its lock until these are read."""

    async def work(connection: AsyncConnection) -> None:
        for number in (first, first + 1):
            await connection.execute(ADD, {"id": number})

    return work


@contextmanager
def at_each_step(engine: AsyncEngine, then: Callable[[], object]) -> Iterator[None]:
    """Call `then` before each thing that a transaction waits for."""

    def step(*_: object, **__: object) -> None:
        then()

    for name in STEPS:
        event.listen(engine.sync_engine, name, step)
    try:
        yield
    finally:
        for name in STEPS:
            event.remove(engine.sync_engine, name, step)


async def write_cancelled(engine: AsyncEngine, elsewhere: AsyncEngine, step: int, first: int) -> None:
    """Cancel a write during one of its steps, while another process waits to write."""
    seen: list[None] = []

    def cancel() -> None:
        seen.append(None)
        if len(seen) == step:
            asyncio.get_running_loop().call_soon(caller.cancel)  # it arrives when the step is under way

    with at_each_step(engine, cancel):
        caller = asyncio.create_task(write(engine, two_rows(first)))
        other = asyncio.create_task(write(elsewhere, two_rows(first + 2)))
        await asyncio.wait({caller, other})
    assert caller.cancelled()
    await other


async def test_a_cancelled_write_ends(engine: AsyncEngine) -> None:
    """Whatever it waits for when it is cancelled, its rows are there, and the next write finds no lock."""
    steps: list[None] = []
    with at_each_step(engine, lambda: steps.append(None)):
        await write(engine, two_rows(0))
    assert len(steps) >= len(STEPS) + 2  # two statements
    elsewhere = create_async_engine(engine.url)
    impatient = create_async_engine(engine.url, connect_args=IMPATIENT[engine.dialect.name])
    for step in range(1, len(steps) + 1):
        await write_cancelled(engine, elsewhere, step, 10 * step)
        await write(impatient, lambda connection: connection.execute(TOUCH))
    async with engine.connect() as connection:
        rows = set(await connection.scalars(text("SELECT user_id FROM people")))
    assert rows == {0, 1} | {10 * step + row for step in range(1, len(steps) + 1) for row in range(4)}
    await elsewhere.dispose()
    await impatient.dispose()


async def test_a_cancelled_write_may_fail(engine: AsyncEngine) -> None:
    """Its error is not reported as one that nobody retrieved: nobody waits for the write any more."""
    begun, go, reported = asyncio.Event(), asyncio.Event(), []

    async def work(connection: AsyncConnection) -> None:
        begun.set()
        await go.wait()
        await connection.execute(text("no statement"))

    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    caller = asyncio.create_task(write(engine, work))
    await begun.wait()
    caller.cancel()
    for _ in range(3):  # until the caller has been told
        await asyncio.sleep(0)
    go.set()
    with suppress(asyncio.CancelledError):
        await caller
    del caller
    await asyncio.sleep(0)
    gc.collect()
    assert reported == []
