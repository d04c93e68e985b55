"""Turns to identify at Discord's gateway: one in five seconds for each bucket of shards, over all processes.

Which shard is of which bucket, Discord says ("Sharding: Max Concurrency"): its number modulo `max_concurrency`.
"""

import asyncio
import random

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.slots import Slots
from bot.adapters.site.rate_limiter import Sleep
from bot.core.errors import StorageError, TooBusy

EVERY = 5.5
"""Seconds between two: Discord's five, and some for what their ways may differ by."""
PATIENCE = 40.0
"""Seconds away that a turn may be: discord.py gives one connect 60, and a turn that it gave up would be lost to all."""

log = structlog.get_logger(__name__)


class IdentifyTurns:
    """The turns of all processes on one database."""

    def __init__(self, engine: AsyncEngine, *, sleep: Sleep = asyncio.sleep) -> None:
        self._engine = engine
        self._sleep = sleep

    async def take(self, bucket: int) -> None:
        """Wait for a turn in a bucket; where nobody can tell, for as long as one takes, and a little."""
        slots = Slots(self._engine, f"identify {bucket}")
        while True:
            try:
                slot = await slots.reserve(every=EVERY, delay=None, patience=PATIENCE)
            except TooBusy:
                await self._sleep(random.uniform(1, EVERY))  # noqa: S311 - jitter
            except StorageError as error:
                log.warning("nobody knows who identifies at Discord", reason=str(error))
                await self._sleep(random.uniform(1, 2) * EVERY)  # noqa: S311 - jitter
                return
            else:
                await self._sleep(max(slot.ahead, 0))
                return
