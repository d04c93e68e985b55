"""How long data is kept: each card and job for a time, a guild's data until a time after the bot left it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot.services.guild_ports import Expired, GuildStore
from bot.services.guild_settings import SettingsService
from bot.services.ports import JobStore

KEEP_CARDS = timedelta(days=90)
"""After they were sent."""
KEEP_GUILDS = timedelta(days=30)
"""After the bot left the guild."""
KEEP_JOBS = timedelta(days=1)
"""After the last event about the message: a repeated event must not be answered twice."""


class Retention:
    """Follows which guilds the bot is in, and erases old data. Methods raise StorageError."""

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
        """Store that the bot joined a guild; gives whether nothing was stored of it before."""
        return await self._guilds.joined(guild_id)

    async def left(self, guild_id: int) -> None:
        """Store that the bot left a guild, whose data is erased after KEEP_GUILDS."""
        await self._guilds.left(guild_id, self._now())

    async def expire(self) -> Expired:
        """Erase data that is too old; call it about daily."""
        now = self._now()
        expired = await self._guilds.expire(cards_before=now - KEEP_CARDS, left_before=now - KEEP_GUILDS)
        self._settings.forget(expired.guilds)
        return expired

    async def expire_jobs(self) -> int:
        """Forget the jobs that are too old; gives how many."""
        return await self._jobs.expire(self._now() - KEEP_JOBS)
