"""Follows what happened to answered messages while the bot was away: after each new session, the last day is looked at.

Gently: one request a second, one or two for each channel that got cards, the channels with the newest ones first.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.errors import BotError
from bot.core.reply import Post, ReplyJob
from bot.services.ports import JobStore
from bot.services.replies import Replies
from bot.services.work import Work
from cogs.cards.chat import open_chat

LOOKED_BACK = timedelta(days=1)
PAUSE = 1.0
"""Seconds between two channels."""

log = structlog.get_logger(__name__)


class CatchUp(commands.Cog):
    """Compares the messages of the last day with what is known of them; a failure is logged, and the next channel comes."""

    def __init__(
        self,
        client: discord.Client,
        *,
        replies: Replies,
        jobs: JobStore,
        now: Callable[[], datetime],
        work: Work | None = None,
        pause: float = PAUSE,
    ) -> None:
        self._client = client
        self._replies = replies
        self._jobs = jobs
        self._now = now
        self._work = work if work is not None else Work()  # an empty one is false
        self._pause = pause

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin, unless the look after an earlier session goes on."""
        if not self.look.is_running():
            self.look.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self.look.cancel()

    @tasks.loop(count=1)
    async def look(self) -> None:
        """Go through the channels once."""
        try:
            jobs = await self._jobs.done_since(self._now() - LOOKED_BACK)
        except BotError as error:
            log.warning("messages of the last day not known", reason=str(error))
            return
        for channel_id, of_channel in by_channel(job for job in jobs if self._is_ours(job)):
            if self._work.stopping:
                return
            with self._work.doing():
                await self._compare(channel_id, of_channel)
            await asyncio.sleep(self._pause)

    def _is_ours(self, job: ReplyJob) -> bool:
        return job.guild_id is not None and self._client.get_guild(job.guild_id) is not None

    async def _compare(self, channel_id: int, jobs: list[ReplyJob]) -> None:
        """Look at one channel's messages, and follow those that changed."""
        try:
            chat = await open_chat(self._client, channel_id)
            posts = await chat.posts([job.message_id for job in jobs])
            if gone := [message_id for message_id, post in posts.items() if post is None]:
                await self._replies.deleted(chat, gone)
            for post in changed(jobs, posts):
                await self._replies.edited(chat, post, recent=False)
        except BotError as error:
            log.info("channel not looked at", channel=channel_id, error=type(error).__name__, reason=str(error))
        except Exception:
            log.exception("channel not looked at", channel=channel_id)


def by_channel(jobs: Iterable[ReplyJob]) -> list[tuple[int, list[ReplyJob]]]:
    """Give the jobs of each channel, the channel with the newest message first."""
    ordered = sorted(jobs, key=lambda job: (job.channel_id, job.message_id))
    channels = [(channel_id, list(group)) for channel_id, group in groupby(ordered, key=lambda job: job.channel_id)]
    return sorted(channels, key=lambda one: -one[1][-1].message_id)


def changed(jobs: Iterable[ReplyJob], posts: Mapping[int, Post | None]) -> list[Post]:
    """Give the answered messages whose links changed; a link that failed before is no change."""
    found = []
    for job in jobs:
        if (post := posts.get(job.message_id)) is not None:
            linked = {link.reference for link in post.links}
            if job.answered - linked or (job.answered and job.mark is None and linked - job.answered):
                found.append(post)
    return found
