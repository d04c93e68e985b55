"""The one procedure for a message: its job is claimed, and `reconcile` brings its replies up to date.

`bot.core.plan` decides what to do, `bot.services.steps` carries it out. Functions return what happened. What a new message
needs is here; `bot.services.replies` follows all else that happens.
"""

from dataclasses import replace

import structlog
from cachetools import LRUCache

from bot.core.errors import MessageGone, StorageError
from bot.core.plan import Situation, conclude, plan
from bot.core.reference import unified
from bot.core.reply import Post, Reply, ReplyJob
from bot.services.cards import Cards
from bot.services.jobs import Jobs, job_errors
from bot.services.missed import DELETED
from bot.services.ports import Chat, ReplyStore
from bot.services.rules import ReplyRules
from bot.services.standing import Standing
from bot.services.steps import Steps
from bot.services.studies import Identities
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
        cards: Cards,
        steps: Steps,
        standing: Standing,
        identities: Identities,
        rules: ReplyRules,
    ) -> None:
        self._jobs = jobs
        self._store = replies
        self._cards = cards
        self._steps = steps
        self._standing = standing
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

        The message is fetched where it is not given, and again where events came meanwhile. A new message cannot have
        replies yet; a late one gets no new ones.
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
            if vacated:
                await self._repoint(chat, vacated)

    async def _fetch(self, chat: Chat, message_id: int) -> Post | None:
        """Fetch a message; None where it was deleted."""
        if message_id in self._deleted:
            return None
        try:
            return await chat.post(message_id)
        except MessageGone:
            return None

    async def _reconcile_once(
        self, chat: Chat, post: Post | None, job: ReplyJob, replies: tuple[Reply, ...], *, late: bool
    ) -> tuple[ReplyJob, StepOutcome]:
        """Bring a message's replies in line with its links. `post`: None where the message was deleted."""
        if post is None:
            outcome = await self._steps.remove_all(chat, plan(Situation(links=None, settings=None, replies=replies)))
            return replace(job, answered=frozenset(), mark=None), outcome
        settings = self.rules.settings_for(chat, post) if not late else None
        wanted, linked = self.rules.wanted(post), [link.reference for link in post.links]
        references = [*linked, *(reply.reference for reply in replies), *sorted(job.answered)]
        same = await self._identities.same(references)
        situation = Situation(
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
        )
        in_force = settings or self.rules.settings.effective(post.place)

        def is_wanted() -> bool:
            return not late and post.id not in self._deleted and self.rules.settings_for(chat, post) is not None

        async with self._cards.making(in_force) as card_of:
            task = Task(chat, post, job, in_force, is_wanted, card_of, replies, same)
            outcome = await self._steps.carry_out(task, plan(situation))
        ending = conclude(situation, failed=outcome.failed)
        mark = await chat.set_mark(post.id, ending.mark, situation.marks)
        if ending.suppress_preview:
            await chat.suppress_preview(post.id)
        had = {*job.answered, *(reply.reference for reply in replies)} - situation.same_as(outcome.lost)
        answered = frozenset(linked) if late else situation.same_as(had | outcome.answered) & frozenset(linked)
        return replace(job, answered=answered, mark=mark), outcome

    async def _repoint(self, chat: Chat, card_ids: frozenset[int]) -> None:
        """Mend what points to cards that went or show another record: each pointer's message has a job of its own."""
        for pointer in await self._store.about(card_ids):
            if pointer.target_id in card_ids and pointer.message_id is not None:
                with job_errors("pointer not mended", message=pointer.message_id):
                    job = await self._jobs.claim(pointer.message_id, pointer.channel_id, pointer.guild_id)
                    await self.reconcile(chat, job)
