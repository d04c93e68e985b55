"""The intermediate forms of a citation: a tree of fragments, and the flat pieces that it is laid out as."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from bot.citation.markup import Face, FontAttributes


@dataclass(slots=True)
class Fragment:
    """The output of one element: text, or a sequence of fragments, with affixes and formatting."""

    content: "str | list[Fragment]"
    prefix: str = ""
    suffix: str = ""
    delimiter: str = ""
    font: FontAttributes = ()
    quoted: bool = False
    verbatim: bool = False
    """Whether the content is an address, in which markup and quotes are plain text."""


class PieceKind(Enum):
    """The origin of a piece."""

    FIELD = auto()
    """A field of the item, whose punctuation is kept."""
    AFFIX = auto()
    """An affix or a delimiter of the style."""
    OPEN = auto()
    """An opening quotation mark."""
    CLOSE = auto()
    """A closing quotation mark."""


class Piece(NamedTuple):
    """A stretch of text in one face, from one origin."""

    text: str
    face: Face
    kind: PieceKind


class QuoteMarks(NamedTuple):
    """A locale's quotation marks."""

    open: str = "“"
    close: str = "”"
    open_inner: str = "‘"
    close_inner: str = "’"

    def marks(self, *, inner: bool) -> tuple[str, str]:
        """Return the opening and closing marks of a level."""
        return (self.open_inner, self.close_inner) if inner else (self.open, self.close)


class Formatting(NamedTuple):
    """The formatting that surrounds a fragment."""

    face: Face = Face()
    inner: bool | None = None
    """Whether the surrounding quotation is an inner one; None outside quotations."""
