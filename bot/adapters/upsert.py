"""Put a row where there may be one already, in one statement: no other process comes between."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.tables import Base

Insert = sqlite.Insert | postgresql.Insert


def insert(connection: AsyncConnection, table: type[Base]) -> Insert:
    """Begin an INSERT that knows ON CONFLICT, in the words of the connection's database."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def upsert(connection: AsyncConnection, table: type[Base], row: Mapping[str, Any]) -> Insert:
    """Put a row in place of the one with its key."""
    statement = insert(connection, table).values(**row)
    keys = [column.name for column in table.__table__.primary_key]
    values = {name: statement.excluded[name] for name in row if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)
