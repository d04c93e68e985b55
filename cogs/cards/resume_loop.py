"""Takes up jobs that nobody works on: those of a process that ended, and those that could not be finished before.

Several processes may look at once: a job's lease says who works on it. After each new session, the last day's messages are
compared with what is known of them, to follow what happened while the bot was away. Gently: one request a second, one or two
for each channel that got cards, the channels with the newest ones first.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from math import nan

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.errors import BotError, ChatRefused, MessageGone
from bot.core.links import Link
from bot.core.reply import Post, ReplyJob
from bot.services.jobs import Jobs
from bot.services.meters import Meters
from bot.services.replies import Replies
from bot.services.work import Work
from cogs.cards.chat import Chats, DiscordChat
from cogs.discord_kit.asking import chat_errors
from cogs.discord_kit.channels import can_read

LATEST = timedelta(hours=1)
"""Age from which a job sends nothing new any more: a reply would come out of nowhere."""
AT_ONCE = 10
"""Jobs taken up at the same time."""
LOOKED_BACK = timedelta(days=1)
LOOKED_THROUGH = 200
"""Messages of a channel looked through for those of that time: two requests."""

log = structlog.get_logger(__name__)


class ResumeLoop(commands.Cog):
    """Looks for pending jobs, and for what changed meanwhile; a failure is logged, and the next look or channel comes."""

    def __init__(
        self,
        client: discord.Client,
        chats: Chats,
        *,
        replies: Replies,
        jobs: Jobs,
        now: Callable[[], datetime],
        work: Work,
        meters: Meters,
        every: float,
        pause: float,
    ) -> None:
        """`every`: seconds between two looks; `pause`: between two channels whose messages are compared."""
        self._client = client
        self._chats = chats
        self._replies = replies
        self._jobs = jobs
        self._now = now
        self._work = work
        self._meters = meters
        self._every = every
        self._pause = pause

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin at once, when it is known which guilds this process sees."""
        if not self.look.is_running():
            self.look.change_interval(seconds=self._every)
            self.look.start()
        if not self.catch_up.is_running():
            self.catch_up.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self.look.cancel()
        self.catch_up.cancel()

    @tasks.loop()  # in the interval that `on_ready` sets
    async def look(self) -> None:
        """Go through all pending jobs once."""
        if self._work.stopping:
            return
        with self._work.doing():
            try:
                await self._replies.follow_missed(self._chats.open)
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
                    chat = await self._chats.open(job.channel_id)
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

    @tasks.loop(count=1)
    async def catch_up(self) -> None:
        """Go through the channels with cards of the last day once."""
        try:
            jobs = await self._jobs.done_since(self._now() - LOOKED_BACK)
        except BotError as error:
            log.warning("messages of the last day not known", reason=str(error))
            return
        for channel_id, of_channel in by_channel(job for job in jobs if job.guild_id is not None and self._is_ours(job)):
            if self._work.stopping:
                return
            with self._work.doing():
                await self._compare(channel_id, of_channel)
            await asyncio.sleep(self._pause)

    async def _compare(self, channel_id: int, jobs: list[ReplyJob]) -> None:
        """Look at one channel's messages, and follow those that changed."""
        try:
            chat = await self._chats.open(channel_id)
            posts = await self._look_up(chat, [job.message_id for job in jobs])
            if gone := [message_id for message_id, post in posts.items() if post is None]:
                await self._replies.deleted(chat, gone)
            for post in changed(jobs, posts, self._replies.wanted):
                await self._replies.edited(chat, post, recent=False)
        except BotError as error:
            log.info("channel not looked at", channel=channel_id, error=type(error).__name__, reason=str(error))
        except Exception:
            log.exception("channel not looked at", channel=channel_id)

    async def _look_up(self, chat: DiscordChat, message_ids: Sequence[int]) -> dict[int, Post | None]:
        """Look up messages of a guild's channel, in few requests; None for those that are gone. Raises ChatError.

        Messages that are too far apart for that are left out.
        """
        if not can_read(chat.channel):  # Discord would answer with an empty history
            raise ChatRefused("the history cannot be read")
        first, last = min(message_ids), max(message_ids)
        around = {"after": discord.Object(first - 1), "before": discord.Object(last + 1), "oldest_first": False}
        with chat_errors():
            history = [message async for message in chat.channel.history(limit=LOOKED_THROUGH, **around)]
        found: dict[int, Post | None] = {message.id: self._chats.read(message) for message in history}
        reached = min(found, default=last + 1) if len(history) == LOOKED_THROUGH else first
        for message_id in message_ids:
            if message_id >= reached and message_id not in found:
                with suppress(MessageGone):
                    found[message_id] = await chat.post(message_id)
        return {message_id: found.get(message_id) for message_id in message_ids if message_id >= reached}


def by_channel(jobs: Iterable[ReplyJob]) -> list[tuple[int, list[ReplyJob]]]:
    """Give the jobs of each channel, the channel with the newest message first."""
    ordered = sorted(jobs, key=lambda job: (job.channel_id, job.message_id))
    channels = [(channel_id, list(group)) for channel_id, group in groupby(ordered, key=lambda job: job.channel_id)]
    return sorted(channels, key=lambda one: -one[1][-1].message_id)


def changed(
    jobs: Iterable[ReplyJob], posts: Mapping[int, Post | None], wanted: Callable[[Post], Iterable[Link]]
) -> list[Post]:
    """Give the answered messages whose links changed; a link that failed before is no change, nor is one not `wanted`."""
    found = []
    for job in jobs:
        if (post := posts.get(job.message_id)) is not None:
            linked = {link.reference for link in post.links}
            new = {link.reference for link in wanted(post)} - job.answered
            if job.answered - linked or (job.answered and job.mark is None and new):
                found.append(post)
    return found
