"""The bot's replies in the database: `ReplyRow` has a column for each field of `Reply`, and an index for each query."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read
from bot.adapters.database.tables import ReplyRow
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.database.upsert import insert
from bot.core.reference import Reference
from bot.core.reply import Reply, by_message
from bot.services.ports import ShownStudy

_REPLIES = select(*ReplyRow.__table__.columns)
_IS_CARD = ReplyRow.target_id.is_(None)
_IN_ORDER = (ReplyRow.id, ReplyRow.position)


class SqlReplies:
    """Implements `bot.services.ports.ReplyStore`."""

    def __init__(self, engine: AsyncEngine, transactions: SharedTransactions) -> None:
        self._engine = engine
        self._transactions = transactions

    async def add(self, *replies: Reply) -> bool:
        reply_id = replies[0].id

        async def write(connection: AsyncConnection) -> bool:
            new = insert(connection, ReplyRow).values(list(map(_row, replies)))
            await connection.execute(new.on_conflict_do_nothing())
            kept = await connection.scalar(select(func.count()).where(ReplyRow.id == reply_id))
            if kept and kept < len(replies):
                await connection.execute(delete(ReplyRow).where(ReplyRow.id == reply_id))
            return bool(kept and kept >= len(replies))

        return await self._transactions.run(write)

    async def of_message(self, message_id: int) -> tuple[Reply, ...]:
        return await self._find(_REPLIES.where(ReplyRow.message_id == message_id).order_by(*_IN_ORDER))

    async def get(self, reply_ids: Collection[int]) -> Mapping[int, tuple[Reply, ...]]:
        found = await self._find(_REPLIES.where(ReplyRow.id.in_(reply_ids)).order_by(*_IN_ORDER))
        return {message[0].id: message for message in by_message(found)}

    async def about(self, message_ids: Collection[int]) -> tuple[Reply, ...]:
        columns = (ReplyRow.id, ReplyRow.message_id, ReplyRow.target_id)
        named = or_(*(column.in_(message_ids) for column in columns))
        return await self._find(_REPLIES.where(named).order_by(*_IN_ORDER))

    async def remove(self, reply_ids: Collection[int]) -> None:
        await self._transactions.execute(delete(ReplyRow).where(ReplyRow.id.in_(reply_ids)))

    async def replace(self, *replies: Reply) -> None:
        forgotten = delete(ReplyRow).where(ReplyRow.id == replies[0].id)

        async def write(connection: AsyncConnection) -> None:
            if (await connection.execute(forgotten)).rowcount:
                await connection.execute(insert(connection, ReplyRow).values(list(map(_row, replies))))

        await self._transactions.run(write)

    async def forget_channel(self, channel_id: int) -> int:
        there = or_(ReplyRow.channel_id == channel_id, ReplyRow.parent_id == channel_id)
        return (await self._transactions.execute(delete(ReplyRow).where(there))).rowcount

    async def last_card(self, channel_id: int, references: Collection[Reference], since: datetime) -> Reply | None:
        shown = (ReplyRow.reference.in_(references), ReplyRow.made_at >= since, _IS_CARD)
        newest = (
            _REPLIES.where(ReplyRow.channel_id == channel_id, *shown)
            .order_by(ReplyRow.made_at.desc(), ReplyRow.id.desc())
            .limit(1)
        )
        return next(iter(await self._find(newest)), None)

    async def recent(self, channel_id: int, *, most: int) -> tuple[Reply, ...]:
        newest = (ReplyRow.made_at.desc(), ReplyRow.id.desc(), ReplyRow.position)
        return await self._find(_REPLIES.where(ReplyRow.channel_id == channel_id, _IS_CARD).order_by(*newest).limit(most))

    async def cards_of(self, reference: Reference, since: datetime) -> tuple[Reply, ...]:
        shown = (ReplyRow.reference == reference, ReplyRow.made_at >= since, _IS_CARD)
        return await self._find(_REPLIES.where(*shown).order_by(ReplyRow.made_at.desc(), ReplyRow.id.desc()))

    async def studies(
        self, channel_ids: Collection[int], since: datetime, *, threads: bool = False
    ) -> Mapping[Reference, ShownStudy]:
        here = ReplyRow.channel_id.in_(channel_ids)
        where = or_(here, ReplyRow.parent_id.in_(channel_ids)) if threads else here
        hidden = func.min(case((ReplyRow.spoiler, 1), else_=0)).label("hidden")
        found = (
            select(ReplyRow.reference, func.max(ReplyRow.id).label("last_card_id"), hidden)
            .where(where, ReplyRow.made_at >= since, _IS_CARD)
            .group_by(ReplyRow.reference)
            .order_by(func.min(ReplyRow.made_at), ReplyRow.reference)
        )
        rows = await read(self._engine, found)
        return {row.reference: ShownStudy(row.last_card_id, hidden=bool(row.hidden)) for row in rows}

    async def _find(self, asked: Select[Any]) -> tuple[Reply, ...]:
        return tuple(Reply(**row._asdict()) for row in await read(self._engine, asked))


def _row(reply: Reply) -> dict[str, Any]:
    return {field.name: getattr(reply, field.name) for field in fields(reply)}
