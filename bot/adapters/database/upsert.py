"""Insert a row or replace the one with its key, in one statement."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.database.tables import Base

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert(connection: AsyncConnection, table: type[Base]) -> Insert:
    """Make an INSERT that supports ON CONFLICT, in the connection's dialect."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: type[Base] | Table) -> Insert:
    """Make an INSERT that supports ON CONFLICT, in the dialect of a name."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def upsert(connection: AsyncConnection, table: type[Base], row: Mapping[str, Any]) -> None:
    """Insert a row, or replace the one with its primary key."""
    keys = [column.name for column in inspect(table).primary_key]
    statement = insert(connection, table).values(row)
    values = {name: statement.excluded[name] for name in row if name not in keys}
    await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
