"""A card: what one reply shows of one record, as data.

`bot.services.cards` makes it, `cogs.cards.render` draws it for Discord, `bot.commands.terminal` for a terminal. Its text is
not escaped.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.phrase import Phrase
from bot.core.record import Record
from bot.core.reference import Reference
from bot.core.study import Study

MOST_QUOTED = 900
"""The most characters of all findings of a card together: room for three sentences, with few exceptions."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A quotation: sentences of one paragraph of the abstract, word for word."""

    text: str
    label: str | None = None
    """The label of the section, in capitals ("CONCLUSIONS"), or None."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A detail of the study that the title or abstract states, for the line under the title."""

    kind: str
    """"study", "species", "subjects" or "dose"."""
    text: str
    """The words on the card ("n = 12")."""
    evidence: str
    """The sentence that states the fact, verbatim."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of a record, formatted in a style."""

    style: str
    """The CSL style's name ("apa")."""
    text: str
    """The citation as plain text."""
    markup: str = ""
    """The citation with `<i>`, `<b>`, `<sup>`, `<sub>`, all else HTML-escaped; empty if it has no markup."""
    label: str = ""
    """The style's title ("APA", "The Lancet"); empty for a citation without a style."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another reference of a card's study, and what people call it."""

    reference: Reference
    name: Phrase
    short_name: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that a reply shows of one study; see the fields."""

    study: Study
    findings: tuple[Finding, ...]
    """The most important first; empty if the abstract states no finding of its study."""
    citation: Citation
    facts: tuple[Fact, ...]
    url: str | None
    """The record's own page; None for a saved page that does not say which record it shows."""
    name: Phrase | None = None
    """What people call the record: "Erowid reference 6004"."""
    short_name: str = ""
    """A shorter name: "Erowid 6004"."""
    read_at: datetime | None = None
    """When the page was fetched, UTC; None for a page from a file."""
    stale: bool = False
    """Whether the record is older than it should be, since the site could not be asked."""
    aim: Finding | None = None
    """The study's aim, if the abstract states an aim but no finding."""
    foreign: bool = False
    """Whether the abstract is in a language other than English."""
    also: tuple[OtherName, ...] = ()
    """The study's other references, some of which its enrichment may have, too."""

    @property
    def record(self) -> Record:
        """The record that the card shows."""
        return self.study.record
