"""Looks for jobs that nobody works on: those of a process that ended, and those that could not be finished before.

After each new session, the last day's messages are compared with what is stored of them, to follow what happened while the
bot was away. To spare Discord, there is a pause after each channel, which takes one or two requests.
"""

import asyncio
from math import nan

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.errors import BotError
from bot.core.reply import ReplyJob
from bot.services.meters import Meters
from bot.services.resuming import Resuming
from bot.services.work import Work
from cogs.cards.chat import Chats
from cogs.discord_kit.loops import end_loop

log = structlog.get_logger(__name__)


class ResumeLoop(commands.Cog):
    """Looks for pending jobs, and for what changed while the bot was away; a failure is logged, and the loop goes on."""

    def __init__(
        self,
        client: discord.Client,
        chats: Chats,
        *,
        resuming: Resuming,
        work: Work,
        meters: Meters,
        every: float,
        pause: float,
    ) -> None:
        """`every`: seconds between two looks; `pause`: between two channels whose messages are compared."""
        self._client = client
        self._chats = chats
        self._resuming = resuming
        self._work = work
        self._meters = meters
        self._every = every
        self._pause = pause

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Start both loops: from now on it is known which guilds this process sees."""
        if not self.look.is_running():
            self.look.change_interval(seconds=self._every)
            self.look.start()
        if not self.catch_up.is_running():
            self.catch_up.start()

    async def cog_unload(self) -> None:
        """End both loops."""
        await end_loop(self.look)
        await end_loop(self.catch_up)

    @tasks.loop()  # in the interval that `on_ready` sets
    async def look(self) -> None:
        """Go through all pending jobs once."""
        if self._work.stopping:
            return
        with self._work.doing():
            try:
                self._meters.pending = await self._resuming.resume_pending(self._chats.open, self._is_ours)
            except BotError as error:
                self._meters.pending = nan
                log.warning("pending jobs not known", reason=str(error))
            except Exception:
                log.exception("pending jobs not known")

    @tasks.loop(count=1)
    async def catch_up(self) -> None:
        """Go through the channels with cards of the last day once."""
        try:
            channels = await self._resuming.done_lately(self._is_ours)
        except BotError as error:
            log.warning("messages of the last day not known", reason=str(error))
            return
        for jobs in channels:
            if self._work.stopping:
                return
            with self._work.doing():
                await self._resuming.follow_changes(self._chats.open, jobs)
            await asyncio.sleep(self._pause)

    def _is_ours(self, job: ReplyJob) -> bool:
        """Whether this process sees the job's guild; any process can answer direct messages."""
        return job.guild_id is None or self._client.get_guild(job.guild_id) is not None
