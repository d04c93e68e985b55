"""Notices when a site's pages can no longer be read, stores such pages, and has the host told once.

A site counts as unreadable if its last three pages, each of another record, could not be read. One page that can be read
ends this. Failures of the network do not count.
"""

from collections.abc import Callable, Iterable

import structlog

from bot.core.errors import StorageError
from bot.services.page_ports import PagesChange, SiteHealth, UnreadablePage, UnreadablePageStore

ENOUGH = 3
"""The number of unreadable pages in a row that show that a site has changed."""
MOST = 20
"""The most pages that are stored, of all sites together."""

log = structlog.get_logger(__name__)


class PageWatch:
    """Stores pages that could not be read, and reports sites that become unreadable or readable."""

    def __init__(self, store: UnreadablePageStore) -> None:
        self._store = store
        self._listener: Callable[[], None] | None = None

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Set the function that is called whenever this process sees a possible change."""
        self._listener = listener

    async def failed(self, page: UnreadablePage) -> None:
        """Store a page that could not be read. Raises nothing, so that a card fails with its own error."""
        try:
            await self._store.keep(page, most=MOST)
        except StorageError as error:
            log.warning("unreadable page not kept", record=str(page.page.reference), reason=str(error))
        else:
            log.info("unreadable page kept", record=str(page.page.reference), why=page.reason)
            self._tell()

    async def succeeded(self, site: str) -> None:
        """Note that a page of a site was read. Raises nothing."""
        try:
            if await self._store.note_read(site):
                self._tell()
        except StorageError as error:
            log.warning("page read, but this could not be stored", site=site, reason=str(error))

    async def changes(self) -> tuple[PagesChange, ...]:
        """Log and give the changes that no process has told the host yet. Raises StorageError."""
        changes = await self._store.note_told(enough=ENOUGH)
        for change in changes:
            if change.unreadable:
                log.warning("pages can no longer be read", site=change.site, in_a_row=change.unreadable)
            else:
                log.warning("pages can be read again", site=change.site)
        return changes

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener()


def stopped(sites: Iterable[SiteHealth]) -> tuple[SiteHealth, ...]:
    """Give the sites whose pages can no longer be read."""
    return tuple(one for one in sites if one.unreadable >= ENOUGH)


def describe(site: SiteHealth) -> str:
    """Say for the host what is wrong with a site."""
    return f"the last {site.unreadable} pages of {site.site} could not be read"
