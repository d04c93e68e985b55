"""The store of records that the library needs; `bot.adapters.stores.library` implements it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.core.reference import Reference
from bot.core.study import Study


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was read, as a list shows it."""

    reference: Reference
    title: str
    authors: str
    """`Doe`, `Doe & Roe` or `Doe et al.`; empty where none is known."""
    year: int | None
    retracted: bool = False
    """Whether the record or a service says that the work was retracted."""


class LibraryStore(Protocol):
    """Where records once read are listed and searched."""

    async def search(self, text: str, *, most: int, unfinished: bool = False) -> tuple[Hit, ...]:
        """Give the records that fit any text, the best first; the last word of an `unfinished` one may lack its end."""

    async def hits(self, references: Collection[Reference]) -> Mapping[Reference, Hit]:
        """Give what a list shows of each of these records that was read."""

    async def studies(self, references: Collection[Reference]) -> Mapping[Reference, Study]:
        """Give each of these studies whose record was read."""
