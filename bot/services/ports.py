"""What the services need of the world; `bot.adapters` gives it, tests give their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.record import Record
from bot.core.reference import Reference


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the site gave it."""

    reference: Reference
    body: bytes
    charset: str | None = None
    """The charset of the Content-Type header, where it names one."""
    etag: str | None = None
    last_modified: str | None = None
    """The two validators, verbatim."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page kept, with the record once read from it."""

    page: Page
    record: Record
    parser: int
    """Version of the parser that read it; another version reads the bytes again."""
    read_at: datetime
    """When the site last gave it or said that it still holds, UTC."""


class PageSource(Protocol):
    """Where pages come from."""

    async def fetch(self, reference: Reference, known: Page | None = None) -> Page | None:
        """Fetch a record's page; None when the site says that `known` still holds.

        Raises RecordNotFound, or a SiteError once its tries are used up.
        """
        ...


class RecordStore(Protocol):
    """Where records once read are kept."""

    async def get(self, reference: Reference) -> StoredPage | None:
        """Give what is kept of a record, however old."""
        ...

    async def put(self, stored: StoredPage) -> None:
        """Keep a page and its record in place of what was kept."""
        ...
