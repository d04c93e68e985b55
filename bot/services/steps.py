"""Carries out the steps of `bot.core.plan` for one message: sends, redraws and deletes replies, and stores each."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.core.errors import BotError, ChatError, MessageGone, StorageError
from bot.core.links import Link
from bot.core.plan import AnswerLink, Remove, Repoint, SetSpoiler, Step
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.cooldown import Cooldown
from bot.services.identities import Identities
from bot.services.jobs import RETRY
from bot.services.meters import Meters, Outcome, outcome_of
from bot.services.outcomes import StepOutcome, Task, retry_in
from bot.services.pointers import pointer_to
from bot.services.ports import CardContent, Chat, Content, ReplyStore
from bot.services.sending import Sender

SLOW = 1.0
"""Seconds after which "typing" shows that a card is being made."""

log = structlog.get_logger(__name__)


class Steps:
    """Carries out steps. What Discord, the site or the record does not allow is an outcome, not an error.

    StorageError is raised where the store of replies cannot say what a step needs to know.
    """

    def __init__(
        self,
        sender: Sender,
        store: ReplyStore,
        cooldown: Cooldown,
        identities: Identities,
        *,
        meters: Meters | None = None,
    ) -> None:
        self._sender = sender
        self._store = store
        self._cooldown = cooldown
        self._identities = identities
        self._meters = meters or Meters()

    async def remove(self, chat: Chat, reply: Reply) -> StepOutcome:
        """Delete a reply and forget it; one that cannot be deleted is remembered."""
        try:
            await chat.delete(reply.id)
        except ChatError as error:
            log.warning("reply not deleted", reply=reply.id, reason=str(error))
            return StepOutcome(retry_in=retry_in(error))
        await self._store.remove([reply.id])
        return StepOutcome(vacated=frozenset({reply.id}))

    async def carry_out(self, task: Task, steps: Sequence[Step]) -> StepOutcome:
        """Carry out steps in order. All records are looked up from the start; each card is sent as soon as it is made."""
        answers = [step for step in steps if isinstance(step, AnswerLink)]
        making = {step.link: asyncio.create_task(self._sender.make(task, step.link)) for step in answers}
        leaving = [step.reply for step in steps if isinstance(step, Remove)] + [step.reuse for step in answers if step.reuse]
        standing = frozenset(reply.reference for reply in task.replies if reply not in leaving)
        outcome = StepOutcome()
        try:
            for step in steps:
                if task.is_deleted() and isinstance(step, AnswerLink):
                    break
                outcome |= await self._carry_out(task, step, making, standing | outcome.answered)
        finally:
            for one in making.values():
                one.cancel()
            await asyncio.gather(*making.values(), return_exceptions=True)
        return outcome

    async def _carry_out(
        self,
        task: Task,
        step: Step,
        making: Mapping[Link, asyncio.Task[CardContent]],
        standing: frozenset[Reference],
    ) -> StepOutcome:
        match step:
            case AnswerLink():
                outcome = await self._answer(task, step, making[step.link], standing)
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
            return StepOutcome(failed=True, retry_in=retry_in(error))
        except BotError as error:
            log.info("no card", record=str(reference), error=type(error).__name__, reason=str(error))
            self._meters.card(outcome_of(error))
            return StepOutcome(failed=True, retry_in=retry_in(error))

    async def _answer(
        self, task: Task, step: AnswerLink, making: asyncio.Task[CardContent], standing: frozenset[Reference]
    ) -> StepOutcome:
        """Answer a link: with a pointer to an earlier card, with a reply redrawn, or with a new card.

        Its record may tell that the study was shown under another reference: then the channel is looked through again, with
        all of them locked. `standing`: what the message's other replies show; one that shows the study is the answer.
        """
        reference, outcome = step.link.reference, StepOutcome()
        names = task.names(reference)
        while standing.isdisjoint(names):
            shown_here = self._cooldown.shown(task.chat, names, task.settings, message_id=task.post.id)
            async with shown_here as shown:
                outcome |= StepOutcome(vacated=shown.vanished)
                learned = names if shown.card is not None else names | await self._names_made(task, reference, making)
                if learned == names:
                    return outcome | await self._attempt(self._place(task, step, shown.card, making), reference)
            names = learned
        log.info("answered under another reference", record=str(reference))
        return outcome | StepOutcome(frozenset({reference}))

    async def _names_made(self, task: Task, reference: Reference, making: asyncio.Task[CardContent]) -> frozenset[Reference]:
        """Wait for a card, and give all references of its study that are known now; none where it cannot be had."""
        await _typing_when_slow(task.chat, making)
        if making.cancelled() or making.exception() is not None:
            return frozenset()
        enrichment = making.result().card.study.enrichment
        stated = enrichment.references if enrichment is not None else ()
        return (await self._identities.of(reference)).union(stated)

    async def _place(
        self, task: Task, step: AnswerLink, earlier: Reply | None, making: asyncio.Task[CardContent]
    ) -> StepOutcome:
        if earlier is not None:
            content: Content = await pointer_to(earlier, spoiler=step.link.spoiler, make=lambda: making)
        else:
            content = await making
        if task.is_deleted() or not task.chat.may_reply(task.post.created_at):
            return StepOutcome()  # not wanted any more
        outcome = None
        if isinstance(content, CardContent) and step.reuse is not None:
            try:
                outcome = await self._sender.redraw(task.chat, step.reuse, step.link, content)
            except ChatError as error:  # as between layouts: a new card takes its place
                log.info("reply not redrawn", reply=step.reuse.id, reason=str(error))
        outcome = outcome or await self._sender.send(task, step.link, content)
        self._meters.card(Outcome.SENT if earlier is None else Outcome.POINTER)
        return outcome

    async def _set_spoiler(self, task: Task, step: SetSpoiler) -> StepOutcome:
        """Hide a card and the title in its pointers, or show them again; of a pointer, hide or show the title."""
        shown = replace(step.reply, spoiler=step.link.spoiler)
        make, names = partial(self._sender.make, task, step.link), task.names(shown.reference)
        # Whoever sends a pointer to the card holds the same lock.
        async with self._cooldown.shown(task.chat, names, task.settings, message_id=task.post.id) as others:
            vanished = StepOutcome(vacated=others.vanished)
            try:
                if shown.target_id is None:
                    await self._rewrite_pointers(task.chat, shown, make)
                    return vanished | await self._sender.edit(task.chat, shown, await make())
                targets = (await self._store.get([shown.target_id])).get(shown.target_id, ())
                for target in (one for one in targets if one.reference in names):
                    await task.chat.edit(shown.id, await pointer_to(target, spoiler=shown.spoiler, make=make))
                return vanished | await self._sender.store_change(shown)
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

    async def _repoint(self, task: Task, reply: Reply) -> StepOutcome:
        """Point to another card of the study; it may be later than the pointer. Where there is none, become the card."""
        names = task.names(reply.reference)
        shown_here = self._cooldown.shown(task.chat, names, task.settings, message_id=task.post.id, at=reply.made_at)
        link = Link(reply.reference, reply.spoiler)
        make = partial(self._sender.make, task, link)
        async with shown_here as shown:
            vanished = StepOutcome(vacated=shown.vanished)
            if shown.card is not None:
                pointer = await pointer_to(shown.card, spoiler=reply.spoiler, make=make)
                await task.chat.edit(reply.id, pointer)
                return vanished | await self._sender.store_change(replace(reply, target_id=shown.card.id))
            return vanished | await self._sender.redraw(task.chat, reply, link, await make())


async def _typing_when_slow(chat: Chat, making: asyncio.Task[CardContent]) -> None:
    """Wait until a card is made, or cannot be; "typing" shows once that takes long."""
    await asyncio.wait({making}, timeout=SLOW)
    if not making.done():
        async with chat.typing():
            await asyncio.wait({making})
