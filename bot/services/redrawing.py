"""Edits and deletes replies that stand, and stores each change."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.core.errors import ChatError, ChatRefused, MessageGone, StorageError
from bot.core.reply import Reply
from bot.services.card_updates import CardUpdates
from bot.services.jobs import RETRY
from bot.services.ports import Chat, Content, ReplyStore
from bot.services.task import StepOutcome, retry_in

log = structlog.get_logger(__name__)


class Redrawing:
    """Edits and deletes replies. Methods raise ChatError; what cannot be stored is an outcome."""

    def __init__(self, store: ReplyStore, updates: CardUpdates) -> None:
        self._store = store
        self._updates = updates

    async def try_redraw(self, chat: Chat, shown: Sequence[Reply], content: Content) -> StepOutcome | ChatError:
        """Show other studies in a message; gives the error if it never can: an embed cannot become Components V2."""
        try:
            return await self.redraw(chat, shown, content)
        except (ChatRefused, MessageGone) as error:
            log.info("reply not redrawn", reply=shown[0].id, reason=str(error))
            return error

    async def redraw(self, chat: Chat, shown: Sequence[Reply], content: Content) -> StepOutcome:
        """Let a message show other studies than before."""
        redrawn = StepOutcome(frozenset(one.reference for one in shown), vacated=frozenset({shown[0].id}))
        return redrawn | await self.edit(chat, shown, content)

    async def remove(self, chat: Chat, reply_id: int) -> StepOutcome:
        """Delete a message of the bot's and forget it; one that cannot be deleted is remembered. Raises StorageError."""
        try:
            await chat.delete(reply_id)
        except ChatError as error:
            log.warning("reply not deleted", reply=reply_id, reason=str(error))
            return StepOutcome(retry_in=retry_in(error))
        await self._store.remove([reply_id])
        return StepOutcome(vacated=frozenset({reply_id}))

    async def edit(self, chat: Chat, shown: Sequence[Reply], content: Content) -> StepOutcome:
        """Let a message be drawn anew."""
        reply_id = shown[0].id
        await self._updates.call_off(reply_id)
        await chat.edit(reply_id, content)
        outcome = await self.store_change(*shown)
        self._updates.follow(chat, shown, content)
        return outcome

    async def store_change(self, *shown: Reply) -> StepOutcome:
        """Store what a message shows now."""
        try:
            await self._store.replace(*shown)
        except StorageError as error:
            log.warning("change of a reply not stored; the history tells it later", reply=shown[0].id, reason=str(error))
            return StepOutcome(retry_in=RETRY)
        return StepOutcome()


def single(reply: Reply) -> Reply:
    """Give a reply as it is in a message that shows nothing else."""
    return replace(reply, position=0, failed=(), more=0)
