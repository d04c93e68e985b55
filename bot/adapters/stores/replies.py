"""Pairs of message and card: the real side of `CardStore`. Each query has its index."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import storage_errors
from bot.adapters.database.tables import CardRow
from bot.adapters.database.upsert import upsert
from bot.adapters.stores.jobs import keep
from bot.core.reference import Reference
from bot.services.ports import Pair, Promise


class CardPairs:
    """Pairs in the database; every method raises StorageError where it cannot do its work."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, pair: Pair, *, kept_at: datetime | None = None) -> None:
        """Keep a pair, in place of what was kept of its card; with a time, its message's promise is kept with it."""
        await self._add(pair, kept_at)

    async def of_message(self, message_id: int) -> tuple[Pair, ...]:
        """Give the pairs of a message, in the order of their cards."""
        return await self._pairs(_of_message(message_id))

    async def of_card(self, card_id: int) -> Pair | None:
        """Give the pair of a card."""
        return next(iter(await self._pairs(_PAIRS.where(CardRow.card_id == card_id))), None)

    async def about(self, message_ids: Collection[int]) -> tuple[Pair, ...]:
        """Give the pairs that speak of messages: as what is answered, as the card, as what a pointer points to."""
        return await self._pairs(_about(message_ids))

    async def remove(self, card_ids: Collection[int]) -> None:
        """Forget the pairs of cards that are gone."""
        with storage_errors():
            async with self._engine.begin() as connection:
                await connection.execute(delete(CardRow).where(CardRow.card_id.in_(card_ids)))

    async def replace(self, card_id: int, pair: Pair) -> bool:
        """Keep a pair in place of the one of a card, which may be the same card; not where that was forgotten meanwhile."""
        with storage_errors():
            async with self._engine.begin() as connection:
                done = await connection.execute(update(CardRow).where(CardRow.card_id == card_id).values(_row(pair)))
        return done.rowcount > 0

    async def forget_channel(self, channel_id: int) -> int:
        """Forget the pairs of a channel or thread that is gone, and of its threads; gives how many."""
        there = or_(CardRow.channel_id == channel_id, CardRow.parent_id == channel_id)
        with storage_errors():
            async with self._engine.begin() as connection:
                return (await connection.execute(delete(CardRow).where(there))).rowcount

    async def last(self, channel_id: int, references: Collection[Reference], since: datetime) -> Mapping[Reference, Pair]:
        """Give the last card of each of these records in a channel since a time: one query for a whole message."""
        asked = {"channel_id": channel_id, "since": since, "records": [reference.id for reference in references]}
        return {pair.reference: pair for pair in await self._pairs(_LAST, asked)}

    async def recent(self, channel_id: int, *, most: int) -> tuple[Pair, ...]:
        """Give the last cards of a channel or thread, the newest first."""
        return await self._pairs(_recent(channel_id, most))

    async def studies(self, channel_id: int, since: datetime, *, threads: bool = False) -> Mapping[Reference, bool]:
        """Give the records carded in a channel or thread since a time, and whether only behind spoilers, oldest first."""
        with storage_errors():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(_studies(channel_id, since, threads=threads))).all()
        return {Reference(row.record_id): bool(row.hidden) for row in rows}

    async def _add(self, pair: Pair, kept_at: datetime | None, promise: Promise | None = None) -> None:
        with storage_errors():
            async with self._engine.begin() as connection:
                await upsert(connection, CardRow, _row(pair))
                if kept_at is not None and pair.message_id is not None:
                    await keep(connection, pair.message_id, kept_at, promise)

    async def _pairs(self, asked: Select[Any], values: Mapping[str, Any] | None = None) -> tuple[Pair, ...]:
        with storage_errors():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(asked, values)).all()
        return tuple(_to_pairs(rows))


_PAIRS = select(CardRow.__table__)
_LAST = _PAIRS.where(
    CardRow.channel_id == bindparam("channel_id"),
    CardRow.record_id.in_(bindparam("records", expanding=True)),
    CardRow.made_at >= bindparam("since"),
    ~CardRow.pointer,
).order_by(CardRow.made_at, CardRow.card_id)
"""The cards of a channel, the last of each record last; each message with a link asks, so it is written once."""


def _of_message(message_id: int) -> Select[Any]:
    return _PAIRS.where(CardRow.message_id == message_id).order_by(CardRow.card_id)


def _about(message_ids: Collection[int]) -> Select[Any]:
    columns = (CardRow.card_id, CardRow.message_id, CardRow.target_id)
    return _PAIRS.where(or_(*(column.in_(message_ids) for column in columns))).order_by(CardRow.card_id)


def _recent(channel_id: int, most: int) -> Select[Any]:
    newest = (CardRow.made_at.desc(), CardRow.card_id.desc())
    return _PAIRS.where(CardRow.channel_id == channel_id, ~CardRow.pointer).order_by(*newest).limit(most)


def _studies(channel_id: int, since: datetime, *, threads: bool) -> Select[int, int]:
    here = CardRow.channel_id == channel_id
    where = or_(here, CardRow.parent_id == channel_id) if threads else here
    return (
        select(CardRow.record_id, func.min(case((CardRow.spoiler, 1), else_=0)).label("hidden"))
        .where(where, CardRow.made_at >= since, ~CardRow.pointer)
        .group_by(CardRow.record_id)
        .order_by(func.min(CardRow.made_at), CardRow.record_id)
    )


def _row(pair: Pair) -> dict[str, Any]:
    return {
        "card_id": pair.card_id,
        "message_id": pair.message_id,
        "record_id": pair.reference.id,
        "channel_id": pair.channel_id,
        "parent_id": pair.parent_id,
        "guild_id": pair.guild_id,
        "poster_id": pair.poster_id,
        "made_at": pair.made_at,
        "spoiler": pair.spoiler,
        "pointer": pair.pointer,
        "target_id": pair.target_id,
    }


def _to_pairs(rows: Iterable[Row[Any]]) -> Iterable[Pair]:
    return (
        Pair(
            card_id=row.card_id,
            message_id=row.message_id,
            reference=Reference(row.record_id),
            channel_id=row.channel_id,
            poster_id=row.poster_id,
            made_at=row.made_at,
            parent_id=row.parent_id,
            guild_id=row.guild_id,
            spoiler=row.spoiler,
            pointer=row.pointer,
            target_id=row.target_id,
        )
        for row in rows
    )
