"""Corrects a reply: hides or shows it to match its link, or repairs a pointer whose card is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.errors import MessageGone, StorageError
from bot.core.plan import Repoint, SetSpoiler
from bot.core.reply import Reply
from bot.services.contents import Contents
from bot.services.cooldown import Cooldown
from bot.services.jobs import RETRY
from bot.services.meters import Meters
from bot.services.pointers import pointer_to
from bot.services.redrawing import Redrawing, single
from bot.services.task import StepOutcome, Task, attempt

log = structlog.get_logger(__name__)


class Mending:
    """Hides, shows and repoints replies that stand alone in their message."""

    def __init__(
        self, contents: Contents, cooldown: Cooldown, redrawing: Redrawing, meters: Meters, now: Callable[[], datetime]
    ) -> None:
        self._contents = contents
        self._cooldown = cooldown
        self._redrawing = redrawing
        self._meters = meters
        self._now = now

    async def set_spoiler(self, task: Task, step: SetSpoiler) -> StepOutcome:
        """Hide a reply, or show it again, as its link is now."""
        return await attempt(self._set_spoiler(task, step), step.reply.reference, self._meters)

    async def repoint(self, task: Task, step: Repoint) -> StepOutcome:
        """Repair a pointer whose card is gone, or delete it."""
        outcome = await attempt(self._repoint(task, step.reply), step.reply.reference, self._meters)
        if outcome.failed and outcome.retry_in is None:
            lost = StepOutcome(lost=frozenset({step.reply.reference}), failed=True)
            return lost | await self._redrawing.remove(task.chat, step.reply.id)
        return outcome

    async def _set_spoiler(self, task: Task, step: SetSpoiler) -> StepOutcome:
        """Hide a card and the title in its pointers, or show them again; of a pointer, hide or show the title."""
        shown = replace(step.reply, spoiler=step.link.spoiler)
        names = task.names(shown.reference)
        # Whoever sends a pointer to the card holds the same lock.
        async with self._cooldown.shown(task.chat, names, task.settings, message_id=task.post.id) as others:
            vanished = StepOutcome(vacated=others.vanished)
            try:
                if shown.target_id is None:
                    await self._redrawing.rewrite_pointers(task, shown)
                    content = task.content(await task.card_of(shown.reference), spoiler=shown.spoiler)
                    return vanished | await self._redrawing.edit(task.chat, [shown], content)
                if (target := await self._contents.target(shown)) is not None:
                    pointer = await pointer_to(target, shown.reference, task.card_of, spoiler=shown.spoiler)
                    await task.chat.edit(shown.id, pointer)
                return vanished | await self._redrawing.store_change(shown)
            except MessageGone:  # somebody deleted it while the bot was away
                return vanished | await self._redrawing.remove(task.chat, step.reply.id)
            except StorageError as error:
                log.warning("spoiler not set; it will be tried again", reply=shown.id, reason=str(error))
                return vanished | StepOutcome(retry_in=RETRY)

    async def _repoint(self, task: Task, reply: Reply) -> StepOutcome:
        """Point to another card of the study; it may be later than the pointer. Where there is none, become the card."""
        names = task.names(reply.reference)
        shown_here = self._cooldown.shown(task.chat, names, task.settings, message_id=task.post.id, at=reply.made_at)
        async with shown_here as shown:
            vanished = StepOutcome(vacated=shown.vanished)
            if shown.card is not None:
                pointer = await pointer_to(shown.card, reply.reference, task.card_of, spoiler=reply.spoiler)
                await task.chat.edit(reply.id, pointer)
                return vanished | await self._redrawing.store_change(replace(reply, target_id=shown.card.id))
            card = replace(single(reply), target_id=None, made_at=self._now())
            content = task.content(await task.card_of(card.reference), spoiler=card.spoiler)
            return vanished | await self._redrawing.redraw(task.chat, [card], content)
