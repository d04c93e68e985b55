"""Carries out the steps of `bot.core.plan` for one message: links are answered, replies redrawn and deleted."""

from collections.abc import Sequence

import structlog

from bot.core.links import Link
from bot.core.plan import AnswerLink, Remove, Repoint, SetSpoiler, ShowDigest, Step
from bot.core.reference import Reference
from bot.services.answers import Answers
from bot.services.digests import Digests
from bot.services.mending import Mending
from bot.services.ports import Chat
from bot.services.redrawing import Redrawing
from bot.services.task import StepOutcome, Task

log = structlog.get_logger(__name__)


class Steps:
    """Carries out steps. What Discord, the site or the record does not allow is an outcome, not an error.

    StorageError is raised where the store of replies cannot say what a step needs to know.
    """

    def __init__(self, answers: Answers, digests: Digests, mending: Mending, redrawing: Redrawing) -> None:
        self._answers = answers
        self._digests = digests
        self._mending = mending
        self._redrawing = redrawing

    async def remove_all(self, chat: Chat, steps: Sequence[Step]) -> StepOutcome:
        """Carry out the steps about a message that was deleted: its replies go."""
        log.info("message deleted", replies=len(steps))
        outcome = StepOutcome()
        for step in steps:
            if isinstance(step, Remove):
                outcome |= await self._redrawing.remove(chat, step.reply.id)
        return outcome

    async def carry_out(self, task: Task, steps: Sequence[Step]) -> StepOutcome:
        """Carry out steps in order. All records are looked up from the start; each card is sent as soon as it is made."""
        leaving = {reply_id for step in steps for reply_id in _leaving(step)}
        standing = frozenset(reply.reference for reply in task.replies if reply.id not in leaving)
        outcome, missed = StepOutcome(), 0
        for link in (link for step in steps for link in _links_of(step)):
            task.card_of(link.reference)
        for step in steps:
            is_spare = isinstance(step, AnswerLink) and step.instead
            if is_spare and not missed:
                continue
            done = await self._carry_out(task, step, standing | outcome.answered)
            missed += (isinstance(step, AnswerLink) and done.failed) - is_spare
            outcome |= done
        return outcome

    async def _carry_out(self, task: Task, step: Step, standing: frozenset[Reference]) -> StepOutcome:
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
