"""Which references name one study. Knowing less does no harm: each reference is then a study of its own."""

from collections.abc import Collection, Mapping

import structlog

from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import IdentityStore

Same = Mapping[Reference, frozenset[Reference]]
"""For each reference, all that name the same study, itself among them."""

log = structlog.get_logger(__name__)


class Identities:
    """Tells which references name one study."""

    def __init__(self, store: IdentityStore | None = None) -> None:
        self._store = store

    async def same(self, references: Collection[Reference]) -> Same:
        """Give what is known of each; while the database does not answer, nothing is."""
        alone = {reference: frozenset({reference}) for reference in references}
        if self._store is None or not alone:
            return alone
        try:
            return alone | dict(await self._store.same(alone))
        except StorageError as error:
            log.warning("other references of studies not known", reason=str(error))
            return alone

    async def of(self, reference: Reference) -> frozenset[Reference]:
        """Give all references of one study."""
        return (await self.same([reference]))[reference]
