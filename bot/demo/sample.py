"""A sample record of the demo: the feature that it shows, and the content of its page.

All samples are invented, as their names show (pretendoline, the Journal of Imaginary Pharmacology, Doe and Roe), and none
has a real study's name. Their IDs are far above those of the real database, which has fewer than 10,000 records.
"""

from dataclasses import dataclass
from enum import Enum, auto

from bot.core.record import Paragraph
from bot.core.reference import Reference

CANONICAL = "https://www.erowid.org/references/refs_view.php?ID="


class Labels(Enum):
    """How a page prints the section labels of an abstract."""

    CAPITALS = auto()
    """`RESULTS: text`, in the paragraph."""
    OWN_LINE = auto()
    """`Results` on a line of its own above the paragraph."""


class Markup(Enum):
    """The elements of a page; those of the site have changed over the years."""

    FRAMES = auto()
    BREAKS = auto()
    TABLE = auto()


class Behaviour(Enum):
    """How the stand-in answers a request for a sample."""

    PAGE = auto()
    FAILS_TWICE = auto()
    """It answers with status 500 twice, then with the page."""
    SILENT = auto()
    """It keeps the connection open and never answers."""
    MISSING = auto()
    """It answers with a page that says that there is no such record."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: `shows` names the feature; the other fields are the content of its page, in the page's order."""

    id: int
    shows: str
    title: str = ""
    authors: str = ""
    """The authors line, without its last stop; empty if the page names none."""
    source: str = ""
    retraction: str | None = None
    excerpt: bool = False
    abstract: tuple[Paragraph, ...] = ()
    after: tuple[str, ...] = ()
    """Paragraphs below the abstract that do not belong to it."""
    comments: tuple[str, ...] = ()
    """Readers' comments."""
    labels: Labels = Labels.CAPITALS
    markup: Markup = Markup.FRAMES
    answer: Behaviour = Behaviour.PAGE

    @property
    def reference(self) -> Reference:
        """Give the record's reference."""
        return Reference("erowid", str(self.id))

    @property
    def link(self) -> str:
        """Give the address that people paste: the real site's, never the stand-in's."""
        return f"{CANONICAL}{self.id}"

    @property
    def short_link(self) -> str:
        """Give the record's short address, which fits a line of a terminal or a phone."""
        return f"https://erowid.org/references/{self.id}"

    @property
    def served(self) -> bool:
        """Whether the stand-in gives the record's page, at once or after failures."""
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
