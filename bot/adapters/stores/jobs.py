"""Promises: which messages are taken up, and whether they are answered. The real side of `Promises`."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import storage_errors
from bot.adapters.database.tables import PromiseRow
from bot.adapters.database.upsert import Insert, insert_of, upsert
from bot.services.ports import Promise


class PromiseBook:
    """Promises in the database; every method raises StorageError where it cannot do its work."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def make(self, promise: Promise, *, later: bool = False) -> Promise | None:  # noqa: ARG002 - others may have seen it
        """Write a promise down, and give it; None where that version with those links is kept, or a later one is begun."""
        with storage_errors():
            async with self._engine.begin() as connection:
                made = await connection.execute(_make(connection.dialect.name), _row(promise))
                return promise if made.rowcount else await _taken_up(connection, promise)

    async def keep(self, message_id: int, at: datetime) -> None:
        """Note that a message's promise is kept."""
        with storage_errors():
            async with self._engine.begin() as connection:
                await keep(connection, message_id, at)

    async def flush(self) -> None:
        """Do nothing: all is written down."""

    async def reopen(self, message_ids: Collection[int], at: datetime) -> None:
        """Note that there is work on messages again."""
        with storage_errors():
            async with self._engine.begin() as connection:
                there = PromiseRow.message_id.in_(message_ids)
                await connection.execute(update(PromiseRow).where(there).values(kept_at=None, made_at=at))

    async def unkept(self, *, before: datetime, after: int = 0, most: int = 100) -> tuple[Promise, ...]:
        """Give the promises made before a time and not kept, in the order of their messages' IDs, those after one."""
        asked = (
            select(PromiseRow.__table__)
            .where(PromiseRow.kept_at.is_(None), PromiseRow.message_id > after, PromiseRow.made_at < before)
            .order_by(PromiseRow.message_id)
            .limit(most)
        )
        with storage_errors():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(asked)).all()
        return tuple(
            Promise(row.message_id, row.channel_id, row.guild_id, row.made_at, row.salt, row.version, row.links, again=True)
            for row in rows
        )

    async def expire(self, before: datetime) -> int:
        """Forget the promises made before a time; gives how many."""
        with storage_errors():
            async with self._engine.begin() as connection:
                return (await connection.execute(delete(PromiseRow).where(PromiseRow.made_at < before))).rowcount


async def keep(connection: AsyncConnection, message_id: int, at: datetime, promise: Promise | None = None) -> None:
    """Note within a transaction that a message's promise is kept; it comes along where it is not written down."""
    if promise is not None:
        await upsert(connection, PromiseRow, _row(promise) | {"kept_at": at})
    else:
        await connection.execute(_KEEP, {"message": message_id, "at": at})


def _row(promise: Promise) -> dict[str, Any]:
    return {
        "message_id": promise.message_id,
        "channel_id": promise.channel_id,
        "guild_id": promise.guild_id,
        "made_at": promise.made_at,
        "salt": promise.salt,
        "version": promise.version,
        "links": promise.links,
    }


_KEEP = update(PromiseRow).where(PromiseRow.message_id == bindparam("message")).values(kept_at=bindparam("at"))
"""Each message with a link asks this, so it is written once; so is `_make`."""


@cache
def _make(dialect: str) -> Insert:
    return insert_of(dialect, PromiseRow).on_conflict_do_nothing(index_elements=["message_id"])


async def _taken_up(connection: AsyncConnection, promise: Promise) -> Promise | None:
    """Take up a message that has a promise: for another version it is made anew, one that is not kept is gone on with."""
    mine = PromiseRow.message_id == promise.message_id
    row = (await connection.execute(select(PromiseRow.__table__).where(mine))).one_or_none()
    if row is None or row.version > promise.version:
        return None
    if (row.version, row.links) == (promise.version, promise.links):
        if row.kept_at is not None:
            return None
        return replace(promise, made_at=row.made_at, salt=row.salt, again=True)
    before = (PromiseRow.version == row.version, PromiseRow.links == row.links)  # without a lock another may come between
    anew = {"version": promise.version, "links": promise.links, "made_at": promise.made_at, "kept_at": None}
    made = await connection.execute(update(PromiseRow).where(mine, *before).values(**anew))
    return replace(promise, salt=row.salt, again=row.kept_at is None) if made.rowcount else None
