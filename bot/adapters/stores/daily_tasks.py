"""Daily tasks in the database: one leased row for each (`DailyTaskRow`)."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.clock import SecondsNow
from bot.adapters.database.engine import write
from bot.adapters.database.tables import DailyTaskRow
from bot.adapters.database.upsert import insert_of
from bot.core.errors import StorageError
from bot.services.enrichment_ports import DailyTask
from bot.services.ports import LEASE, RENEW

_ROW = DailyTaskRow
_NOW = SecondsNow()


class DailyTasks:
    """Implements `bot.services.enrichment_ports.DailyTaskStore`; a lease expires if the process that holds it dies."""

    def __init__(self, engine: AsyncEngine, *, renew: float = RENEW) -> None:
        """`renew`: seconds between two renewals of a lease."""
        self._engine = engine
        self._renew_every = renew

    @asynccontextmanager
    async def held(self, name: str, *, done_before: datetime) -> AsyncIterator[DailyTask | None]:
        lease = secrets.token_hex(8)
        values = {"lease": lease, "lease_until": _NOW + LEASE}
        taken = (
            insert_of(self._engine.dialect.name, _ROW)
            .values(name=name, **values)
            .on_conflict_do_update(
                index_elements=["name"],
                set_=values,
                where=(_ROW.lease_until <= _NOW) & or_(_ROW.done_at.is_(None), _ROW.done_at <= done_before),
            )
            .returning(_ROW.began_at, _ROW.done_at)
        )
        row = (await write(self._engine, lambda connection: connection.execute(taken))).one_or_none()
        if row is None:
            yield None
            return
        renewing = asyncio.create_task(self._renew(lease), name=f"renew the lease of {name}")
        try:
            yield DailyTask(row.began_at, row.done_at, lease)
        finally:
            renewing.cancel()
            with suppress(StorageError):
                await self._update(_ROW.lease == lease, lease="", lease_until=0.0)

    async def put(self, task: DailyTask) -> None:
        await self._update(_ROW.lease == task.lease, began_at=task.began_at, done_at=task.done_at)

    async def _renew(self, lease: str) -> None:
        """Keep a lease alive until this is cancelled."""
        while True:
            await asyncio.sleep(self._renew_every)
            with suppress(StorageError):
                await self._update(_ROW.lease == lease, lease_until=_NOW + LEASE)

    async def _update(self, where: ColumnElement[bool], **values: Any) -> None:
        changed = update(_ROW).where(where).values(values)
        await write(self._engine, lambda connection: connection.execute(changed))
