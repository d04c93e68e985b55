"""Port: the store of records that the library needs; `bot.adapters.stores.library` implements it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.core.reference import Reference
from bot.core.study import Study


@dataclass(frozen=True, slots=True)
class Hit:
    """The entry of a stored record in a list."""

    reference: Reference
    title: str
    authors: str
    """`Doe`, `Doe & Roe` or `Doe et al.`; empty if none is known."""
    year: int | None
    retracted: bool = False
    """Whether the record or a service says that the work was retracted."""


class LibraryStore(Protocol):
    """Lists and searches stored records; all methods raise StorageError."""

    async def search(self, text: str, *, most: int, unfinished: bool = False) -> tuple[Hit, ...]:
        """Find records by any text, the best first; the last word of an `unfinished` text may be the beginning of a word."""

    async def hits(self, references: Collection[Reference]) -> Mapping[Reference, Hit]:
        """Give the entries of those of these records that are stored."""

    async def studies(self, references: Collection[Reference]) -> Mapping[Reference, Study]:
        """Give the studies of those of these records that are stored."""
