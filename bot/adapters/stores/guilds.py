"""The guilds that the bot is or was in, and the deletion of data that has expired."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import write
from bot.adapters.database.tables import ChangeRow, GuildRow, ReplyJobRow, ReplyRow, SettingRow
from bot.adapters.database.upsert import insert
from bot.services.guild_ports import Expired

BATCH = 500
"""Guilds per statement; a statement's number of parameters is limited."""


class Guilds:
    """Implements `GuildStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def present(
        self, guild_ids: Collection[int], at: datetime, *, shards: Collection[int] = (0,), shard_count: int = 1
    ) -> None:
        there = frozenset(guild_ids)

        async def work(connection: AsyncConnection) -> None:
            rows = (await connection.execute(select(GuildRow.guild_id, GuildRow.left_at))).all()
            # A guild's shard: docs.discord.com, "Sharding".
            known = {row.guild_id: row.left_at for row in rows if (row.guild_id >> 22) % shard_count in shards}
            await _join(connection, sorted(one for one in there if one not in known or known[one] is not None))
            await _leave(connection, sorted(one for one in known if one not in there and known[one] is None), at)

        await write(self._engine, work)

    async def joined(self, guild_id: int) -> bool:
        async def work(connection: AsyncConnection) -> bool:
            statement = insert(connection, GuildRow).values(guild_id=guild_id).on_conflict_do_nothing()
            new = await connection.scalar(statement.returning(GuildRow.guild_id)) is not None
            if not new:
                await _join(connection, [guild_id])
            return new

        return await write(self._engine, work)

    async def left(self, guild_id: int, at: datetime) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                insert(connection, GuildRow).values(guild_id=guild_id).on_conflict_do_nothing(index_elements=["guild_id"])
            )
            await _leave(connection, [guild_id], at)

        await write(self._engine, work)

    async def erase(self, guild_ids: Collection[int]) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(GuildRow).where(GuildRow.guild_id.in_(guild_ids)))
            await _erase(connection, guild_ids)

        await write(self._engine, work)

    async def expire(self, *, cards_before: datetime, left_before: datetime) -> Expired:
        async def work(connection: AsyncConnection) -> Expired:
            # Deleting the guilds first locks their rows, so that the bot cannot rejoin one before the rest is deleted.
            gone = await connection.scalars(
                delete(GuildRow).where(GuildRow.left_at < left_before).returning(GuildRow.guild_id)
            )
            guild_ids = frozenset(gone)
            for guild_id in guild_ids:
                await _erase(connection, [guild_id])
            old = await connection.execute(delete(ReplyRow).where(ReplyRow.made_at < cards_before))
            return Expired(old.rowcount, guild_ids)

        return await write(self._engine, work)


async def _join(connection: AsyncConnection, guild_ids: list[int]) -> None:
    for start in range(0, len(guild_ids), BATCH):
        rows = [{"guild_id": guild_id} for guild_id in guild_ids[start : start + BATCH]]
        statement = insert(connection, GuildRow).values(rows)
        await connection.execute(statement.on_conflict_do_update(index_elements=["guild_id"], set_={"left_at": None}))


async def _leave(connection: AsyncConnection, guild_ids: list[int], at: datetime) -> None:
    for start in range(0, len(guild_ids), BATCH):
        named = GuildRow.guild_id.in_(guild_ids[start : start + BATCH])
        await connection.execute(update(GuildRow).where(named, GuildRow.left_at.is_(None)).values(left_at=at))


async def _erase(connection: AsyncConnection, guild_ids: Collection[int]) -> None:
    for table in (ReplyRow, ChangeRow, ReplyJobRow, SettingRow):
        await connection.execute(delete(table).where(table.guild_id.in_(guild_ids)))
