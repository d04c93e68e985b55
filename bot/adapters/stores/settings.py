"""Guilds' settings and their history in the database.

A change first increments the guild's revision. That locks the row on PostgreSQL and the database on SQLite until the change
is committed, so no other process can change the guild at the same time.
"""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.clock import SecondsNow
from bot.adapters.database.engine import read, read_with, write
from bot.adapters.database.tables import ChangeRow, GuildRow, SettingRow
from bot.adapters.database.upsert import Insert, insert, upsert
from bot.core.channel_settings import KEYS, Change, Overrides, Scope, Target, Value, differences
from bot.services.guild_ports import GuildSettings, HistoryEntry

BATCH = 500
"""Guilds per query."""


class StoredSettings:
    """Implements `SettingsStore`; values that this version does not know stay stored but are not returned."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def revisions(self) -> Mapping[int, int]:
        asked = select(GuildRow.guild_id, GuildRow.revision).where(GuildRow.revision > 0)
        return {row.guild_id: row.revision for row in await read(self._engine, asked)}

    async def changed(self, seconds: float) -> Mapping[int, int]:
        since = select(SecondsNow() - seconds).scalar_subquery()  # a subquery is evaluated once, so that the index is used
        asked = select(GuildRow.guild_id, GuildRow.revision).where(GuildRow.changed_at > since)
        return {row.guild_id: row.revision for row in await read(self._engine, asked)}

    async def load(self, guild_ids: Collection[int]) -> Mapping[int, GuildSettings]:
        listed = list(guild_ids)

        async def work(connection: AsyncConnection) -> Mapping[int, GuildSettings]:
            loaded: dict[int, GuildSettings] = {}
            for start in range(0, len(listed), BATCH):
                loaded |= await _load(connection, listed[start : start + BATCH])
            return loaded

        return await read_with(self._engine, work) if listed else {}

    async def change(
        self, guild_id: int, edit: Callable[[Overrides], Overrides], *, by: int, at: datetime
    ) -> tuple[GuildSettings, tuple[Change, ...]]:
        async def work(connection: AsyncConnection) -> tuple[GuildSettings, tuple[Change, ...]]:
            await connection.execute(_next_revision(connection, guild_id))
            stored = (await _load(connection, [guild_id]))[guild_id]
            wanted = edit(stored.overrides)
            changes = differences(stored.overrides, wanted)
            for change in changes:
                await _write(connection, guild_id, change)
            if changes:
                rows = [_history_row(guild_id, change, by, at) for change in changes]
                await connection.execute(insert(connection, ChangeRow), rows)
            return GuildSettings(stored.revision, wanted), changes

        return await write(self._engine, work)

    async def history(self, guild_id: int, *, most: int, before: int | None = None) -> tuple[HistoryEntry, ...]:
        asked = select(ChangeRow.__table__).where(ChangeRow.guild_id == guild_id)
        if before is not None:
            asked = asked.where(ChangeRow.id < before)
        rows = await read(self._engine, asked.order_by(ChangeRow.id.desc()).limit(most))
        return tuple(HistoryEntry(row.id, _changed(row), row.user_id, row.at) for row in rows)


async def _load(connection: AsyncConnection, guild_ids: list[int]) -> dict[int, GuildSettings]:
    """Load guilds in one query, so that each revision matches its values."""
    asked = (
        select(
            GuildRow.guild_id, GuildRow.revision, SettingRow.scope, SettingRow.target_id, SettingRow.key, SettingRow.value
        )
        .outerjoin(SettingRow, SettingRow.guild_id == GuildRow.guild_id)
        .where(GuildRow.guild_id.in_(guild_ids), GuildRow.revision > 0)
    )
    revisions: dict[int, int] = {}
    overrides: dict[int, dict[Target, dict[str, Value]]] = {}
    for row in await connection.execute(asked):
        revisions[row.guild_id] = row.revision
        value = None if row.key is None else _read(row.key, row.value)
        if value is not None:
            target = Target(Scope(row.scope), row.target_id)
            overrides.setdefault(row.guild_id, {}).setdefault(target, {})[row.key] = value
    return {guild_id: GuildSettings(revision, overrides.get(guild_id, {})) for guild_id, revision in revisions.items()}


async def _write(connection: AsyncConnection, guild_id: int, change: Change) -> None:
    where = {"guild_id": guild_id, "scope": str(change.target.scope), "target_id": change.target.id, "key": change.key}
    if change.new is None:
        await connection.execute(delete(SettingRow).filter_by(**where))
    else:
        await upsert(connection, SettingRow, where | {"value": _json(change.key, change.new)})


def _next_revision(connection: AsyncConnection, guild_id: int) -> Insert:
    now = SecondsNow()
    statement = insert(connection, GuildRow).values(guild_id=guild_id, revision=1, changed_at=now)
    later = {"revision": GuildRow.revision + 1, "changed_at": now}
    return statement.on_conflict_do_update(index_elements=["guild_id"], set_=later)


def _history_row(guild_id: int, change: Change, by: int, at: datetime) -> dict[str, object]:
    return {
        "guild_id": guild_id,
        "scope": str(change.target.scope),
        "target_id": change.target.id,
        "key": change.key,
        "old": _json(change.key, change.old),
        "new": _json(change.key, change.new),
        "user_id": by,
        "at": at,
    }


def _changed(row: Row[Any]) -> Change:
    """Read a change; a value that this version does not know is given as JSON text."""
    old, new = (
        None if text is None else value if (value := _read(row.key, text)) is not None else text
        for text in (row.old, row.new)
    )
    return Change(Target(Scope(row.scope), row.target_id), row.key, old, new)


def _json(key: str, value: Value | None) -> str | None:
    return None if value is None else json.dumps(KEYS[key].write(value))


def _read(key: str, text: str) -> Value | None:
    """Read a stored value; None if this version does not know it."""
    try:
        return KEYS[key].read(json.loads(text))
    except (KeyError, ValueError):
        return None
