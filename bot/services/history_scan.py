"""Finds replies that were sent but not stored, because a process ended or the database was gone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.reply import Post, Reply
from bot.services.ports import Chat, FoundReply, ReplyStore

log = structlog.get_logger(__name__)


class HistoryScan:
    """Finds the bot's own replies in the channel's history. Methods raise StorageError and ChatError."""

    def __init__(self, store: ReplyStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def find(self, chat: Chat, post: Post, known: Sequence[Reply]) -> tuple[Reply, ...]:
        """Store the replies to a message that are not known, and give all of its replies in the order of sending."""
        replies = {reply.id: reply for reply in known}
        for found in await chat.find_replies(post.id):
            known_one = replies.get(found.id)
            if known_one is not None and found.reference not in {None, known_one.reference}:
                replies[found.id] = await self._correct(known_one, found)
            if found.id not in replies and (reply := await self._read(chat, post, found)) is not None:
                if await self._store.add(reply):
                    log.info("reply found again", record=str(reply.reference), reply=reply.id)
                    replies[reply.id] = reply
                else:  # the message has another reply for that record
                    await chat.delete(reply.id)
        return tuple(replies[reply_id] for reply_id in sorted(replies))

    async def _correct(self, known: Reply, found: FoundReply) -> Reply:
        """Correct the stored row of a reply whose last change could not be stored."""
        shown = replace(known, reference=found.reference or known.reference, spoiler=found.spoiler, target_id=None)
        await self._store.replace(shown)
        return shown

    async def erase(self, chat: Chat, message_id: int) -> None:
        """Delete the replies to a message that is gone."""
        for found in await chat.find_replies(message_id):
            await chat.delete(found.id)

    async def _read(self, chat: Chat, post: Post, found: FoundReply) -> Reply | None:
        """Turn a message of the bot into a reply; a pointer to an unknown card is deleted."""
        reference = found.reference
        if found.target_id is not None:
            targets = (await self._store.get([found.target_id])).get(found.target_id)
            if targets is None:
                await chat.delete(found.id)
                return None
            reference = targets[0].reference
        if reference is None:
            return None
        return Reply(
            id=found.id,
            message_id=post.id,
            reference=reference,
            channel_id=post.channel_id,
            poster_id=post.author_id,
            made_at=self._now(),
            parent_id=chat.parent_id,
            guild_id=post.guild_id,
            spoiler=found.spoiler,
            target_id=found.target_id,
        )
