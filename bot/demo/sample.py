"""A sample record of the demo: what it shows, and what its page says.

Everything in it is invented and says so by its names (pretendoline, the Journal of Imaginary Pharmacology, Doe and Roe): no
sample stands under a real study's name. IDs lie far above those of the real database, which holds fewer than 10,000 records.
"""

from dataclasses import dataclass
from enum import Enum, auto

from bot.core.record import Paragraph
from bot.core.reference import Reference

CANONICAL = "https://www.erowid.org/references/refs_view.php?ID="


class Labels(Enum):
    """How a page prints the section labels of an abstract."""

    CAPITALS = auto()
    """`RESULTS: text`, run into the paragraph."""
    OWN_LINE = auto()
    """`Results` alone on a line above it."""


class Markup(Enum):
    """The elements a page is built of; the site's have changed over the years."""

    FRAMES = auto()
    BREAKS = auto()
    TABLE = auto()


class Behaviour(Enum):
    """How the stand-in answers for a sample."""

    PAGE = auto()
    FAILS_TWICE = auto()
    """500 twice, then the page."""
    SILENT = auto()
    """The connection is held, and nothing comes."""
    MISSING = auto()
    """A page that says there is no such record."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: `shows` says why it is there; the other fields are what its page says, in the page's order."""

    id: int
    shows: str
    title: str = ""
    authors: str = ""
    """The authors line, without its last stop; empty where the page names none."""
    source: str = ""
    retraction: str | None = None
    excerpt: bool = False
    abstract: tuple[Paragraph, ...] = ()
    after: tuple[str, ...] = ()
    """Paragraphs below the abstract that are none of it."""
    comments: tuple[str, ...] = ()
    """Readers' comments."""
    labels: Labels = Labels.CAPITALS
    markup: Markup = Markup.FRAMES
    answer: Behaviour = Behaviour.PAGE

    @property
    def reference(self) -> Reference:
        """Give the record's key."""
        return Reference("erowid", str(self.id))

    @property
    def link(self) -> str:
        """Give the address that people paste: the real site's, never the stand-in's."""
        return f"{CANONICAL}{self.id}"

    @property
    def short_link(self) -> str:
        """Give its short address, which fits a line of a terminal or a telephone."""
        return f"https://erowid.org/references/{self.id}"

    @property
    def served(self) -> bool:
        """Whether the record's page comes in the end."""
        return self.answer in {Behaviour.PAGE, Behaviour.FAILS_TWICE}

    def lines(self) -> tuple[str, ...]:
        """Give the lines of text between the source line and the readers' comments, as printed."""
        printed = [self.retraction] if self.retraction else []
        for paragraph in self.abstract:
            opening = "[Excerpt] " if self.excerpt and paragraph is self.abstract[0] else ""
            if paragraph.label is None:
                printed.append(opening + paragraph.text)
            elif self.labels is Labels.CAPITALS:
                printed.append(f"{opening}{paragraph.label}: {paragraph.text}")
            else:
                printed += [opening + paragraph.label.capitalize(), paragraph.text]
        return (*printed, *self.after)
