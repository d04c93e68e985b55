"""Turns to identify at Discord's gateway: all processes together take one per bucket of shards in five seconds.

A shard's bucket is its number modulo `max_concurrency` (Discord, "Sharding: Max Concurrency").
"""

import asyncio
import random

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.shared_state import DatabaseState
from bot.adapters.site.service_state import Terms
from bot.core.errors import SiteError, StorageError

PATIENCE = 40.0
"""The longest wait for a turn, in seconds: discord.py gives up connecting after 60, and a later turn would be wasted."""

log = structlog.get_logger(__name__)


class IdentifyTurns:
    """Gives turns to all processes that share one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._buckets: dict[int, DatabaseState] = {}

    async def take(self, bucket: int, gap: float) -> None:
        """Wait for a turn in a bucket, at least `gap` seconds after the last one.

        If the database does not answer, wait `gap` to twice `gap` seconds instead.
        """
        if bucket not in self._buckets:
            self._buckets[bucket] = DatabaseState(self._engine, f"identify {bucket}")
        while True:
            try:
                slot = await self._buckets[bucket].apply(lambda state, now: state.reserve(now, Terms(gap, PATIENCE)))
            except StorageError as error:
                log.warning("turns to identify cannot be read from the database", reason=str(error))
                await asyncio.sleep(random.uniform(1, 2) * gap)  # noqa: S311 - jitter
                return
            if not isinstance(slot, SiteError):
                await asyncio.sleep(max(slot.ahead, 0))
                return
            await asyncio.sleep(random.uniform(0.2, 1) * gap)  # noqa: S311 - jitter
