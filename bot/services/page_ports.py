"""What the watch over pages needs: a place for pages that could not be read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.services.ports import Page


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A page that should have shown a record, as the site gave it."""

    page: Page
    url: str
    """The address that was asked."""
    reason: str
    """Why it could not be read, for whoever mends the parser."""
    parser: int
    """Version of the parser that could not read it."""
    at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """How many pages of a site, each of another record, could not be read since the last that could."""

    site: str
    unreadable: int
    since: datetime | None
    """When the first of them came, UTC; None if there is none."""
    told: bool
    """Whether the host was told that pages of the site cannot be read."""


@dataclass(frozen=True, slots=True)
class PagesChange:
    """A site's pages can no longer be read, or can be read again."""

    site: str
    unreadable: int
    """How many pages in a row could not be read; 0 if they can be read again."""


class UnreadablePageStore(Protocol):
    """Where pages that could not be read are kept; all methods raise StorageError."""

    async def keep(self, page: UnreadablePage, *, most: int) -> None:
        """Keep a page in place of an earlier one of the same record, and of all pages only so many, the newest."""

    async def note_read(self, site: str) -> bool:
        """Note that a page of the site could be read; gives whether an earlier one could not."""

    async def all(self) -> tuple[UnreadablePage, ...]:
        """Give the kept pages, the newest first."""

    async def health(self) -> tuple[SiteHealth, ...]:
        """Give the health of each site of which a page is kept."""

    async def note_told(self, *, enough: int) -> tuple[PagesChange, ...]:
        """Give what the host was not told yet, and store that the host knows: of many callers at once, one gets a change.

        `enough`: how many pages of a site in a row say that its pages can no longer be read.
        """
