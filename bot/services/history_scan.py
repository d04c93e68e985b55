"""Finds replies that were sent but not stored, because a process ended or the database did not answer."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.reference import Reference
from bot.core.reply import Post, Reply, by_message
from bot.services.ports import Chat, FoundReply, ReplyStore

log = structlog.get_logger(__name__)


class HistoryScan:
    """Finds the bot's own replies in the history of a channel. Methods raise StorageError and ChatError."""

    def __init__(self, store: ReplyStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def find(self, chat: Chat, post: Post, known: Sequence[Reply]) -> tuple[Reply, ...]:
        """Store the unknown replies to a message, and give all of its replies in the order in which they were sent."""
        messages = {message[0].id: message for message in by_message(known)}
        seen: dict[int, list[FoundReply]] = {}
        for one in await chat.find_replies(post.id):
            seen.setdefault(one.id, []).append(one)
        for reply_id, found in seen.items():
            stored, cards = messages.get(reply_id), {one.reference for one in found if one.reference is not None}
            if stored is None:
                taken = {one.reference for message in messages.values() for one in message}
                replies = await self._read(chat, post, found, taken)
                if replies and await self._store.add(*replies):
                    log.info("reply found again", records=[str(one.reference) for one in replies], reply=reply_id)
                    messages[reply_id] = replies
                elif replies:  # the message has another reply for one of the records
                    await chat.delete(reply_id)
            elif cards and cards != {one.reference for one in stored if not one.is_pointer}:
                messages[reply_id] = await self._correct(stored, found)
        return tuple(reply for reply_id in sorted(messages) for reply in messages[reply_id])

    async def _correct(self, stored: Sequence[Reply], found: Sequence[FoundReply]) -> tuple[Reply, ...]:
        """Correct the stored replies of a message whose last edit could not be stored."""
        cards = [
            replace(stored[0], reference=one.reference, spoiler=one.spoiler, target_id=None)
            for one in found
            if one.reference is not None
        ]
        known, targets = {card.reference for card in cards}, {one.target_id for one in found if one.reference is None}
        pointers = [one for one in stored if one.is_pointer and one.target_id in targets and one.reference not in known]
        shown = tuple(replace(one, position=place) for place, one in enumerate([*cards, *pointers]))
        await self._store.replace(*shown)
        return shown

    async def erase(self, chat: Chat, message_id: int) -> None:
        """Delete the replies to a deleted message."""
        for reply_id in {found.id for found in await chat.find_replies(message_id)}:
            await chat.delete(reply_id)

    async def _read(
        self, chat: Chat, post: Post, message: Sequence[FoundReply], taken: Collection[Reference]
    ) -> tuple[Reply, ...]:
        """Turn a message of the bot into replies; delete it if one of its pointers leads to no card that is known.

        `taken`: the records that the post's other replies show.
        """
        shown: dict[Reference, FoundReply] = {}
        for found in message:
            reference = found.reference or await self._pointed_to(post, found, {*taken, *shown})
            if reference is not None:
                shown.setdefault(reference, found)
            elif found.target_id is not None:
                await chat.delete(found.id)
                return ()
        return tuple(
            Reply(
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
                position=place,
            )
            for place, (reference, found) in enumerate(shown.items())
        )

    async def _pointed_to(self, post: Post, pointer: FoundReply, taken: Collection[Reference]) -> Reference | None:
        """Give the record that a pointer leads to; in a message of several, one that is not `taken`, linked ones first."""
        found = await self._store.get([pointer.target_id] if pointer.target_id is not None else [])
        shown = [one.reference for message in found.values() for one in message if not one.is_pointer]
        cards = [reference for reference in shown if reference not in taken]
        linked = [link.reference for link in post.links if link.reference in cards]
        return next(iter([*linked, *cards]), None)
