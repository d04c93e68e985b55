"""References: the key of a work, made of a source and the ID that the work has there."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

DEFAULT_SOURCE = "erowid"
"""The source of an ID without a source, as old buttons and databases have it from when Erowid was the only one."""
LONGEST = 80
"""The most characters of a written reference: it must fit into the custom IDs of buttons."""

_WRITTEN = re.compile(r"[a-z]+:\S+", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A work's key at one source: `erowid:6004`, `pubmed:12351788`, `doi:10.1126/science.1074501`.

    Many addresses may lead to a work, but it has one key there. Raises ValueError for invalid or too long parts.
    """

    source: str
    """Lower-case letters."""
    id: str
    """The ID as the source writes it; a DOI in lower case, since DOIs ignore case."""

    def __post_init__(self) -> None:
        written = str(self)
        if len(written) > LONGEST or ":" in self.source or not _WRITTEN.fullmatch(written):
            raise ValueError(f"not a reference: {written[:100]!r}")

    def __str__(self) -> str:
        return f"{self.source}:{self.id}"

    @property
    def short(self) -> str:
        """The reference without the default source's name, which `read` reads, too."""
        return self.id if self.source == DEFAULT_SOURCE and _NUMBER.fullmatch(self.id) else str(self)

    @classmethod
    def made(cls, source: str, key: str) -> Self | None:
        """Make a reference; None for invalid or too long parts, such as a very long DOI."""
        try:
            return cls(source, key)
        except ValueError:
            return None

    @classmethod
    def read(cls, written: str) -> Self:
        """Read what `str` or `short` wrote. Raises ValueError."""
        if _NUMBER.fullmatch(written):
            return cls(DEFAULT_SOURCE, written)
        source, _, key = written.partition(":")
        return cls(source, key)


def unified(references: Iterable[Reference], same: Mapping[Reference, Collection[Reference]]) -> dict[Reference, Reference]:
    """Map each reference to the first of the references to the same study.

    `same` maps a reference to all references of its study. Two studies are not joined through a third one: a wrong match
    would join many.
    """
    found: dict[Reference, Reference] = {}
    for place, reference in enumerate(listed := tuple(dict.fromkeys(references))):
        earlier = {one for one in same.get(reference, ()) if found.get(one) == one}
        found[reference] = next((one for one in listed[:place] if one in earlier), reference) if earlier else reference
    return found
