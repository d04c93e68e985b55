"""Daily tasks on each database."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import text

from bot.adapters.database.engine import open_database
from bot.adapters.stores.daily_tasks import DailyTasks

NAME, NOW = "a task", datetime(2026, 11, 23, tzinfo=UTC)


async def test_a_lease_that_was_lost(database_url: str) -> None:
    """Whoever took the task over says when it was done, and nobody else."""
    async with open_database(database_url) as engine:
        tasks = DailyTasks(engine)
        async with tasks.held(NAME, done_before=NOW) as task:
            async with engine.begin() as connection:
                await connection.execute(text("UPDATE daily_tasks SET lease = '', lease_until = 0"))
            async with tasks.held(NAME, done_before=NOW) as other:
                await tasks.put(replace(other, began_at=NOW))
                await tasks.put(replace(task, began_at=NOW, done_at=NOW))
        async with tasks.held(NAME, done_before=NOW) as last:
            assert (last.began_at, last.done_at) == (NOW, None)
