"""Finds the replies that a message has when it is looked at again."""

from collections.abc import Sequence

from bot.core.reply import Post, Reply, ReplyJob
from bot.services.history_scan import HistoryScan
from bot.services.ports import Chat, ReplyStore
from bot.services.studies import Same


class Standing:
    """Finds the replies to a message. Methods raise StorageError and ChatError."""

    def __init__(self, store: ReplyStore, history: HistoryScan) -> None:
        self._store = store
        self._history = history

    async def replies(self, chat: Chat, post: Post | None, job: ReplyJob) -> tuple[Reply, ...]:
        """Give the replies to a message; if its job was resumed, also those that were sent but not stored."""
        replies = await self._store.of_message(job.message_id)
        if not job.resumed:
            return replies
        if post is not None:
            return await self._history.find(chat, post, replies)
        await self._history.erase(chat, job.message_id)
        return replies

    async def dangling(self, replies: Sequence[Reply], same: Same) -> frozenset[Reply]:
        """Give the pointers whose card is gone or shows another study."""
        targets = {reply: reply.target_id for reply in replies if reply.target_id is not None}
        cards = await self._store.get(targets.values()) if targets else {}
        shown = {card_id: {card.reference for card in its if not card.is_pointer} for card_id, its in cards.items()}
        return frozenset(
            reply for reply, card_id in targets.items() if same[reply.reference].isdisjoint(shown.get(card_id, ()))
        )
