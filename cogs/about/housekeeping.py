"""Keeping the house: which guilds the bot is in, the end of what channels leave behind, and of what is kept long enough."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.channel_settings import Scope, Target
from bot.core.errors import StorageError
from bot.services.guild_ports import GuildStore
from bot.services.guild_settings import SettingsService
from bot.services.ports import JobStore, ReplyStore
from bot.services.privacy import Privacy
from bot.services.work import Work

KEEP_JOBS = timedelta(days=1)
"""So long no event that comes again is answered again."""

log = structlog.get_logger(__name__)


class Housekeeping(commands.Cog):
    """Listens for guilds that come and go, and tidies up once a day; a failure is logged, and the next day comes."""

    def __init__(
        self,
        client: discord.Client,
        *,
        privacy: Privacy,
        guilds: GuildStore,
        replies: ReplyStore,
        jobs: JobStore,
        settings: SettingsService,
        now: Callable[[], datetime],
        work: Work | None = None,
    ) -> None:
        self._work = work or Work()
        self._client = client
        self._privacy = privacy
        self._guilds = guilds
        self._replies = replies
        self._jobs = jobs
        self._settings = settings
        self._now = now

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Keep which guilds there are, after each new session; the first one starts the daily work."""
        if self.daily.is_running():
            await self._present()
        else:
            self.daily.start()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep that the bot is in a guild."""
        await _attempt("guild joined", self._guilds.joined(guild.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep that the bot left a guild: what is stored of it goes after its time."""
        await _attempt("guild left", self._guilds.left(guild.id, self._now()))

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget the cards of a channel that is gone, and what was chosen for it; the history says that the bot did it."""
        await _attempt("channel gone", self._replies.forget_channel(channel.id))
        await _attempt("choices gone", self._forget_choices(channel))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Forget the cards of a thread that is gone."""
        await _attempt("thread gone", self._replies.forget_channel(thread.thread_id))

    async def _forget_choices(self, channel: discord.abc.GuildChannel) -> None:
        guild_id, me = channel.guild.id, self._client.user
        overrides = self._settings.overrides(guild_id)
        scope = Scope.CATEGORY if isinstance(channel, discord.CategoryChannel) else Scope.CHANNEL
        if me is None:
            return
        if (gone := Target(scope, channel.id)) in overrides:
            await self._settings.reset(guild_id, gone, by=me.id)
        whole = Target(Scope.GUILD, guild_id)
        if overrides.get(whole, {}).get("log_channel") == channel.id:
            await self._settings.set(guild_id, whole, {"log_channel": None}, by=me.id)

    @tasks.loop(hours=24)
    async def daily(self) -> None:
        """Forget what has been kept for long enough; only once it is known which guilds the bot came back to."""
        with self._work.doing():
            await _attempt("jobs expired", self._jobs.expire(self._now() - KEEP_JOBS))
            if await self._present():
                await _attempt("expired", self._privacy.expire())

    async def cog_unload(self) -> None:
        """Stop the daily work."""
        self.daily.cancel()

    async def _present(self) -> bool:
        there = {guild.id for guild in self._client.guilds}
        count = self._client.shard_count or 1
        shards = getattr(self._client, "shard_ids", None) or range(count)  # which only a client of several shards has
        known = self._guilds.present(there, self._now(), shards=frozenset(shards), shard_count=count)
        return await _attempt("guilds known", known)


async def _attempt(what: str, work: Awaitable[object]) -> bool:
    """Do work; gives whether it was done."""
    try:
        done = await work
    except StorageError as error:
        log.warning("not done", what=what, reason=str(error))
        return False
    except Exception:
        log.exception("not done", what=what)
        return False
    log.info(what, result=str(done)) if done is not None else log.debug(what)
    return True
