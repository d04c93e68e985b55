"""Port of the page watch: the store of pages that could not be read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.services.ports import Page


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A page that should have shown a record but could not be read."""

    page: Page
    url: str
    """The address of the request."""
    reason: str
    """The reason why it could not be read, for developers."""
    parser: int
    """Version of the parser that could not read it."""
    at: datetime
    """When the page was fetched, UTC."""


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """The number of a site's pages, each of another record, that could not be read since one could."""

    site: str
    unreadable: int
    since: datetime | None
    """When the first of these pages was fetched, UTC; None if there is none."""
    told: bool
    """Whether the host was told that pages of the site cannot be read."""


@dataclass(frozen=True, slots=True)
class PagesChange:
    """News that a site's pages can no longer be read, or can be read again."""

    site: str
    unreadable: int
    """The number of pages in a row that could not be read; 0 if pages can be read again."""


class UnreadablePageStore(Protocol):
    """Stores pages that could not be read; all methods raise StorageError."""

    async def keep(self, page: UnreadablePage, *, most: int) -> None:
        """Store a page in place of an earlier one of the same record; of all pages, keep only the `most` newest."""

    async def note_read(self, site: str) -> bool:
        """Note that a page of the site could be read; return whether an earlier one could not."""

    async def all(self) -> tuple[UnreadablePage, ...]:
        """Give the stored pages, the newest first."""

    async def health(self) -> tuple[SiteHealth, ...]:
        """Give the health of each site with a stored page."""

    async def note_told(self, *, enough: int) -> tuple[PagesChange, ...]:
        """Give the changes that the host has not been told, and store that the host knows; one of several callers gets them.

        `enough`: the number of unreadable pages in a row from which on a site counts as unreadable.
        """
