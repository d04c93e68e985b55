"""Takes up pending jobs that nobody works on, and follows what changed in the last day's messages while the bot was away.

Several processes may look at once: a job's lease says who works on it.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from bot.core.errors import BotError, ChatRefused, MessageGone
from bot.core.links import Link
from bot.core.reply import Post, ReplyJob
from bot.services.jobs import job_errors
from bot.services.ports import JobStore, OpenChat
from bot.services.replies import Replies

LATEST = timedelta(hours=1)
"""The age of a job's last event from which nothing new is sent, since people no longer expect a reply."""
AT_ONCE = 10
"""The most jobs taken up at the same time."""
LOOKED_BACK = timedelta(days=1)
"""The age of a message's last event up to which the message is checked for changes."""

IsOurs = Callable[[ReplyJob], bool]
"""Whether a job is one for this process, which may not see all guilds."""

log = structlog.get_logger(__name__)


class Resuming:
    """Resumes jobs, and follows missed changes. Methods raise StorageError; other failures are logged, and work goes on."""

    def __init__(self, replies: Replies, jobs: JobStore, *, now: Callable[[], datetime]) -> None:
        self._replies = replies
        self._jobs = jobs
        self._now = now

    async def resume_pending(self, open_chat: OpenChat, is_ours: IsOurs) -> int:
        """Follow missed events, and resume the pending jobs that are ours; return the number of all pending jobs."""
        with job_errors("missed events not followed"):
            await self._replies.follow_missed(open_chat)
        last, count, places = 0, 0, asyncio.Semaphore(AT_ONCE)
        while found := await self._jobs.pending(after=last):
            last, count = found[-1].message_id, count + len(found)
            await asyncio.gather(*(self._resume(job, open_chat, places) for job in found if is_ours(job)))
        return count

    async def _resume(self, job: ReplyJob, open_chat: OpenChat, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                try:
                    chat = await open_chat(job.channel_id)
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

    async def done_lately(self, is_ours: IsOurs) -> list[list[ReplyJob]]:
        """Give our jobs of the last day that are done, in guilds, by channel: the one with the newest message first."""
        jobs = await self._jobs.done_since(self._now() - LOOKED_BACK)
        return by_channel(job for job in jobs if job.guild_id is not None and is_ours(job))

    async def follow_changes(self, open_chat: OpenChat, jobs: Sequence[ReplyJob]) -> None:
        """Look at the messages of jobs of one channel, and follow those that changed since they were answered."""
        try:
            chat = await open_chat(jobs[0].channel_id)
            posts = await chat.find_posts([job.message_id for job in jobs])
            if gone := [message_id for message_id, post in posts.items() if post is None]:
                await self._replies.deleted(chat, gone)
            for post in changed(jobs, posts, self._replies.rules.wanted):
                await self._replies.edited(chat, post, recent=False)
        except BotError as error:
            log.info("channel not looked at", channel=jobs[0].channel_id, error=type(error).__name__, reason=str(error))
        except Exception:
            log.exception("channel not looked at", channel=jobs[0].channel_id)


def by_channel(jobs: Iterable[ReplyJob]) -> list[list[ReplyJob]]:
    """Give the jobs of each channel in the order of their messages, the channel with the newest message first."""
    ordered = sorted(jobs, key=lambda job: (job.channel_id, job.message_id))
    channels = [list(group) for _, group in groupby(ordered, key=lambda job: job.channel_id)]
    return sorted(channels, key=lambda group: -group[-1].message_id)


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
