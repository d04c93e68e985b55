"""Makes cards: a study, the findings in its abstract, and its citation in the style of the settings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache

import structlog

from bot import citation
from bot.core.card import Card, OtherName
from bot.core.channel_settings import ChannelSettings, Size
from bot.core.enrichment import Enrichment
from bot.core.errors import StorageError
from bot.core.phrase import Phrase
from bot.core.reference import Reference
from bot.core.study import Study
from bot.findings import key_findings, study_facts
from bot.services.lookup import Found, Lookup
from bot.services.studies import Identities, KeptEnrichments

MOST_FINDINGS = 3
MADE = 500
"""The most cards held in memory, keyed by all that they are made of, so that a changed record makes a new card."""

CardOf = Callable[[Reference], asyncio.Task[Card]]
"""Gives the task that makes a record's card."""

log = structlog.get_logger(__name__)


def make_card(
    study: Study,
    style: str,
    *,
    url: str | None,
    name: Phrase | None = None,
    short_name: str = "",
    most: int = MOST_FINDINGS,
    read_at: datetime | None = None,
    stale: bool = False,
    also: tuple[OtherName, ...] = (),
) -> Card:
    """Make the card of a study; raises nothing, whatever the study holds."""
    record = study.record
    quotes = key_findings(record.abstract, record.plain_title, most=most)
    return Card(
        study=study,
        findings=quotes.findings,
        citation=citation.cite(study.to_csl(), style),
        facts=study_facts(record.plain_title, record.abstract),
        url=url,
        name=name,
        short_name=short_name,
        read_at=read_at,
        stale=stale,
        aim=quotes.aim,
        foreign=quotes.foreign,
        also=also,
    )


class Cards:
    """Makes cards for references. They show stored enrichments; no card waits for a bibliographic service."""

    def __init__(self, lookup: Lookup, enrichments: KeptEnrichments, identities: Identities) -> None:
        self._lookup = lookup
        self._sources = lookup.sources
        self._enrichments = enrichments
        self._identities = identities
        self._make = lru_cache(MADE)(make_card)

    def short_label(self, reference: Reference) -> str:
        """Name a work in a word or two: "Erowid 6004", "PMC123"."""
        return self._sources.short_label(reference)

    async def study(self, reference: Reference, *, enrich: bool = True) -> Study:
        """Look a record up with its enrichment; without `enrich`, only a retraction is used of what services know.

        Raises a BotError if the record cannot be had.
        """
        return (await self._look_up(reference))[1].limited(enrich=enrich)

    async def card(self, reference: Reference, settings: ChannelSettings) -> Card:
        """Look a record up and make its card by these settings. Raises a BotError if the record cannot be had."""
        found, study = await self._look_up(reference)
        return self._make(
            study.limited(enrich=settings.enrich, free_text=settings.free_text),
            settings.style,
            url=self._sources.url_of(reference),
            name=self._sources.label(reference),
            short_name=self._sources.short_label(reference),
            most=1 if settings.size is Size.COMPACT else MOST_FINDINGS,
            read_at=found.read_at,
            stale=found.stale,
            also=await self._also(reference) if settings.enrich else (),
        )

    @asynccontextmanager
    async def making(self, settings: ChannelSettings) -> AsyncIterator[CardOf]:
        """Give a function that starts making a card, once for each record; cancel unfinished ones at the block's end."""
        begun: dict[Reference, asyncio.Task[Card]] = {}

        def card_of(reference: Reference) -> asyncio.Task[Card]:
            if reference not in begun:
                begun[reference] = asyncio.create_task(self.card(reference, settings))
            return begun[reference]

        try:
            yield card_of
        finally:
            for task in begun.values():
                task.cancel()
            await asyncio.gather(*begun.values(), return_exceptions=True)

    async def _also(self, reference: Reference) -> tuple[OtherName, ...]:
        """Name a study's other references, except those of sources that the bot does not have."""
        others = sorted(one for one in await self._identities.of(reference) if one != reference and self._sources.knows(one))
        return tuple(OtherName(one, self._sources.label(one), self._sources.short_label(one)) for one in others)

    async def _look_up(self, reference: Reference) -> tuple[Found, Study]:
        """Look up a record and its stored enrichment at the same time."""
        found, enrichment = await asyncio.gather(self._lookup.find(reference), self._known(reference))
        return found, Study(found.record, enrichment or found.stated)

    async def _known(self, reference: Reference) -> Enrichment | None:
        try:
            return await self._enrichments.shown(reference)
        except StorageError as error:
            log.warning("stored enrichment cannot be read", record=str(reference), reason=str(error))
            return None
