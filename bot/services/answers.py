"""Answers one link: with a card, or with a pointer to a card that the channel showed a moment ago."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.errors import ChatError, StorageError
from bot.core.links import Link
from bot.core.plan import AnswerLink
from bot.core.reference import Reference
from bot.core.reply import Reply, ReplyJob
from bot.services.card_updates import CardUpdates
from bot.services.cooldown import Cooldown
from bot.services.jobs import RETRY
from bot.services.meters import Meters, Outcome
from bot.services.pointers import pointer_to
from bot.services.ports import CardContent, Content, PointerContent, ReplyStore
from bot.services.redrawing import Redrawing
from bot.services.studies import Identities
from bot.services.task import StepOutcome, Task, attempt, stated_by, wait_for

log = structlog.get_logger(__name__)


class Answers:
    """Answers links, and stores each reply."""

    def __init__(
        self,
        store: ReplyStore,
        cooldown: Cooldown,
        identities: Identities,
        redrawing: Redrawing,
        updates: CardUpdates,
        *,
        meters: Meters,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._cooldown = cooldown
        self._identities = identities
        self._redrawing = redrawing
        self._updates = updates
        self._meters = meters
        self._now = now

    async def answer(self, task: Task, step: AnswerLink, standing: frozenset[Reference]) -> StepOutcome:
        """Answer a link, unless its study is in `standing`: the records that the message's other replies show."""
        outcome = await self._answer(task, step, standing)
        if step.reuse is not None and step.reuse.id not in outcome.vacated:
            outcome |= await self._redrawing.remove(task.chat, step.reuse.id)
        return outcome

    async def _answer(self, task: Task, step: AnswerLink, standing: frozenset[Reference]) -> StepOutcome:
        """Answer a link: with a pointer to an earlier card, with a reply redrawn, or with a new card.

        Its record may name other references of the study. Then the earlier card is looked for once more, with all references
        locked.
        """
        reference, outcome = step.link.reference, StepOutcome()
        names = task.names(reference)
        if not task.is_wanted():
            return outcome
        while standing.isdisjoint(names):
            shown_here = self._cooldown.shown(task.chat, names, task.settings, message_id=task.post.id)
            async with shown_here as shown:
                outcome |= StepOutcome(vacated=shown.vanished)
                learned = names if shown.card is not None else names | await self._names_made(task, reference)
                if learned == names:
                    return outcome | await attempt(self._place(task, step, shown.card), reference, self._meters)
            names = learned
        log.info("answered under another reference", record=str(reference))
        return outcome | StepOutcome(frozenset({reference}))

    async def _names_made(self, task: Task, reference: Reference) -> frozenset[Reference]:
        """Wait for a card, and give all references of its study that are then known; empty if the card cannot be made."""
        making = task.card_of(reference)
        await wait_for(task.chat, making)
        if making.cancelled() or making.exception() is not None:
            return frozenset()
        return (await self._identities.of(reference)).union(stated_by(making.result()))

    async def _place(self, task: Task, step: AnswerLink, earlier: Reply | None) -> StepOutcome:
        reference, spoiler = step.link.reference, step.link.spoiler
        if earlier is not None:
            content: Content = await pointer_to(earlier, reference, task.card_of, spoiler=spoiler)
        else:
            content = task.content(await task.card_of(reference), spoiler=spoiler)
        if not task.is_wanted():
            return StepOutcome()
        outcome = await self._show(task, self.reply(task, step.link, content), content, step.reuse)
        self._meters.card(Outcome.SENT if earlier is None else Outcome.POINTER)
        return outcome

    async def _show(self, task: Task, reply: Reply, content: Content, reuse: Reply | None) -> StepOutcome:
        """Let a card take the place of another reply, if there is one; else send a message."""
        if reuse is not None and isinstance(content, CardContent):
            try:
                return await self._redrawing.redraw(task.chat, [replace(reply, id=reuse.id)], content)
            except ChatError as error:  # whatever hinders the edit, a new card is sent
                log.info("reply not redrawn", reply=reuse.id, reason=str(error))
        return await self.send(task, [reply], content)

    def reply(self, task: Task, link: Link, content: Content) -> Reply:
        """Make the reply to a link as it is stored; its ID is 0 until it is sent."""
        return Reply(
            id=0,
            message_id=task.post.id,
            reference=link.reference,
            channel_id=task.post.channel_id,
            poster_id=task.post.author_id,
            made_at=self._now(),
            parent_id=task.chat.parent_id,
            guild_id=task.post.guild_id,
            spoiler=link.spoiler,
            target_id=content.target.id if isinstance(content, PointerContent) else None,
        )

    async def send(self, task: Task, replies: Sequence[Reply], content: Content) -> StepOutcome:
        """Send one message with replies to links, and store them."""
        post, chat, references = task.post, task.chat, [one.reference for one in replies]
        sent = await chat.send(post.id, content, nonce_of(task.job, references, post.version))
        stored = [replace(one, id=sent) for one in replies]
        targets = {one.target_id for one in stored if one.target_id is not None}
        log.info("card sent", records=[*map(str, references)], card=sent, pointers=len(targets))
        answered = StepOutcome(frozenset(references))
        try:
            if not await self._store.add(*stored):  # another process answered some of these links
                await chat.delete(sent)
                there = frozenset(one.reference for one in await self._store.of_message(post.id))
                return StepOutcome(there.intersection(references), retry_in=None if there.issuperset(references) else 0.0)
            if targets - (await self._store.get(targets) if targets else {}).keys():
                return answered | StepOutcome(retry_in=0.0)  # a card was deleted just now: its pointer must be repaired
        except (StorageError, ChatError) as error:
            log.warning("reply not stored; the channel's history will be looked through", reply=sent, reason=str(error))
            return answered | StepOutcome(retry_in=RETRY)
        self._updates.follow(chat, stored, content)
        return answered


def nonce_of(job: ReplyJob, references: Sequence[Reference], version: int) -> str:
    """Give the nonce of a message, 24 characters; a repeated reply to the same version of a post has the same nonce."""
    named = " ".join(map(str, references))
    return hashlib.sha256(f"{job.nonce_seed}:{named}:{version}".encode()).hexdigest()[:24]
