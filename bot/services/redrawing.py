"""Edits and deletes replies that stand, and stores each change."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.core.errors import BotError, ChatError, ChatRefused, MessageGone, StorageError
from bot.core.reply import Reply
from bot.services.card_updates import CardUpdates
from bot.services.contents import Contents
from bot.services.jobs import RETRY, Jobs
from bot.services.ports import Chat, Content, ReplyStore
from bot.services.task import StepOutcome, Task, retry_in

log = structlog.get_logger(__name__)


class Redrawing:
    """Edits and deletes replies. Methods raise ChatError; what cannot be stored is an outcome."""

    def __init__(self, contents: Contents, store: ReplyStore, jobs: Jobs, updates: CardUpdates) -> None:
        self._contents = contents
        self._store = store
        self._jobs = jobs
        self._updates = updates

    async def try_redraw(self, chat: Chat, shown: Sequence[Reply], content: Content) -> StepOutcome | ChatError:
        """Show other studies in a message; gives the error if Discord refuses, as for an embed to Components V2."""
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
        """Redraw a message, and store what it shows now."""
        reply_id = shown[0].id
        await self._updates.call_off(reply_id)
        await chat.edit(reply_id, content)
        outcome = await self.store_change(*shown)
        self._updates.follow(chat, shown, content)
        return outcome

    async def rewrite_pointers(self, task: Task, card: Reply) -> None:
        """Rewrite what points to a card: with the title, or without it if the card is a spoiler."""
        pointing = {one.id for one in await self._store.about([card.id]) if one.target_id == card.id}
        for reply_id, message in (await self._store.get(pointing) if pointing else {}).items():
            try:
                content = await self._contents.of(message, task.settings, card_of=task.card_of, changed=card)
                await self._updates.call_off(reply_id)  # its pending edit would restore the old text
                async with self._jobs.editing(message[0], beside_work=True):
                    await task.chat.edit(reply_id, content)
                self._updates.follow(task.chat, message, content)
            except BotError as error:
                if isinstance(error, StorageError) or retry_in(error) is not None:
                    raise
                log.info("pointer not rewritten", reply=reply_id, reason=str(error))  # the card is hidden all the same

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
