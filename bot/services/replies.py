"""Replies to messages: whatever happens to a message, its job is claimed, and `_reconcile` brings its replies up to date.

`bot.core.plan` decides what to do, `bot.services.steps` carries it out. Functions return what happened; no object is passed
down for others to write on.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from cachetools import LRUCache

from bot.core.channel_settings import ChannelSettings, Mode
from bot.core.errors import ChatRefused, MessageGone, StorageError
from bot.core.links import Link
from bot.core.plan import Remove, Situation, conclude, plan
from bot.core.reference import unified
from bot.core.reply import Mark, Post, Reply, ReplyJob
from bot.core.source import Sources
from bot.services.guild_settings import SettingsService
from bot.services.history_scan import HistoryScan
from bot.services.identities import Identities, Same
from bot.services.jobs import Jobs, job_errors
from bot.services.outcomes import StepOutcome, Task
from bot.services.ports import Chat, JobStore, ReplyStore
from bot.services.privacy import Privacy
from bot.services.steps import Steps

DELETED = 10_000
"""Deleted messages remembered, so that work on them stops."""

log = structlog.get_logger(__name__)


class Replies:
    """Keeps the replies to each message up to date.

    Methods raise StorageError and ChatError. The job then stays open, and is taken up again.
    """

    def __init__(
        self,
        *,
        jobs: JobStore,
        replies: ReplyStore,
        steps: Steps,
        history: HistoryScan,
        sources: Sources,
        identities: Identities,
        settings: SettingsService,
        privacy: Privacy,
        now: Callable[[], datetime],
    ) -> None:
        self._jobs = Jobs(jobs)
        self._store = replies
        self._job_store = jobs
        self._steps = steps
        self._history = history
        self._sources = sources
        self._identities = identities
        self._settings = settings
        self._privacy = privacy
        self._now = now
        self._deleted: LRUCache[int, int] = LRUCache(DELETED)
        self._missed: LRUCache[int, int] = LRUCache(DELETED)

    def settings_for(self, chat: Chat, post: Post) -> ChannelSettings | None:
        """Give the settings in force for a message; None where nothing new is wanted or allowed."""
        settings = self._settings.effective(post.place)
        ignored = post.author_id in settings.ignored_members or not post.author_roles.isdisjoint(settings.ignored_roles)
        if settings.mode is Mode.OFF or ignored or self._privacy.opted_out(post.author_id):
            return None
        if post.by_webhook and not settings.webhooks:
            return None
        return settings if chat.may_reply(post.created_at) else None

    def wanted(self, post: Post) -> tuple[Link, ...]:
        """Give the links of a message that count where it is: those to the sources that moderators chose.

        In direct messages all count, since nobody else reads along.
        """
        if post.guild_id is None:
            return post.links
        settings = self._settings.effective(post.place)
        return tuple(
            link
            for link in post.links
            if self._sources.of(link.reference).name in settings.links and (settings.shorthands or not link.shorthand)
        )

    async def posted(self, chat: Chat, post: Post) -> None:
        """Answer a new message; while the database does not answer, it is answered all the same."""
        if not self.wanted(post) or self.settings_for(chat, post) is None:
            return
        try:
            job = await self._jobs.claim(post.id, post.channel_id, post.guild_id)
        except StorageError as error:
            log.warning("answering without a stored job", message=post.id, reason=str(error))
            job = self._jobs.claim_unstored(post, self._now())
        await self._work(chat, job, post, new=job is not None and job.requests == 1)

    async def edited(self, chat: Chat, post: Post, *, recent: bool) -> None:
        """Follow an edit. A message without a job is answered only if it is recent: posted since this process began."""
        new = recent and bool(self.wanted(post)) and self.settings_for(chat, post) is not None
        try:
            followed = new or await self._job_store.known([post.id])
        except StorageError:
            self._jobs.remember(post.id, post.channel_id, post.guild_id)
            raise
        if followed:
            await self._work(chat, await self._jobs.claim(post.id, post.channel_id, post.guild_id), post)

    async def previewed(self, chat: Chat, post: Post) -> None:
        """Take away a preview that Discord added late, where the message has replies and moderators want no previews."""
        settings = self.settings_for(chat, post)
        if settings is None or not settings.suppress or not post.has_preview or not self.wanted(post):
            return
        if await self._store.of_message(post.id):
            await chat.suppress_preview(post.id)

    async def clicked(self, chat: Chat, message_id: int, user_id: int) -> None:
        """Answer a message whose mark somebody clicked: the offer, or, by its poster alone, that a link failed."""
        post = await chat.post(message_id)
        if Mark.OFFER in post.marks or (Mark.UNREADABLE in post.marks and user_id == post.author_id):
            job = await self._jobs.claim(message_id, post.channel_id, post.guild_id, accepted=True)
            await self._work(chat, job, post)

    async def deleted(self, chat: Chat, message_ids: Collection[int]) -> None:
        """Follow the deletion of messages: people's, whose replies go, and replies, to which nothing may point any more.

        What the database cannot say now is asked again by `follow_missed`.
        """
        self._deleted.update(dict.fromkeys(message_ids, 0))
        try:
            about = await self._store.about(message_ids)
            known = await self._job_store.known(message_ids)
        except StorageError:
            self._missed.update(dict.fromkeys(message_ids, chat.channel_id))
            raise
        gone = frozenset(message_ids)
        if vanished := frozenset(reply.id for reply in about if reply.id in gone):
            await self._store.remove(vanished)
        answered = {reply.message_id for reply in about if reply.message_id is not None} & gone
        for message_id in sorted(answered | known):
            with job_errors("deletion not followed", message=message_id):
                job = await self._jobs.claim(message_id, chat.channel_id, chat.guild_id)
                await self._work(chat, job, deleted=True)
        await self._repoint(chat, gone & {reply.target_id for reply in about if reply.target_id is not None})

    async def resume(self, chat: Chat, pending: ReplyJob, *, late: bool = False) -> None:
        """Take up a pending job whose lease expired; where it is late, nothing new is sent any more."""
        await self._work(chat, await self._job_store.take_up(pending.message_id), late=late)

    async def close(self, pending: ReplyJob) -> None:
        """Complete a pending job without doing anything: its channel is gone."""
        if (job := await self._job_store.take_up(pending.message_id)) is not None:
            await self._job_store.complete(job)

    async def postpone(self, chat: Chat, post: Post) -> None:
        """Leave a new message to the next process, since this one is ending."""
        if self.wanted(post) and self.settings_for(chat, post) is not None:
            await self._job_store.request(post.id, post.channel_id, post.guild_id)

    async def postpone_changes(self, chat: Chat, message_ids: Collection[int]) -> None:
        """Leave edited or deleted messages to the next process."""
        about = {reply.message_id for reply in await self._store.about(message_ids) if reply.message_id is not None}
        for message_id in sorted((about & set(message_ids)) | await self._job_store.known(message_ids)):
            await self._job_store.request(message_id, chat.channel_id, chat.guild_id)

    async def follow_missed(self, open_chat: Callable[[int], Awaitable[Chat]]) -> None:
        """Follow what happened while the database did not answer: deletions now, all else when its job is resumed."""
        await self._jobs.store_missed()
        while self._missed:
            channel_id = next(iter(self._missed.values()))
            message_ids = [one for one, where in self._missed.items() if where == channel_id]
            try:
                await self.deleted(await open_chat(channel_id), message_ids)
            except (ChatRefused, MessageGone) as error:
                log.info("deletions not followed", channel=channel_id, reason=str(error))
            for message_id in message_ids:
                self._missed.pop(message_id, None)

    async def _work(
        self,
        chat: Chat,
        job: ReplyJob | None,
        post: Post | None = None,
        *,
        deleted: bool = False,
        new: bool = False,
        late: bool = False,
    ) -> None:
        """Work on a claimed job until no event about its message is left.

        The message is fetched where it is neither given nor known to be deleted, and again where events came meanwhile. A
        new message cannot have replies yet; a late one gets no new ones.
        """
        if job is None:
            return
        vacated: frozenset[int] = frozenset()
        with structlog.contextvars.bound_contextvars(message=job.message_id, channel=job.channel_id, guild=job.guild_id):
            async with self._jobs.holding(job):
                current: ReplyJob | None = job
                while current is not None:
                    if post is None and not deleted:
                        post = await self._fetch(chat, current.message_id)
                    replies = () if new else await self._replies_of(chat, post, current)
                    current, outcome = await self._reconcile(chat, post, current, replies, late=late)
                    vacated |= outcome.vacated
                    current = await self._jobs.settle(current, retry_in=outcome.retry_in)
                    post, deleted, new = None, False, False
            await self._repoint(chat, vacated)

    async def _fetch(self, chat: Chat, message_id: int) -> Post | None:
        """Fetch a message; None where it was deleted."""
        if message_id in self._deleted:
            return None
        try:
            return await chat.post(message_id)
        except MessageGone:
            return None

    async def _reconcile(
        self, chat: Chat, post: Post | None, job: ReplyJob, replies: tuple[Reply, ...], *, late: bool
    ) -> tuple[ReplyJob, StepOutcome]:
        """Bring a message's replies in line with its links. `post`: None where the message was deleted."""
        if post is None:
            return replace(job, answered=frozenset(), mark=None), await self._remove_all(chat, replies)
        settings = self.settings_for(chat, post) if not late else None
        wanted, linked = self.wanted(post), [link.reference for link in post.links]
        references = [*linked, *(reply.reference for reply in replies), *sorted(job.answered)]
        same = await self._identities.same(references)
        situation = Situation(
            links=wanted,
            settings=settings,
            unwanted=frozenset(linked) - {link.reference for link in wanted},
            replies=replies,
            answered=job.answered,
            accepted=job.accepted,
            dangling=await self._dangling(replies, same),
            marks=post.marks | ({job.mark} if job.mark else set()),
            has_preview=post.has_preview,
            studies=unified(references, same),
        )
        in_force = settings or self._settings.effective(post.place)

        def is_wanted() -> bool:
            return not late and post.id not in self._deleted and self.settings_for(chat, post) is not None

        task = Task(chat, post, job, in_force, is_wanted, replies, same)
        outcome = await self._steps.carry_out(task, plan(situation))
        ending = conclude(situation, failed=outcome.failed)
        mark = await chat.set_mark(post.id, ending.mark, situation.marks)
        if ending.suppress_preview:
            await chat.suppress_preview(post.id)
        had = {*job.answered, *(reply.reference for reply in replies)} - situation.same_as(outcome.lost)
        answered = frozenset(linked) if late else situation.same_as(had | outcome.answered) & frozenset(linked)
        return replace(job, answered=answered, mark=mark), outcome

    async def _replies_of(self, chat: Chat, post: Post | None, job: ReplyJob) -> tuple[Reply, ...]:
        """Give the replies to a message; where somebody began and did not finish, also those that no store knows."""
        replies = await self._store.of_message(job.message_id)
        if not job.resumed:
            return replies
        if post is not None:
            return await self._history.find(chat, post, replies)
        await self._history.erase(chat, job.message_id)
        return replies

    async def _remove_all(self, chat: Chat, replies: tuple[Reply, ...]) -> StepOutcome:
        log.info("message deleted", replies=len(replies))
        outcome = StepOutcome()
        for step in plan(Situation(links=None, settings=None, replies=replies)):
            if isinstance(step, Remove):
                outcome |= await self._steps.remove(chat, step.reply)
        return outcome

    async def _dangling(self, replies: Sequence[Reply], same: Same) -> frozenset[Reply]:
        """Give the pointers whose card is gone or shows another study."""
        targets = {reply: reply.target_id for reply in replies if reply.target_id is not None}
        cards = await self._store.get(targets.values()) if targets else {}
        shown = {card_id: {card.reference for card in its if not card.is_pointer} for card_id, its in cards.items()}
        return frozenset(
            reply for reply, card_id in targets.items() if same[reply.reference].isdisjoint(shown.get(card_id, ()))
        )

    async def _repoint(self, chat: Chat, card_ids: frozenset[int]) -> None:
        """Mend what points to cards that went or show another record: each pointer's message has a job of its own."""
        for pointer in await self._store.about(card_ids) if card_ids else ():
            if pointer.target_id in card_ids and pointer.message_id is not None:
                with job_errors("pointer not mended", message=pointer.message_id):
                    job = await self._jobs.claim(pointer.message_id, pointer.channel_id, pointer.guild_id)
                    await self._work(chat, job)
