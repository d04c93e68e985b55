"""Carries out the steps of `bot.core.plan` for one message: sends, redraws and deletes replies, and stores each."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot.core.channel_settings import ChannelSettings
from bot.core.errors import BotError, ChatError, ChatUnavailable, MessageGone, StorageError, TooBusy
from bot.core.links import Link
from bot.core.plan import AnswerLink, Remove, Repoint, SetSpoiler, Step
from bot.core.reference import Reference
from bot.core.reply import Post, Reply, ReplyJob
from bot.services.card_updates import CardUpdates
from bot.services.cards import Cards
from bot.services.cooldown import Cooldown
from bot.services.jobs import RETRY
from bot.services.meters import Meters, Outcome, outcome_of
from bot.services.pointers import pointer_to
from bot.services.ports import CardContent, Chat, Content, PointerContent, ReplyStore

LONGEST_RETRY = 900.0
"""Longest wait in seconds, whatever a service asks for: to look again is cheap."""
SLOW = 1.0
"""Seconds after which "typing" shows that a card is being made."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """The message that steps are carried out for."""

    chat: Chat
    post: Post
    job: ReplyJob
    settings: ChannelSettings
    is_deleted: Callable[[], bool]
    """Whether the message was deleted since."""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of one step."""

    answered: frozenset[Reference] = frozenset()
    """Records that have a reply now."""
    lost: frozenset[Reference] = frozenset()
    """Records whose reply is gone because a step failed: they may be answered again."""
    failed: bool = False
    """A link got no reply."""
    retry_in: float | None = None
    """Seconds after which trying again may help; None where nothing failed, or trying again cannot help."""
    vacated: frozenset[int] = frozenset()
    """IDs of replies that went, or show another record now."""

    def __or__(self, other: "StepOutcome") -> "StepOutcome":
        return StepOutcome(
            self.answered | other.answered,
            self.lost | other.lost,
            self.failed or other.failed,
            min((one.retry_in for one in (self, other) if one.retry_in is not None), default=None),
            self.vacated | other.vacated,
        )


