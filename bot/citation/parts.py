"""What a style makes of a record before it is text: a tree of parts, and the pieces that the tree is laid out as.

Words of the Citation Style Language 1.0.2 specification (docs.citationstyles.org), "Formatting", "Affixes", "Quotes".
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

Style = tuple[tuple[str, str], ...]
"""Formatting attributes and their values, as a style's element carries them."""


class Face(NamedTuple):
    """How letters look. Small capitals and underlining, which neither Discord nor plain HTML text has, are dropped."""

    italic: bool = False
    bold: bool = False
    script: str = ""
    """"sup", "sub" or nothing."""

    def dressed(self, style: Style) -> "Face":
        """Give this face with what an element asks for laid over it."""
        face = self
        for attribute, value in style:
            if attribute == "font-style":
                face = face._replace(italic=value != "normal")
            elif attribute == "font-weight":
                face = face._replace(bold=value == "bold")
            elif attribute == "vertical-align":
                face = face._replace(script=value if value in {"sup", "sub"} else "")
        return face


@dataclass(slots=True)
class Part:
    """Text of a record or of a style, or parts in a row, with the affixes and the look that an element gives it."""

    content: "str | list[Part]"
    prefix: str = ""
    suffix: str = ""
    delimiter: str = ""
    style: Style = ()
    quoted: bool = False
    verbatim: bool = False
    """The content is an address: it holds no markup, and its quotes stay as they are."""


class Kind(Enum):
    """Where a piece comes from: punctuation within a field is its author's and stays as it is."""

    FIELD = auto()
    AFFIX = auto()
    OPEN = auto()
    CLOSE = auto()


class Piece(NamedTuple):
    """A stretch of text in one face; `OPEN` and `CLOSE` are quotation marks."""

    text: str
    face: Face
    kind: Kind


class Quotes(NamedTuple):
    """A locale's quotation marks."""

    open: str = "“"
    close: str = "”"
    open_inner: str = "‘"
    close_inner: str = "’"

    def marks(self, *, inner: bool) -> tuple[str, str]:
        """Give the pair of a level."""
        return (self.open_inner, self.close_inner) if inner else (self.open, self.close)


class Setting(NamedTuple):
    """What a part stands in."""

    face: Face = Face()
    inner: bool | None = None
    """The level of the quotation around it, None outside any."""
