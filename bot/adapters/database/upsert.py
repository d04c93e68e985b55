"""Put a row where there may be one already, in one statement: no other process comes between."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.database.tables import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


def insert(connection: AsyncConnection, table: type[Base]) -> Insert:
    """Begin an INSERT that knows ON CONFLICT, in the words of the connection's database."""
    return insert_of(connection.dialect.name, table)


async def upsert(connection: AsyncConnection, table: type[Base], row: Mapping[str, Any]) -> None:
    """Put a row in place of the one with its key."""
    await connection.execute(_upsert(connection.dialect.name, table.__table__, tuple(row)), row)


def insert_of(dialect: str, table: type[Base] | Table) -> Insert:
    """Begin one in the words of a database of that name."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow to import, and needed with PostgreSQL alone

    return postgresql.insert(table)


@cache  # to write a statement takes as long as to run it; there are as many as there are kinds of row
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    statement = insert_of(dialect, table)
    keys = [column.name for column in table.primary_key]
    values = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)