class Steps:
    """Carries out steps. What Discord, the site or the record does not allow is an outcome, not an error.

    StorageError is raised where the store of replies cannot say what a step needs to know.
    """

    def __init__(
        self,
        cards: Cards,
        store: ReplyStore,
        cooldown: Cooldown,
        *,
        now: Callable[[], datetime],
        meters: Meters | None = None,
        updates: CardUpdates | None = None,
    ) -> None:
        self._cards = cards
        self._store = store
        self._cooldown = cooldown
        self._now = now
        self._meters = meters or Meters()
        self._updates = updates or CardUpdates(store)

    async def remove(self, chat: Chat, reply: Reply) -> StepOutcome:
        """Delete a reply and forget it; one that cannot be deleted is remembered."""
        try:
            await chat.delete(reply.id)
        except ChatError as error:
            log.warning("reply not deleted", reply=reply.id, reason=str(error))
            return StepOutcome(retry_in=_retry_in(error))
        await self._store.remove([reply.id])
        return StepOutcome(vacated=frozenset({reply.id}))

    async def carry_out(self, task: Task, steps: Sequence[Step]) -> StepOutcome:
        """Carry out steps in order. All records are looked up from the start; each card is sent as soon as it is made."""
        links = [step.link for step in steps if isinstance(step, AnswerLink)]
        making = {link: asyncio.create_task(self._make(task, link)) for link in links}
        outcome = StepOutcome()
        try:
            for step in steps:
                if task.is_deleted() and isinstance(step, AnswerLink):
                    break
                outcome |= await self._carry_out(task, step, making)
        finally:
            for one in making.values():
                one.cancel()
            await asyncio.gather(*making.values(), return_exceptions=True)
        return outcome

    async def _carry_out(self, task: Task, step: Step, making: Mapping[Link, asyncio.Task[CardContent]]) -> StepOutcome:
        match step:
            case AnswerLink():
                outcome = await self._answer(task, step, making[step.link])
                if step.reuse is not None and step.reuse.id not in outcome.vacated:
                    outcome |= await self.remove(task.chat, step.reuse)
                return outcome
            case Remove():
                return await self.remove(task.chat, step.reply)
            case SetSpoiler():
                return await self._attempt(self._set_spoiler(task, step), step.reply.reference)
            case Repoint():
                outcome = await self._attempt(self._repoint(task, step.reply), step.reply.reference)
                if outcome.failed and outcome.retry_in is None:
                    lost = StepOutcome(lost=frozenset({step.reply.reference}), failed=True)
                    return lost | await self.remove(task.chat, step.reply)
                return outcome

    async def _attempt(self, work: Coroutine[Any, Any, StepOutcome], reference: Reference) -> StepOutcome:
        """Wait for a step; its failure is logged, and becomes its outcome."""
        try:
            return await work
        except ChatError as error:
            log.warning("step failed", record=str(reference), error=type(error).__name__, reason=str(error))
            self._meters.card(Outcome.DISCORD)
            return StepOutcome(failed=True, retry_in=_retry_in(error))
        except BotError as error:
            log.info("no card", record=str(reference), error=type(error).__name__, reason=str(error))
            self._meters.card(outcome_of(error))
            return StepOutcome(failed=True, retry_in=_retry_in(error))

    async def _answer(self, task: Task, step: AnswerLink, making: asyncio.Task[CardContent]) -> StepOutcome:
        """Answer a link: with a pointer to an earlier card, with a reply redrawn, or with a new card."""
        reference = step.link.reference
        shown_here = self._cooldown.shown(task.chat, reference, task.settings, message_id=task.post.id)
        async with shown_here as shown:
            vanished = StepOutcome(vacated=shown.vanished)
            return vanished | await self._attempt(self._place(task, step, shown.card, making), reference)

    async def _place(
        self, task: Task, step: AnswerLink, earlier: Reply | None, making: asyncio.Task[CardContent]
    ) -> StepOutcome:
        if earlier is not None:
            content: Content = await pointer_to(earlier, spoiler=step.link.spoiler, make=lambda: making)
        else:
            content = await _typing_when_slow(task.chat, making)
        if task.is_deleted() or not task.chat.may_reply(task.post.created_at):
            return StepOutcome()  # not wanted any more
        outcome = None
        if isinstance(content, CardContent) and step.reuse is not None:
            try:
                outcome = await self._redraw(task.chat, step.reuse, step.link, content)
            except ChatError as error:  # as between layouts: a new card takes its place
                log.info("reply not redrawn", reply=step.reuse.id, reason=str(error))
        outcome = outcome or await self._send(task, step.link, content)
        self._meters.card(Outcome.SENT if earlier is None else Outcome.POINTER)
        return outcome

    async def _send(self, task: Task, link: Link, content: Content) -> StepOutcome:
        post, chat = task.post, task.chat
        sent = await chat.send(post.id, content, nonce_of(task.job, link.reference, post.version))
        reply = Reply(
            id=sent,
            message_id=post.id,
            reference=link.reference,
            channel_id=post.channel_id,
            poster_id=post.author_id,
            made_at=self._now(),
            parent_id=chat.parent_id,
            guild_id=post.guild_id,
            spoiler=link.spoiler,
            target_id=content.target.id if isinstance(content, PointerContent) else None,
        )
        log.info("card sent", record=str(link.reference), card=sent, pointer=reply.is_pointer)
        answered = StepOutcome(frozenset({link.reference}))
        try:
            if not await self._store.add(reply):
                await chat.delete(sent)  # another process answered this link
            if reply.target_id is not None and not await self._store.get([reply.target_id]):
                return answered | StepOutcome(retry_in=0.0)  # its card went in this moment: the pointer must be mended
        except (StorageError, ChatError) as error:
            log.warning("reply not stored; the channel's history will be looked through", reply=sent, reason=str(error))
            return answered | StepOutcome(retry_in=RETRY)
        self._updates.follow(chat, reply, content)
        return answered

    async def _redraw(self, chat: Chat, reply: Reply, link: Link, content: CardContent) -> StepOutcome:
        """Let a reply show another card. Raises ChatError, as between layouts."""
        shown = replace(reply, reference=link.reference, spoiler=link.spoiler, target_id=None, made_at=self._now())
        redrawn = StepOutcome(frozenset({link.reference}), vacated=frozenset({reply.id}))
        return redrawn | await self._edit(chat, shown, content)

    async def _set_spoiler(self, task: Task, step: SetSpoiler) -> StepOutcome:
        """Hide a card and the title in its pointers, or show them again; of a pointer, hide or show the title."""
        shown = replace(step.reply, spoiler=step.link.spoiler)
        make = partial(self._make, task, step.link)
        # Whoever sends a pointer to the card holds the same lock.
        async with self._cooldown.shown(task.chat, shown.reference, task.settings, message_id=task.post.id) as others:
            vanished = StepOutcome(vacated=others.vanished)
            try:
                if shown.target_id is None:
                    await self._rewrite_pointers(task.chat, shown, make)
                    return vanished | await self._edit(task.chat, shown, await make())
                target = (await self._store.get([shown.target_id])).get(shown.target_id)
                if target is not None:
                    await task.chat.edit(shown.id, await pointer_to(target, spoiler=shown.spoiler, make=make))
                return vanished | await self._store_change(shown)
            except MessageGone:  # somebody deleted it while the bot was away
                return vanished | await self.remove(task.chat, step.reply)
            except StorageError as error:
                log.warning("spoiler not set; it will be tried again", reply=shown.id, reason=str(error))
                return vanished | StepOutcome(retry_in=RETRY)

    async def _rewrite_pointers(self, chat: Chat, card: Reply, make: Callable[[], Awaitable[CardContent]]) -> None:
        """Rewrite the pointers to a card: with the title, or without it if the card is a spoiler."""
        for pointer in await self._store.about([card.id]):
            if pointer.target_id == card.id:
                with suppress(MessageGone):
                    await chat.edit(pointer.id, await pointer_to(card, spoiler=pointer.spoiler, make=make))

    async def _edit(self, chat: Chat, shown: Reply, content: CardContent) -> StepOutcome:
        await self._updates.call_off(shown.id)
        await chat.edit(shown.id, content)
        outcome = await self._store_change(shown)
        self._updates.follow(chat, shown, content)
        return outcome

    async def _repoint(self, task: Task, reply: Reply) -> StepOutcome:
        """Point to another card of the record; it may be later than the pointer. Where there is none, become the card."""
        shown_here = self._cooldown.shown(
            task.chat, reply.reference, task.settings, message_id=task.post.id, at=reply.made_at
        )
        link = Link(reply.reference, reply.spoiler)
        make = partial(self._make, task, link)
        async with shown_here as shown:
            vanished = StepOutcome(vacated=shown.vanished)
            if shown.card is not None:
                pointer = await pointer_to(shown.card, spoiler=reply.spoiler, make=make)
                await task.chat.edit(reply.id, pointer)
                return vanished | await self._store_change(replace(reply, target_id=shown.card.id))
            return vanished | await self._redraw(task.chat, reply, link, await make())

    async def _store_change(self, reply: Reply) -> StepOutcome:
        try:
            await self._store.replace(reply)
        except StorageError as error:
            log.warning("change of a reply not stored; the history tells it later", reply=reply.id, reason=str(error))
            return StepOutcome(retry_in=RETRY)
        return StepOutcome()

    async def _make(self, task: Task, link: Link) -> CardContent:
        card = await self._cards.card(link.reference, task.settings)
        return CardContent(card, task.settings, task.post.author_id, link.spoiler)


def _retry_in(error: BotError) -> float | None:
    """Give the seconds after which to try again; None where that cannot help, or would bother the site for one message.

    TooBusy means that the site was not asked: too many were waiting, or the circuit is open for `retry_after` seconds.
    """
    if not isinstance(error, TooBusy | ChatUnavailable):
        return None
    return min(max(RETRY, error.retry_after or 0.0), LONGEST_RETRY)


def nonce_of(job: ReplyJob, reference: Reference, version: int) -> str:
    """Give a reply's nonce, 24 characters: the same whenever the same version of a message is answered again."""
    return hashlib.sha256(f"{job.nonce_seed}:{reference}:{version}".encode()).hexdigest()[:24]


async def _typing_when_slow(chat: Chat, making: asyncio.Task[CardContent]) -> CardContent:
    """Wait for a card; "typing" shows once it takes long."""
    await asyncio.wait({making}, timeout=SLOW)
    if not making.done():
        async with chat.typing():
            await asyncio.wait({making})
    return making.result()
