"""The one procedure for a message: its job is claimed, and `reconcile` brings its replies up to date.

`bot.core.plan` decides what to do, and each step is carried out: links are answered, replies redrawn and deleted. Functions
return what happened. What a new message needs is here; `bot.services.replies` follows all else that happens.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import structlog
from cachetools import LRUCache

from bot.core.channel_settings import ChannelSettings
from bot.core.errors import MessageGone, StorageError
from bot.core.links import Link
from bot.core.plan import AnswerLink, Remove, Repoint, SetSpoiler, ShowDigest, Situation, Step, conclude, plan
from bot.core.reference import Reference, unified
from bot.core.reply import Post, Reply, ReplyJob
from bot.services.answers import Answers
from bot.services.cards import Cards
from bot.services.digests import Digests
from bot.services.jobs import Jobs, job_errors
from bot.services.mending import Mending
from bot.services.missed import DELETED
from bot.services.ports import Chat, ReplyStore
from bot.services.redrawing import Redrawing
from bot.services.rules import ReplyRules
from bot.services.standing import Standing
from bot.services.studies import Identities, Same
from bot.services.task import StepOutcome, Task

log = structlog.get_logger(__name__)


class Reconciler:
    """Answers new messages, and brings the replies to any message up to date.

    Methods raise StorageError and ChatError. The job then stays open, and is taken up again.
    """

    def __init__(
        self,
        *,
        jobs: Jobs,
        replies: ReplyStore,
        standing: Standing,
        cards: Cards,
        answers: Answers,
        digests: Digests,
        mending: Mending,
        redrawing: Redrawing,
        identities: Identities,
        rules: ReplyRules,
    ) -> None:
        self._jobs = jobs
        self._store = replies
        self._standing = standing
        self._cards = cards
        self._answers = answers
        self._digests = digests
        self._mending = mending
        self._redrawing = redrawing
        self._identities = identities
        self.rules = rules
        self._deleted: LRUCache[int, int] = LRUCache(DELETED)  # so that work on them stops

    async def posted(self, chat: Chat, post: Post) -> None:
        """Answer a new message with links that are wanted, even while the database does not answer."""
        if self.rules.settings_for(chat, post) is None:
            return
        try:
            job = await self._jobs.claim(post.id, post.channel_id, post.guild_id)
        except StorageError as error:
            log.warning("answering without a stored job", message=post.id, reason=str(error))
            job = self._jobs.claim_unstored(post)
        await self.reconcile(chat, job, post, new=job is not None and job.requests == 1)

    async def reconcile(
        self, chat: Chat, job: ReplyJob | None, post: Post | None = None, *, new: bool = False, late: bool = False
    ) -> None:
        """Bring a message's replies up to date, by its claimed job, until no event about it is left.

        The message is fetched if it is not given, and again if events came during the work. A new message cannot have
        replies yet; a late one gets no new replies.
        """
        if job is None:
            return
        vacated: frozenset[int] = frozenset()
        with structlog.contextvars.bound_contextvars(message=job.message_id, channel=job.channel_id, guild=job.guild_id):
            async with self._jobs.holding(job):
                current: ReplyJob | None = job
                while current is not None:
                    post = post or await self._fetch(chat, current.message_id)
                    replies = () if new else await self._standing.replies(chat, post, current)
                    current, outcome = await self._reconcile_once(chat, post, current, replies, late=late)
                    vacated |= outcome.vacated
                    current = await self._jobs.settle(current, retry_in=outcome.retry_in)
                    post, new = None, False
            await self._repoint(chat, vacated)

    async def _fetch(self, chat: Chat, message_id: int) -> Post | None:
        """Fetch a message; None if it was deleted."""
        with suppress(MessageGone):
            return await chat.post(message_id) if message_id not in self._deleted else None
        return None

    async def _reconcile_once(
        self, chat: Chat, post: Post | None, job: ReplyJob, replies: tuple[Reply, ...], *, late: bool
    ) -> tuple[ReplyJob, StepOutcome]:
        """Bring a message's replies in line with its links. `post` is None if the message was deleted."""
        if post is None:
            return replace(job, answered=frozenset(), mark=None), await self._remove_all(chat, replies)
        linked = frozenset(link.reference for link in post.links)
        settings = self.rules.settings_for(chat, post) if not late else None
        situation, same = await self._situation(post, job, replies, settings)
        steps = plan(situation)
        redrawn = {one.reference for step in steps if isinstance(step, ShowDigest) for one in step.reuse}
        left = (situation.same_as(job.answered) - situation.same_as(redrawn)) & linked
        if left != job.answered:  # so that after a crash, a link that came back or lost its reply counts as new
            job = replace(job, answered=left)
            await self._jobs.save(job)
        in_force = settings or self.rules.settings.effective(post.place)

        def is_wanted() -> bool:
            return not late and post.id not in self._deleted and self.rules.settings_for(chat, post) is not None

        async with self._cards.making(in_force) as card_of:
            task = Task(chat, post, job, in_force, is_wanted, card_of, replies, same)
            outcome = await self._carry_out(task, steps)
        ending = conclude(situation, failed=outcome.failed)
        mark = await chat.set_mark(post.id, ending.mark, situation.marks)
        if ending.suppress_preview:
            await chat.suppress_preview(post.id)
        had = {*job.answered, *(reply.reference for reply in replies)} - situation.same_as(outcome.lost)
        answered = linked if late else situation.same_as(had | outcome.answered) & linked
        return replace(job, answered=answered, mark=mark), outcome

    async def _situation(
        self, post: Post, job: ReplyJob, replies: tuple[Reply, ...], settings: ChannelSettings | None
    ) -> tuple[Situation, Same]:
        """Gather the facts that decide what to do about a message; also give which of its references name one study."""
        wanted, linked = self.rules.wanted(post), [link.reference for link in post.links]
        references = [*linked, *(reply.reference for reply in replies), *sorted(job.answered)]
        same = await self._identities.same(references)
        return Situation(
            links=wanted,
            settings=settings,
            unwanted=frozenset(linked) - {link.reference for link in wanted},
            replies=replies,
            answered=job.answered,
            accepted=job.accepted,
            dangling=await self._standing.dangling(replies, same) if replies else frozenset(),
            marks=post.marks | ({job.mark} if job.mark else set()),
            has_preview=post.has_preview,
            studies=unified(references, same),
        ), same

    async def _remove_all(self, chat: Chat, replies: tuple[Reply, ...]) -> StepOutcome:
        """Delete the replies to a message that was deleted."""
        steps = plan(Situation(links=None, settings=None, replies=replies))
        log.info("message deleted", replies=len(steps))
        outcome = StepOutcome()
        for step in steps:
            if isinstance(step, Remove):
                outcome |= await self._redrawing.remove(chat, step.reply.id)
        await self._request_repointing(outcome.vacated)
        return outcome

    async def _carry_out(self, task: Task, steps: Sequence[Step]) -> StepOutcome:
        """Carry out steps in order. All records are looked up from the start; each card is sent as soon as it is made.

        Failures of Discord, of the site and of the record are outcomes, not errors.
        """
        leaving = {reply_id for step in steps for reply_id in _leaving(step)}
        standing = frozenset(reply.reference for reply in task.replies if reply.id not in leaving)
        outcome, missed = StepOutcome(), 0
        for link in (link for step in steps for link in _links_of(step)):
            task.card_of(link.reference)
        for step in steps:
            is_spare = isinstance(step, AnswerLink) and step.instead
            if is_spare and not missed:
                continue
            done = await self._carry_out_one(task, step, standing | outcome.answered)
            await self._request_repointing(done.vacated)
            missed += (isinstance(step, AnswerLink) and done.failed) - is_spare
            outcome |= done
        return outcome

    async def _carry_out_one(self, task: Task, step: Step, standing: frozenset[Reference]) -> StepOutcome:
        match step:
            case AnswerLink():
                return await self._answers.answer(task, step, standing)
            case ShowDigest():
                return await self._digests.show(task, step, standing)
            case Remove():
                return await self._redrawing.remove(task.chat, step.reply.id)
            case SetSpoiler():
                return await self._mending.set_spoiler(task, step)
            case Repoint():
                return await self._mending.repoint(task, step)

    async def _repoint(self, chat: Chat, card_ids: frozenset[int]) -> None:
        """Update the pointers to cards that are gone or show another record; each pointer's message has a job of its own."""
        for message_id, channel_id, guild_id in await self._pointing(card_ids):
            with job_errors("pointer not mended", message=message_id):
                await self.reconcile(chat, await self._jobs.claim(message_id, channel_id, guild_id, event=False))

    async def _request_repointing(self, card_ids: frozenset[int]) -> None:
        """Note an event for each message with a pointer to the cards, so that a crash before `_repoint` forgets none."""
        with job_errors("repointing not requested"):
            for pointing in await self._pointing(card_ids):
                await self._jobs.store.request(*pointing)

    async def _pointing(self, card_ids: frozenset[int]) -> list[tuple[int, int, int | None]]:
        """Give the messages with a pointer to one of the cards, the oldest first, each with its channel and guild."""
        about = await self._store.about(card_ids) if card_ids else ()
        found = {
            (one.message_id, one.channel_id, one.guild_id)
            for one in about
            if one.target_id in card_ids and one.message_id is not None
        }
        return sorted(found)


def _links_of(step: Step) -> Sequence[Link]:
    """Give the links that a step answers if all goes well."""
    match step:
        case AnswerLink(instead=False):
            return [step.link]
        case ShowDigest():
            return [one for one in step.entries[: step.most] if isinstance(one, Link)]
        case _:
            return ()


def _leaving(step: Step) -> set[int]:
    """Give the IDs of the messages that a step deletes or redraws."""
    match step:
        case Remove(reply=reply) | AnswerLink(reuse=Reply() as reply):
            return {reply.id}
        case ShowDigest():
            return {one.id for one in step.reuse}
        case _:
            return set()
