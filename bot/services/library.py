"""Searches the stored records, and lists those that had a card in a channel."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.enrichment import Enrichments
from bot.services.ports import Hit, LibraryStore, ReplyStore

SUGGESTED = 25
"""The number of choices that Discord's autocompletion shows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A card in a channel, and what a list shows of its record."""

    reply: Reply
    hit: Hit | None
    """None if the record was never stored."""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The studies that had a card in a channel."""

    studies: tuple[Study, ...]
    """The earliest card first."""
    missing: tuple[Reference, ...]
    """Those that were never stored, so that a list can name them."""
    hidden: frozenset[Reference] = frozenset()
    """Those whose cards are all behind spoilers."""
    cards: Mapping[Reference, Reply] = field(default_factory=dict)
    """The last card of each."""

    def studies_for(self, *, private: bool) -> tuple[Study, ...]:
        """Give the studies that a file or picture may show, which cannot hide spoilers: all only in a private answer."""
        return tuple(one for one in self.studies if private or one.record.reference not in self.hidden)


class Library:
    """Searches and lists; all methods raise StorageError."""

    def __init__(
        self, store: LibraryStore, replies: ReplyStore, enrichments: Enrichments, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._replies = replies
        self._enrichments = enrichments
        self._now = now

    async def search(self, text: str, *, most: int = 10) -> tuple[Hit, ...]:
        """Find records by any text, the best match first."""
        return await self._store.search(text, most=most)

    async def suggest(self, text: str) -> tuple[Hit, ...]:
        """Find records by a text that is still being typed, the best match first."""
        return await self._store.search(text, most=SUGGESTED, unfinished=True)

    async def recent(self, channel_id: int, *, most: int = 10) -> tuple[Seen, ...]:
        """Give the last cards of a channel or thread, the newest first."""
        cards = await self._replies.recent(channel_id, most=most)
        hits = await self._store.hits({card.reference for card in cards})
        return tuple(Seen(card, hits.get(card.reference)) for card in cards)

    async def bibliography(
        self, channel_ids: Collection[int], *, days: float, threads: bool = False, enrich: bool = True
    ) -> Bibliography:
        """List each record that had a card in channels or threads in the last days, and with `threads` in their threads.

        Without `enrich`, services are heard of a retraction only.
        """
        shown = await self._replies.studies(channel_ids, self._now() - timedelta(days=days), threads=threads)
        studies = await self._store.studies(shown)
        cards = await self._replies.get([one.last_card_id for one in shown.values()])
        return Bibliography(
            tuple(self._shown(studies[reference], enrich=enrich) for reference in shown if reference in studies),
            tuple(reference for reference in shown if reference not in studies),
            frozenset(reference for reference, one in shown.items() if one.hidden),
            {card.reference: card for card in cards.values()},
        )

    def _shown(self, study: Study, *, enrich: bool) -> Study:
        """Give a study with the part of its enrichment that a card would show now."""
        return replace(study, enrichment=self._enrichments.as_shown(study.enrichment)).limited(enrich=enrich)
