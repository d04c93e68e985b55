"""Searches the stored records, and lists those that had a card in a channel; each study once, not each reference."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.reference import Reference, unified
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.library_ports import Hit, LibraryStore
from bot.services.ports import ReplyStore
from bot.services.studies import Identities, KeptEnrichments

SUGGESTED = 25
"""The number of choices that Discord's autocompletion shows."""
SPARE, REPEATED = 2, 5
"""The numbers of records and of cards that are read for each listed study, since a study may have several."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A card in a channel, and the entry of its record in a list."""

    reply: Reply
    hit: Hit | None
    """None if the record was never stored."""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The studies that had a card in a channel."""

    studies: tuple[Study, ...]
    """The studies whose records are stored, by the time of their first card."""
    missing: tuple[Reference, ...]
    """References of records that were never stored, so that a list can name them."""
    hidden: frozenset[Reference] = frozenset()
    """References of studies whose cards are all behind spoilers."""
    cards: Mapping[Reference, Reply] = field(default_factory=dict)
    """The last card of each study, by the reference of the study."""

    def studies_for(self, *, private: bool) -> tuple[Study, ...]:
        """Give the studies for a file or a picture, which cannot hide spoilers: all only if the answer is private."""
        return tuple(one for one in self.studies if private or one.record.reference not in self.hidden)


class Library:
    """Searches and lists stored records; all methods raise StorageError."""

    def __init__(
        self,
        store: LibraryStore,
        replies: ReplyStore,
        enrichments: KeptEnrichments,
        identities: Identities,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._replies = replies
        self._enrichments = enrichments
        self._identities = identities
        self._now = now

    async def search(self, text: str, *, most: int = 10) -> tuple[Hit, ...]:
        """Find studies by any text, the best match first."""
        return await self._each_once(await self._store.search(text, most=SPARE * most), most)

    async def suggest(self, text: str) -> tuple[Hit, ...]:
        """Find studies by a text that is still being typed, the best match first."""
        return await self._each_once(await self._store.search(text, most=SPARE * SUGGESTED, unfinished=True), SUGGESTED)

    async def recent(self, channel_id: int, *, most: int = 10) -> tuple[Seen, ...]:
        """Give the last card of each study in a channel or thread, the newest first."""
        last: dict[Reference, Reply] = {}
        cards = await self._replies.recent(channel_id, most=REPEATED * most)
        studies = await self._studies(card.reference for card in cards)
        for card in cards:
            last.setdefault(studies[card.reference], card)
        hits = _told(await self._store.hits(studies), studies)
        return tuple(Seen(card, hits.get(card.reference)) for card in list(last.values())[:most])

    async def bibliography(
        self, channel_ids: Collection[int], *, days: float, threads: bool = False, enrich: bool = True
    ) -> Bibliography:
        """List each study that had a card in channels or threads in the last days, and with `threads` in their threads.

        Without `enrich`, only a retraction is used of what services know.
        """
        shown = await self._replies.studies(channel_ids, self._now() - timedelta(days=days), threads=threads)
        records = await self._store.studies(shown)
        replies = await self._replies.get([one.last_card_id for one in shown.values()])
        found: list[Study] = []
        missing: list[Reference] = []
        hidden: set[Reference] = set()
        cards: dict[Reference, Reply] = {}
        for references in _groups(await self._studies(shown)):
            known = [reference for reference in references if reference in records]
            listed = max(known, key=lambda one: _known_of(records[one]), default=references[0])
            if known:
                found.append(self._shown(records[listed], enrich=enrich))
            else:
                missing.append(listed)
            if all(shown[reference].hidden for reference in references):
                hidden.add(listed)
            its = [
                reply for one in references for reply in replies.get(shown[one].last_card_id, ()) if reply.reference == one
            ]
            if its:
                cards[listed] = max(its, key=lambda reply: reply.id)
        return Bibliography(tuple(found), tuple(missing), frozenset(hidden), cards)

    async def _each_once(self, hits: tuple[Hit, ...], most: int) -> tuple[Hit, ...]:
        """Give the first hit of each study."""
        found = {hit.reference: hit for hit in hits}
        studies = await self._studies(found)
        told = _told(found, studies)
        return tuple(told[study] for study in dict.fromkeys(studies.values()))[:most]

    async def _studies(self, references: Iterable[Reference]) -> dict[Reference, Reference]:
        """Map each reference to the first of the given ones that name the same study."""
        listed = list(references)
        return unified(listed, await self._identities.same(listed))

    def _shown(self, study: Study, *, enrich: bool) -> Study:
        """Give a study with the part of its enrichment that a card would show now."""
        return replace(study, enrichment=self._enrichments.as_shown(study.enrichment)).limited(enrich=enrich)


def _told(hits: Mapping[Reference, Hit], studies: Mapping[Reference, Reference]) -> dict[Reference, Hit]:
    """Give the hits, each marked as retracted if any record of its study is."""
    retracted = {studies[reference] for reference, hit in hits.items() if hit.retracted}
    return {reference: replace(hit, retracted=studies[reference] in retracted) for reference, hit in hits.items()}


def _groups(studies: Mapping[Reference, Reference]) -> list[list[Reference]]:
    """Give the references of each study, in their order."""
    groups: dict[Reference, list[Reference]] = {}
    for reference, study in studies.items():
        groups.setdefault(study, []).append(reference)
    return list(groups.values())


def _known_of(study: Study) -> tuple[bool, bool, int]:
    """Rank the records of one study by how much is known; a retraction counts most, since it must be shown."""
    identifiers = study.enrichment.references if study.enrichment is not None else ()
    return study.retracted, bool(study.record.abstract), len(identifiers)
