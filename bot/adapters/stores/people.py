"""The users who opted out, and the erasure of a user's data.

Erasure removes the user's cards, the jobs of the messages that have these cards, and the user's ID from the history of
settings, both as the author of a change and in lists of ignored members. It keeps the opt-out, which the user can take back,
and the current lists of ignored members, which are the moderators'.
"""

import json
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read, write
from bot.adapters.database.tables import ChangeRow, PersonRow, ReplyJobRow, ReplyRow
from bot.adapters.database.upsert import insert_of
from bot.core.channel_settings import KEYS, Kind

SUMMED = 1_000_000_007
"""A prime. IDs are added up modulo this number, since the sum of whole IDs would overflow SQLite's integers."""


class People:
    """Implements `PeopleStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def opted_out(self) -> frozenset[int]:
        return frozenset((await read(self._engine, select(PersonRow.user_id))).scalars())

    async def mark(self) -> object:
        ids = func.sum(PersonRow.user_id % SUMMED)
        asked = select(func.count(), ids, func.max(PersonRow.opted_out_at)).select_from(PersonRow)
        return tuple((await read(self._engine, asked)).one())

    async def opt_out(self, user_id: int, at: datetime) -> None:
        row = insert_of(self._engine.dialect.name, PersonRow).values(user_id=user_id, opted_out_at=at)
        new = row.on_conflict_do_nothing(index_elements=["user_id"])
        await write(self._engine, lambda connection: connection.execute(new))

    async def opt_in(self, user_id: int) -> None:
        gone = delete(PersonRow).where(PersonRow.user_id == user_id)
        await write(self._engine, lambda connection: connection.execute(gone))

    async def stored(self, user_id: int) -> int:
        counted: int = (await read(self._engine, select(func.count()).where(ReplyRow.poster_id == user_id))).scalar_one()
        return counted

    async def erase(self, user_id: int) -> int:
        async def work(connection: AsyncConnection) -> int:
            answered = select(ReplyRow.message_id).where(ReplyRow.poster_id == user_id, ReplyRow.message_id.is_not(None))
            await connection.execute(delete(ReplyJobRow).where(ReplyJobRow.message_id.in_(answered)))
            erased = await connection.execute(delete(ReplyRow).where(ReplyRow.poster_id == user_id))
            await connection.execute(update(ChangeRow).where(ChangeRow.user_id == user_id).values(user_id=None))
            await _erase_from_lists(connection, user_id)
            return erased.rowcount

        return await write(self._engine, work)


async def _erase_from_lists(connection: AsyncConnection, user_id: int) -> None:
    """Remove a user from the lists of members in the history of settings."""
    keys = [key.name for key in KEYS.values() if key.kind is Kind.MEMBERS]
    quoted = f'"{user_id}"'
    named = or_(ChangeRow.old.contains(quoted), ChangeRow.new.contains(quoted))
    asked = select(ChangeRow.id, ChangeRow.old, ChangeRow.new).where(ChangeRow.key.in_(keys), named)
    for number, old, new in (await connection.execute(asked)).all():
        without = {"old": _without(old, user_id), "new": _without(new, user_id)}
        await connection.execute(update(ChangeRow).where(ChangeRow.id == number).values(without))


def _without(text: str | None, user_id: int) -> str | None:
    return text and json.dumps([one for one in json.loads(text) if one != str(user_id)])
