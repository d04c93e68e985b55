"""Deletes stored data that is no longer needed, and records which guilds the bot is in."""

from collections.abc import Awaitable, Callable

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.channel_settings import Scope, Target
from bot.core.errors import StorageError
from bot.services.guild_settings import SettingsService
from bot.services.replies import Replies
from bot.services.retention import Retention
from bot.services.work import Work
from cogs.discord_kit.loops import end_loop

log = structlog.get_logger(__name__)


class Housekeeping(commands.Cog):
    """Records which guilds the bot joins and leaves, and deletes data that is no longer needed; failures are only logged."""

    def __init__(
        self,
        client: discord.Client,
        *,
        retention: Retention,
        replies: Replies,
        settings: SettingsService,
        work: Work | None = None,
        greet: Callable[[discord.Guild], Awaitable[None]] | None = None,
    ) -> None:
        self._work = work or Work()
        self._client = client
        self._retention = retention
        self._replies = replies
        self._settings = settings
        self._greet = greet

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Record the guilds after each new session; the first one starts the daily work."""
        if self.daily.is_running():
            await self._present()
        else:
            self.daily.start()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Record that the bot is in a guild, and greet one that is not known yet."""
        with self._work.doing():
            try:
                new = await self._retention.joined(guild.id)
            except StorageError as error:
                log.warning("housekeeping failed", what="guild joined", reason=str(error))
                return
            if new and self._greet is not None:
                await self._greet(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Record that the bot left a guild, whose data is deleted later."""
        await _attempt("guild left", self._retention.left(guild.id))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Delete the cards and settings of a deleted channel; the settings history names the bot."""
        await _attempt("cards of channel deleted", self._replies.channel_deleted(channel.id))
        if (me := self._client.user) is not None:
            scope = Scope.CATEGORY if isinstance(channel, discord.CategoryChannel) else Scope.CHANNEL
            unset = self._settings.channel_deleted(channel.guild.id, Target(scope, channel.id), by=me.id)
            await _attempt("settings of channel deleted", unset)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Delete the stored cards of a deleted thread."""
        await _attempt("cards of thread deleted", self._replies.channel_deleted(thread.thread_id))

    @tasks.loop(hours=24)
    async def daily(self) -> None:
        """Delete old data; data of guilds only once the present guilds are recorded."""
        with self._work.doing():
            await _attempt("old jobs deleted", self._retention.expire_jobs())
            if await self._present():
                await _attempt("old data deleted", self._retention.expire())

    async def cog_unload(self) -> None:
        """Stop the daily work."""
        await end_loop(self.daily)

    async def _present(self) -> bool:
        there = {guild.id for guild in self._client.guilds}
        count = self._client.shard_count or 1
        shards = getattr(self._client, "shard_ids", None) or range(count)  # a client with one shard has no such attribute
        known = self._retention.present(there, shards=frozenset(shards), shard_count=count)
        return await _attempt("guilds recorded", known)


async def _attempt(what: str, work: Awaitable[object]) -> bool:
    """Await some work, log its failure, and tell whether it succeeded."""
    try:
        done = await work
    except StorageError as error:
        log.warning("housekeeping failed", what=what, reason=str(error))
        return False
    except Exception:
        log.exception("housekeeping failed", what=what)
        return False
    log.info(what, result=str(done)) if done is not None else log.debug(what)
    return True
