"""Which references name one study. Knowing less does no harm: each reference is then a study of its own."""

import time
from collections.abc import Callable, Collection, Mapping

import structlog

from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import IdentityStore

Same = Mapping[Reference, frozenset[Reference]]
"""For each reference, all that name the same study, itself among them."""

PAUSE = 10.0
"""Seconds for which a database that did not answer is not asked again: a card would wait for it three times."""

log = structlog.get_logger(__name__)


class Identities:
    """Tells which references name one study."""

    def __init__(self, store: IdentityStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._again_at = float("-inf")

    async def same(self, references: Collection[Reference]) -> Same:
        """Give what is known of each; each reference alone while the database does not answer."""
        alone = {reference: frozenset({reference}) for reference in references}
        if not alone or self._clock() < self._again_at:
            return alone
        try:
            return alone | dict(await self._store.same(alone))
        except StorageError as error:
            self._again_at = self._clock() + PAUSE
            log.warning("other references of studies not known", reason=str(error))
            return alone

    async def of(self, reference: Reference) -> frozenset[Reference]:
        """Give all references of one study."""
        return (await self.same([reference]))[reference]
