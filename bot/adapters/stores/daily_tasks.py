"""When daily tasks were last done: implements `DailyTaskStore`."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import read, write
from bot.adapters.database.tables import DailyTaskRow
from bot.adapters.database.upsert import upsert
from bot.services.enrichment_ports import DailyTask


class DailyTasks:
    """Daily tasks in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, name: str) -> DailyTask:
        asked = select(DailyTaskRow.began_at, DailyTaskRow.done_at).where(DailyTaskRow.name == name)
        row = (await read(self._engine, asked)).one_or_none()
        return DailyTask(row.began_at, row.done_at) if row is not None else DailyTask()

    async def put(self, name: str, task: DailyTask) -> None:
        row = {"name": name, "began_at": task.began_at, "done_at": task.done_at}
        await write(self._engine, lambda connection: upsert(connection, DailyTaskRow, row))
