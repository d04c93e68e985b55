"""Notices when a site's pages can no longer be read, keeps such pages, and has the host told once.

The rule: the last three pages that a site gave, each of another record, could not be read. One page that can be read ends
it. A single odd page is no change of the site; a failure of the network is none either.
"""

from collections.abc import Callable, Iterable

import structlog

from bot.core.errors import StorageError
from bot.services.page_ports import PagesChange, SiteHealth, UnreadablePage, UnreadablePageStore

ENOUGH = 3
"""Pages in a row that say that the site has changed."""
MOST = 20
"""Pages that are kept, of all sites together."""

log = structlog.get_logger(__name__)


class PageWatch:
    """Keeps pages that could not be read, and says what changed."""

    def __init__(self, store: UnreadablePageStore) -> None:
        self._store = store
        self._listener: Callable[[], None] | None = None

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Set the function that is called whenever this process sees what may be a change."""
        self._listener = listener

    async def failed(self, page: UnreadablePage) -> None:
        """Keep a page that could not be read. Never raises: a card that fails must fail for its own reason."""
        try:
            await self._store.keep(page, most=MOST)
        except StorageError as error:
            log.warning("unreadable page not kept", record=str(page.page.reference), reason=str(error))
        else:
            log.info("unreadable page kept", record=str(page.page.reference), why=page.reason)
            self._tell()

    async def succeeded(self, site: str) -> None:
        """Note that a page of a site was read. Never raises."""
        try:
            if await self._store.note_read(site):
                self._tell()
        except StorageError as error:
            log.warning("page read, but not noted", site=site, reason=str(error))

    async def changes(self) -> tuple[PagesChange, ...]:
        """Log and give what changed since the host was last told, by whichever process. Raises StorageError."""
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
    """Say what is wrong, for whoever runs the bot."""
    return f"the last {site.unreadable} pages of {site.site} could not be read"
