"""Group commit: who shares a transaction shares its fate only where the database itself is at fault."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.transactions import SharedTransactions
from bot.core.errors import StorageError


def write(sql: str):
    async def run(connection: AsyncConnection) -> int:
        return (await connection.execute(text(sql))).rowcount

    return run


async def broken(_: AsyncConnection) -> None:
    raise KeyError("a mistake of the program")


async def test_one_wrong_write_harms_no_other(engine: AsyncEngine) -> None:
    """Neither one that breaks a constraint nor one that raises anything leaves others waiting."""
    transactions = SharedTransactions(engine)
    person = "INSERT INTO people (user_id, opted_out_at) VALUES ({}, '2026-11-23 00:00:00')"
    done = await asyncio.gather(
        *(transactions.run(write(person.format(number))) for number in (1, 1, 2)),
        return_exceptions=True,
    )
    assert [type(one) for one in done] == [int, StorageError, int]
    with pytest.raises(KeyError):
        await transactions.run(broken)
    assert await transactions.run(write(person.format(3))) == 1


async def test_many_share_a_transaction(engine: AsyncEngine) -> None:
    """In the order of asking."""
    transactions = SharedTransactions(engine)
    seen: list[int] = []

    def note(number: int):
        async def run(_: AsyncConnection) -> int:
            seen.append(number)
            return number

        return run

    assert await asyncio.gather(*(transactions.run(note(number)) for number in range(500))) == list(range(500))
    assert seen == list(range(500))


async def test_a_burst_costs_few_commits(engine: AsyncEngine) -> None:
    """As the driver counts them."""
    ran = await watch_driver(engine)
    transactions = SharedTransactions(engine)
    person = "INSERT INTO people (user_id, opted_out_at) VALUES ({}, '2026-11-23 00:00:00')"
    await transactions.run(write(person.format(0)))
    assert commits(ran) == 1
    await asyncio.gather(*(transactions.run(write(person.format(number))) for number in range(1, 500)))
    assert 2 <= commits(ran) <= 10
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM people")) == 500


async def watch_driver(engine: AsyncEngine) -> list[str]:
    """Give the list to which the driver adds each statement that it runs from now on, its own ones too."""
    ran: list[str] = []

    async def watch_asyncpg(driver: Any) -> None:
        driver.add_query_logger(lambda record: ran.append(record.query))

    def watch(connection: Any, _entry: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.run_async(lambda driver: driver.set_trace_callback(ran.append))
        else:
            connection.run_async(watch_asyncpg)

    await engine.dispose()
    event.listen(engine.sync_engine, "connect", watch)
    return ran


def commits(statements: list[str]) -> int:
    return sum(one.startswith("COMMIT") for one in statements)
