"""The state of a service in the database: one row for each service, shared by all processes, on the database's clock."""

import time
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.clock import SecondsNow
from bot.adapters.database.engine import write
from bot.adapters.database.tables import ServiceRow
from bot.adapters.database.upsert import insert
from bot.adapters.site.service_state import OpenPeriod, ServiceState
from bot.core.errors import StorageError

T = TypeVar("T")

_COLUMNS: dict[str, Any] = {field.name: getattr(ServiceRow, field.name) for field in fields(ServiceState)}

log = structlog.get_logger(__name__)


class DatabaseState:
    """The state of the service `name`; see `StateStore`.

    If an SQLite database fails, its only process goes on with the state in memory. If PostgreSQL fails, other processes
    may have changed the state, so StorageError is raised.
    """

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._name = name[:200]
        self._known = ServiceState()
        self._offset = 0.0
        """The database's clock minus this process's clock, in seconds, as of the last read of `_known`."""
        self._unsaved = False
        """Whether the last change of `_known` is not in the database."""

    def period(self) -> OpenPeriod | None:
        return self._known.period(self._now())

    async def apply(self, step: Callable[[ServiceState, float], T]) -> T:
        try:
            state, now, result = await write(self._engine, lambda connection: self._apply(connection, step))
        except StorageError as error:
            self._unsaved = True
            result = step(self._known, self._now())
            if self._engine.dialect.name != "sqlite":
                raise
            log.warning("the rate limit is kept in memory while the database fails", service=self._name, reason=str(error))
            return result
        self._known, self._offset, self._unsaved = state, now - time.monotonic(), False
        return result

    async def _apply(
        self, connection: AsyncConnection, step: Callable[[ServiceState, float], T]
    ) -> tuple[ServiceState, float, T]:
        """Run a step on the locked row, and save it; give the new state, the database's time and the step's result."""
        # Creates the row if there is none, and locks it in any case. The clock is read once the row is locked.
        row = insert(connection, ServiceRow).values(name=self._name)
        row = row.on_conflict_do_update(index_elements=["name"], set_={"name": self._name})
        *values, now = (await connection.execute(row.returning(*_COLUMNS.values(), SecondsNow()))).one()
        stored = ServiceState(**dict(zip(_COLUMNS, values, strict=True)))
        state = replace(stored)
        if self._unsaved and (period := self.period()) is not None and period.left > 0:
            state.open(now, period)
        result = step(state, now)
        if state != stored:
            changes = {_COLUMNS[field]: value for field, value in asdict(state).items()}
            await connection.execute(update(ServiceRow).where(ServiceRow.name == self._name).values(changes))
        return state, now, result

    def _now(self) -> float:
        return time.monotonic() + self._offset
