"""Stored knowledge about studies besides their records: their references and enrichments.

No service is asked here. If the database does not answer, each reference counts as a study of its own.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import structlog
from cachetools import TTLCache

from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.matching import MATCHER_VERSION
from bot.services.enrichment_ports import EnrichmentStore
from bot.services.ports import IdentityStore

Same = Mapping[Reference, frozenset[Reference]]
"""For each reference, all references of the same study, itself included."""

PAUSE = 10.0
"""Seconds for which a database that did not answer is not asked again, since a card would wait for it three times."""
SEEN = 1_000
"""The most enrichments held in memory."""
SEEN_SECONDS = 600.0
"""Seconds for which an enrichment is held in memory."""

log = structlog.get_logger(__name__)


class Identities:
    """Tells which references name one study."""

    def __init__(self, store: IdentityStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._again_at = float("-inf")

    async def same(self, references: Collection[Reference]) -> Same:
        """Give the known references of the same study for each reference; only itself while the database does not answer."""
        alone = {reference: frozenset({reference}) for reference in references}
        if not alone or self._clock() < self._again_at:
            return alone
        try:
            return alone | dict(await self._store.same(alone))
        except StorageError as error:
            self._again_at = self._clock() + PAUSE
            log.warning("other references of studies cannot be read", reason=str(error))
            return alone

    async def of(self, reference: Reference) -> frozenset[Reference]:
        """Give all references of one study."""
        return (await self.same([reference]))[reference]


class KeptEnrichments:
    """Stored enrichments. `is_asking`: whether bibliographic services may be asked.

    If they may not, only retractions are shown of enrichments that were found by matching; those from a record's own
    source are always shown.
    """

    def __init__(self, store: EnrichmentStore, *, now: Callable[[], datetime], is_asking: bool) -> None:
        self._store = store
        self._now = now
        self._is_asking = is_asking
        self._seen: TTLCache[Reference, Enrichment | None] = TTLCache(SEEN, SEEN_SECONDS)

    async def known(self, reference: Reference) -> Enrichment | None:
        """Give the stored enrichment if it is fresh and of this matcher's version. Raises StorageError."""
        kept = await self._get(reference)
        return kept if kept is not None and self._holds(kept) else None

    async def shown(self, reference: Reference) -> Enrichment | None:
        """Give the match that a card may show; if it is no longer fresh, only its retraction.

        A match in memory costs no query, so newer results of other processes are only seen by `known`. Raises StorageError.
        """
        try:
            kept = self._seen[reference]
        except KeyError:
            kept = await self._get(reference)
        return self.as_shown(kept)

    def as_shown(self, kept: Enrichment | None) -> Enrichment | None:
        """Give the part of a stored enrichment that may be shown; None if there is none."""
        if kept is None or kept.outcome is not MatchOutcome.MATCH:
            return None
        may_be_shown = kept.stated or (self._is_asking and self._holds(kept))
        return kept if may_be_shown else kept.retraction_only()

    def _holds(self, kept: Enrichment) -> bool:
        """Whether a stored enrichment is still valid; one from the record's own source always is."""
        if kept.stated:
            return True
        return kept.matcher == MATCHER_VERSION and self._now() < kept.fresh_until

    async def _get(self, reference: Reference) -> Enrichment | None:
        kept, seen = await self._store.get(reference), self._seen.get(reference)
        if kept is not None or seen is None or not seen.failed:
            self._seen[reference] = kept
        return kept

    async def _put(self, reference: Reference, enrichment: Enrichment) -> None:
        await self._store.put(reference, enrichment)
        self._seen[reference] = enrichment
