"""Takes up jobs that nobody works on: those of a process that ended, and those that could not be finished before.

Several processes may look at once: a job's lease says who works on it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from math import nan

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.errors import BotError, ChatRefused, MessageGone
from bot.core.reply import ReplyJob
from bot.services.meters import Meters
from bot.services.ports import JobStore
from bot.services.replies import Replies
from bot.services.work import Work
from cogs.cards.chat import open_chat

EVERY = 5.0
"""Seconds between two looks."""
LATEST = timedelta(hours=1)
"""Age from which a job sends nothing new any more: a reply would come out of nowhere."""
AT_ONCE = 10
"""Jobs taken up at the same time."""

log = structlog.get_logger(__name__)


class ResumeLoop(commands.Cog):
    """Looks for pending jobs; a failure is logged, and the next look comes."""

    def __init__(
        self,
        client: discord.Client,
        *,
        replies: Replies,
        jobs: JobStore,
        now: Callable[[], datetime],
        work: Work | None = None,
        meters: Meters | None = None,
        every: float = EVERY,
    ) -> None:
        self._client = client
        self._replies = replies
        self._jobs = jobs
        self._now = now
        self._work = work if work is not None else Work()  # an empty one is false
        self._meters = meters or Meters()
        self._every = every

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin at once, when it is known which guilds this process sees."""
        if not self.look.is_running():
            self.look.change_interval(seconds=self._every)
            self.look.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self.look.cancel()

    @tasks.loop(seconds=EVERY)
    async def look(self) -> None:
        """Go through all pending jobs once."""
        if self._work.stopping:
            return
        with self._work.doing():
            try:
                await self._replies.follow_missed(partial(open_chat, self._client))
            except BotError as error:
                log.warning("missed events not followed", error=type(error).__name__, reason=str(error))
            try:
                self._meters.pending = await self._resume_all()
            except BotError as error:
                self._meters.pending = nan
                log.warning("pending jobs not known", reason=str(error))
            except Exception:
                log.exception("pending jobs not known")

    async def _resume_all(self) -> int:
        """Resume the pending jobs of this process's guilds; gives how many there were of all guilds."""
        last, count, places = 0, 0, asyncio.Semaphore(AT_ONCE)
        while found := await self._jobs.pending(after=last):
            last, count = found[-1].message_id, count + len(found)
            await asyncio.gather(*(self._resume(job, places) for job in found if self._is_ours(job)))
        return count

    def _is_ours(self, job: ReplyJob) -> bool:
        """Whether this process sees the job's guild; direct messages any process can answer."""
        return job.guild_id is None or self._client.get_guild(job.guild_id) is not None

    async def _resume(self, job: ReplyJob, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                try:
                    chat = await open_chat(self._client, job.channel_id)
                except (MessageGone, ChatRefused):
                    await self._replies.close(job)
                    return
                late = self._now() - job.requested_at > LATEST
                log.info("job resumed", message=job.message_id, late=late)
                await self._replies.resume(chat, job, late=late)
            except BotError as error:
                log.warning("job not resumed", message=job.message_id, error=type(error).__name__, reason=str(error))
            except Exception:
                log.exception("job not resumed", message=job.message_id)
