"""A card: what one reply shows of one record, before anything is drawn.

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
"""Characters of all findings of a card: nearly every three sentences."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A quotation: sentences of one paragraph of the abstract, word for word."""

    text: str
    label: str | None = None
    """The section it stands under, in capitals ("CONCLUSIONS"), or None."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the title or abstract states of the study, for the line under the title."""

    kind: str
    """"study", "species", "subjects" or "dose"."""
    text: str
    """As the card says it ("n = 12")."""
    evidence: str
    """The sentence that states it, verbatim."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A formatted citation."""

    style: str
    """The CSL style's name ("apa")."""
    text: str
    """Plain text."""
    markup: str = ""
    """The same with `<i>`, `<b>`, `<sup>`, `<sub>` around parts, all else HTML-escaped; empty where there is none."""
    label: str = ""
    """The style's title ("APA", "The Lancet"); empty for a citation in no style."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another reference of a card's study, and what people call it."""

    reference: Reference
    name: Phrase
    short_name: str


@dataclass(frozen=True, slots=True)
class Card:
    """One study as a reader is to see it."""

    study: Study
    findings: tuple[Finding, ...]
    """The most important first; empty where the abstract states no finding of its study."""
    citation: Citation
    facts: tuple[Fact, ...]
    url: str | None
    """The record's own page; None for a saved page that does not say which record it shows."""
    name: Phrase | None = None
    """What people call the record: "Erowid reference 6004"."""
    short_name: str = ""
    """The same in two words: "Erowid 6004"."""
    read_at: datetime | None = None
    """When the page was read, UTC; None for a page that was given."""
    stale: bool = False
    """The record is older than it should be, since the site could not be asked."""
    aim: Finding | None = None
    """The study's aim, where the abstract states it and no finding."""
    foreign: bool = False
    """The abstract is not in English."""
    also: tuple[OtherName, ...] = ()
    """Under which other references the study is known; some of them may be in its enrichment too."""

    @property
    def record(self) -> Record:
        """The record that the card shows."""
        return self.study.record
