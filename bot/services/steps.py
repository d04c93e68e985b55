"""Carries out the steps of `bot.core.plan` for one message: sends, redraws and deletes replies, and stores each."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.core.errors import BotError, ChatError, ChatRefused, MessageGone, StorageError
from bot.core.links import Link
from bot.core.plan import AnswerLink, Remove, Repoint, SetSpoiler, ShowDigest, Step
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.contents import Contents
from bot.services.cooldown import Cooldown
from bot.services.digests import Digests
from bot.services.identities import Identities
from bot.services.jobs import RETRY
from bot.services.making import Making, stated_by, wait_for
from bot.services.meters import Meters, Outcome, outcome_of
from bot.services.outcomes import StepOutcome, Task, retry_in
from bot.services.pointers import pointer_to
from bot.services.ports import CardContent, Chat, Content, ReplyStore
from bot.services.sending import Sender, alone

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
        contents: Contents,
        *,
        meters: Meters | None = None,
    ) -> None:
        self._sender = sender
        self._store = store
        self._cooldown = cooldown
        self._identities = identities
        self._contents = contents
        self._meters = meters or Meters()
        self._digests = Digests(sender, contents, cooldown, identities, self._meters)

    async def remove_all(self, chat: Chat, steps: Sequence[Step]) -> StepOutcome:
        """Carry out the steps about a message that was deleted: its replies go."""
        log.info("message deleted", replies=len(steps))
        outcome = StepOutcome()
        for step in steps:
            if isinstance(step, Remove):
                outcome |= await self._sender.remove(chat, step.reply.id)
        return outcome

    async def carry_out(self, task: Task, steps: Sequence[Step]) -> StepOutcome:
        """Carry out steps in order. All records are looked up from the start; each card is sent as soon as it is made."""
        making = Making(partial(self._sender.make, task))
        leaving = {reply_id for step in steps for reply_id in _leaving(step)}
        standing = frozenset(reply.reference for reply in task.replies if reply.id not in leaving)
        outcome, missed = StepOutcome(), 0
        for link in (link for step in steps for link in _links_of(step)):
            making.begin(link)
        try:
            for step in steps:
                is_spare = isinstance(step, AnswerLink) and step.instead
                if is_spare and not missed:
                    continue
                done = await self._carry_out(task, step, making, standing | outcome.answered)
                missed += (isinstance(step, AnswerLink) and done.failed) - is_spare
                outcome |= done
        finally:
            await making.close()
        return outcome

    async def _carry_out(
        self,
        task: Task,
        step: Step,
        making: Making,
        standing: frozenset[Reference],
    ) -> StepOutcome:
        match step:
            case ShowDigest():
                return await self._show_digest(task, step, making, standing)
            case AnswerLink():
                outcome = await self._answer(task, step, making.begin(step.link), standing)
                if step.reuse is not None and step.reuse.id not in outcome.vacated:
                    outcome |= await self._sender.remove(task.chat, step.reuse.id)
                return outcome
            case Remove():
                return await self._sender.remove(task.chat, step.reply.id)
            case SetSpoiler():
                return await self._attempt(self._set_spoiler(task, step), step.reply.reference)
            case Repoint():
                outcome = await self._attempt(self._repoint(task, step.reply), step.reply.reference)
                if outcome.failed and outcome.retry_in is None:
                    lost = StepOutcome(lost=frozenset({step.reply.reference}), failed=True)
                    return lost | await self._sender.remove(task.chat, step.reply.id)
                return outcome

    async def _show_digest(
        self, task: Task, step: ShowDigest, making: Making, standing: frozenset[Reference]
    ) -> StepOutcome:
        """Show several studies in one message; where too few are left for that, each has one of its own."""
        trial = await self._digests.tried(task, step, making, standing)
        if trial.is_enough:
            return await self._attempt(self._digests.show(task, step, trial), step.entries[0].reference)
        reuse = next(iter(step.reuse), None)
        outcome = StepOutcome(lost=frozenset(link.reference for link in trial.tried))  # unless it is answered
        for kept in trial.kept:
            outcome |= await self._leave_alone(task, kept, making, standing)
            standing, reuse = standing | {kept.reference}, None
        for link in trial.tried:
            outcome |= await self._carry_out(task, AnswerLink(link, reuse), making, standing | outcome.answered)
            reuse = None
        return outcome

    async def _leave_alone(self, task: Task, kept: Reply, making: Making, standing: frozenset[Reference]) -> StepOutcome:
        """Let a digest show its last study as an ordinary reply does; where it cannot be that, one takes its place."""
        link, outcome = Link(kept.reference, kept.spoiler), StepOutcome(vacated=frozenset({kept.id}))
        if not kept.is_pointer:
            try:
                return outcome | await self._sender.edit(task.chat, [alone(kept)], await making.begin(link))
            except MessageGone:  # somebody deleted it while the bot was away
                return await self._sender.remove(task.chat, kept.id)
            except ChatRefused as error:  # as between layouts
                log.info("reply not redrawn", reply=kept.id, reason=str(error))
            except BotError as error:
                log.info("digest stays", reply=kept.id, reason=str(error))
                return StepOutcome(retry_in=retry_in(error))
        outcome |= await self._sender.remove(task.chat, kept.id)
        outcome |= StepOutcome(lost=frozenset({kept.reference}))  # unless it is answered
        return outcome | await self._answer(task, AnswerLink(link), making.begin(link), standing)

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
        if not task.is_wanted():
            return outcome
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
        await wait_for(task.chat, making)
        if making.cancelled() or making.exception() is not None:
            return frozenset()
        return (await self._identities.of(reference)).union(stated_by(making.result()))

    async def _place(
        self, task: Task, step: AnswerLink, earlier: Reply | None, making: asyncio.Task[CardContent]
    ) -> StepOutcome:
        if earlier is not None:
            content: Content = await pointer_to(earlier, spoiler=step.link.spoiler, make=lambda: making)
        else:
            content = await making
        if not task.is_wanted():
            return StepOutcome()
        outcome = None
        if isinstance(content, CardContent) and step.reuse is not None:
            try:
                outcome = await self._sender.redraw(task.chat, step.reuse, step.link, content)
            except ChatError as error:  # as between layouts: a new card takes its place
                log.info("reply not redrawn", reply=step.reuse.id, reason=str(error))
        outcome = outcome or await self._sender.send(task, [self._sender.reply(task, step.link, content)], content)
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
                    await self._sender.rewrite_pointers(task, shown)
                    return vanished | await self._sender.edit(task.chat, [shown], await make())
                if (target := await self._contents.target(shown)) is not None:
                    await task.chat.edit(shown.id, await pointer_to(target, spoiler=shown.spoiler, make=make))
                return vanished | await self._sender.store_change(shown)
            except MessageGone:  # somebody deleted it while the bot was away
                return vanished | await self._sender.remove(task.chat, step.reply.id)
            except StorageError as error:
                log.warning("spoiler not set; it will be tried again", reply=shown.id, reason=str(error))
                return vanished | StepOutcome(retry_in=RETRY)

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
    """Give the IDs of the messages that a step takes away or draws anew."""
    match step:
        case Remove():
            return {step.reply.id}
        case AnswerLink():
            return {step.reuse.id} if step.reuse is not None else set()
        case ShowDigest():
            return {one.id for one in step.reuse}
        case _:
            return set()
