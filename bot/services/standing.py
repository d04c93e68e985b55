"""The replies that a message has already, when it is looked at again."""

from collections.abc import Sequence

from bot.core.reply import Post, Reply, ReplyJob
from bot.services.history_scan import HistoryScan
from bot.services.ports import Chat, ReplyStore
from bot.services.studies import Same


class Standing:
    """Finds replies that stand. Methods raise StorageError and ChatError."""

    def __init__(self, store: ReplyStore, history: HistoryScan) -> None:
        self._store = store
        self._history = history

    async def replies(self, chat: Chat, post: Post | None, job: ReplyJob) -> tuple[Reply, ...]:
        """Give the replies to a message; where somebody began and did not finish, also those that no store knows."""
        replies = await self._store.of_message(job.message_id)
        if not job.resumed:
            return replies
        if post is not None:
            return await self._history.find(chat, post, replies)
        await self._history.erase(chat, job.message_id)
        return replies

    async def pointers(self, replies: Sequence[Reply], same: Same) -> tuple[frozenset[Reply], frozenset[Reply]]:
        """Give the pointers whose card is gone or shows another study, and those whose card is hidden."""
        targets = {reply: reply.target_id for reply in replies if reply.target_id is not None}
        cards = await self._store.get(targets.values()) if targets else {}
        shown = {
            reply: [
                card for card in cards.get(target, ()) if not card.is_pointer and card.reference in same[reply.reference]
            ]
            for reply, target in targets.items()
        }
        dangling = frozenset(reply for reply, its in shown.items() if not its)
        return dangling, frozenset(reply for reply, its in shown.items() if any(card.spoiler for card in its))
