"""Retention: how long cards, jobs and the data of guilds are kept, and their erasure."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot.services.guild_ports import Expired, GuildStore
from bot.services.guild_settings import SettingsService
from bot.services.ports import JobStore

KEEP_CARDS = timedelta(days=90)
"""How long cards are kept after they were sent."""
KEEP_GUILDS = timedelta(days=30)
"""How long a guild's data is kept after the bot left the guild."""
KEEP_JOBS = timedelta(days=1)
"""How long jobs are kept after the last event about the message, so that a repeated event gets no second reply."""


class Retention:
    """Stores which guilds the bot is in, and erases old data. Methods raise StorageError."""

    def __init__(
        self, guilds: GuildStore, jobs: JobStore, settings: SettingsService, *, now: Callable[[], datetime]
    ) -> None:
        self._guilds = guilds
        self._jobs = jobs
        self._settings = settings
        self._now = now

    async def present(self, guild_ids: Collection[int], *, shards: Collection[int], shard_count: int) -> None:
        """Store that the bot is in these guilds, and in no others of these shards."""
        await self._guilds.present(guild_ids, self._now(), shards=shards, shard_count=shard_count)

    async def joined(self, guild_id: int) -> bool:
        """Store that the bot joined a guild; return whether the guild is new."""
        return await self._guilds.joined(guild_id)

    async def left(self, guild_id: int) -> None:
        """Store that the bot left a guild, whose data is erased after KEEP_GUILDS."""
        await self._guilds.left(guild_id, self._now())

    async def expire(self) -> Expired:
        """Erase data that is too old; to be called about once a day."""
        now = self._now()
        expired = await self._guilds.expire(cards_before=now - KEEP_CARDS, left_before=now - KEEP_GUILDS)
        self._settings.forget(expired.guilds)
        return expired

    async def expire_jobs(self) -> int:
        """Delete the jobs that are too old; return their number."""
        return await self._jobs.expire(self._now() - KEEP_JOBS)
