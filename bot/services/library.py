"""The library: searching the records this bot has read, and listing those that a channel saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.record import Record
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.ports import Hit, LibraryStore, ReplyStore

SUGGESTED = 25
"""As many as Discord's autocompletion shows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A card that a channel saw, and what a list shows of its record."""

    reply: Reply
    hit: Hit | None
    """None for a record that could not be stored."""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The records that a channel saw."""

    records: tuple[Record, ...]
    """Those seen first come first."""
    missing: tuple[Reference, ...]
    """Those that could not be stored, so that nothing is left out in silence."""
    hidden: frozenset[Reference] = frozenset()
    """Those whose cards all stand behind spoilers."""


class Library:
    """Searches and lists; every method raises StorageError where the store cannot do its work."""

    def __init__(self, store: LibraryStore, replies: ReplyStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._replies = replies
        self._now = now

    async def search(self, text: str, *, most: int = 10) -> tuple[Hit, ...]:
        """Give the records that fit any text, the best first."""
        return await self._store.search(text, most=most)

    async def suggest(self, text: str, *, most: int = SUGGESTED) -> tuple[Hit, ...]:
        """Give the records that fit what somebody is still typing, the best first."""
        return await self._store.search(text, most=most, unfinished=True)

    async def recent(self, channel_id: int, *, most: int = 10) -> tuple[Seen, ...]:
        """Give the last cards of a channel or thread, the newest first."""
        cards = await self._replies.recent(channel_id, most=most)
        hits = await self._store.hits({card.reference for card in cards})
        return tuple(Seen(card, hits.get(card.reference)) for card in cards)

    async def bibliography(self, channel_id: int, *, days: float, threads: bool = False) -> Bibliography:
        """Give the records carded in a channel or thread in the last days, its threads' too if asked: each once."""
        references = await self._replies.studies(channel_id, self._now() - timedelta(days=days), threads=threads)
        records = await self._store.records(references)
        return Bibliography(
            tuple(records[reference] for reference in references if reference in records),
            tuple(reference for reference in references if reference not in records),
            frozenset(reference for reference, hidden in references.items() if hidden),
        )
