"""What bibliographic services know of a record's work: kept beside the record, never written into it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.record import DateParts, Name
from bot.core.reference import Reference

MATCH_LIFETIME = timedelta(days=180)
NO_MATCH_LIFETIME = timedelta(days=30)
"""For "no match" and "ambiguous"."""
RETRACTION_LIFETIME = timedelta(days=14)
"""How long what is known of a matched work's retraction and corrections is used without asking again."""

STATED = 0
"""In place of a matcher's version: the record's own source states which work it is."""


class NoticeKind(StrEnum):
    """What a notice does to the work that it names."""

    RETRACTION = "retraction"
    CONCERN = "expression-of-concern"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about a work, as one service reports it."""

    kind: NoticeKind
    source: str
    """The service that says so: "Europe PMC", "Crossref" or "Retraction Watch"."""
    date: DateParts = ()
    """Empty if the service gives no date."""
    doi: str | None = None
    """The notice's own DOI."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that a service offers, in plain text: no markup, no entities."""

    source: str
    """The service: "Europe PMC" or "Crossref"."""
    title: str
    subtitle: str = ""
    original_title: str = ""
    authors: tuple[Name, ...] = ()
    journal: str | None = None
    """The journal's name in full, or the book's title."""
    journal_short: str | None = None
    issn: tuple[str, ...] = ()
    years: frozenset[int] = frozenset()
    """The years of all its publication dates: print and online ones often differ."""
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    """Pages, or an article number."""
    doi: str | None = None
    """In lower case."""
    pmid: str | None = None
    pmcid: str | None = None
    type: str | None = None
    """Crossref's word for its type (`journal-article`); None if unknown."""
    publication_types: frozenset[str] = frozenset()
    """Publication types of PubMed and Europe PMC, in lower case."""
    is_notice: bool = False
    """It corrects, retracts or comments on another work: the service links it to that work as its notice."""
    notices: tuple[Notice, ...] = ()
    """Notices about this work."""
    free_text_url: str | None = None


class MatchOutcome(StrEnum):
    """How a record's matching ended."""

    MATCH = "match"
    NONE = "none"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What was found out about a record's work. Only a match has identifiers."""

    outcome: MatchOutcome
    reason: str
    """Why, in a few words."""
    matcher: int
    """Version of the matcher that decided."""
    asked_at: datetime
    """When the record was matched, UTC."""
    notices_asked_at: datetime
    """When the services last said which notices there are, UTC."""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    journal: str | None = None
    """The journal's name in full, where the record has another form of it."""
    journal_short: str | None = None
    """The journal's abbreviated name, where the record has the full one."""
    issn: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    free_text_url: str | None = None
    agree: tuple[str, ...] = ()
    """Fields of the record that the work confirms: of title, authors, year, volume, page, journal."""
    differ: tuple[str, ...] = ()
    """Fields that both state, differently."""
    failed: tuple[str, ...] = ()
    """Services that did not answer. An enrichment with any is shown if it is a match, but not kept."""

    @property
    def stated(self) -> bool:
        """Whether the record's own source said all this in the same answer; else the work was found by matching."""
        return self.matcher == STATED

    @property
    def references(self) -> tuple[Reference, ...]:
        """The keys of the work at other sources."""
        known = (("doi", (self.doi or "").lower()), ("pubmed", self.pmid), ("pmc", self.pmcid))
        return tuple(reference for kind, key in known if key and (reference := Reference.made(kind, key)) is not None)

    @property
    def retraction(self) -> Notice | None:
        """The most telling retraction notice: best one with a DOI, else one with a date, else any."""
        found = [notice for notice in self.notices if notice.kind is NoticeKind.RETRACTION]
        return max(found, key=lambda notice: (notice.doi is not None, len(notice.date)), default=None)

    @property
    def retracted(self) -> bool:
        """Whether a service says that the work was retracted."""
        return self.retraction is not None

    @property
    def facts(self) -> tuple[object, ...]:
        """All that it says of the work, without the time and manner of finding out."""
        ids = (self.doi, self.pmid, self.pmcid)
        journal = (self.journal, self.journal_short, self.issn)
        return (*ids, *journal, self.notices, self.free_text_url, self.agree, self.differ)

    def retraction_only(self) -> "Enrichment | None":
        """Give what must be shown wherever it is known, a retraction, and nothing else; None if there is none."""
        if not self.retracted:
            return None
        notices = tuple(notice for notice in self.notices if notice.kind is NoticeKind.RETRACTION)
        nothing = replace(self, doi=None, pmid=None, pmcid=None, journal=None, journal_short=None, issn=())
        return replace(nothing, notices=notices, free_text_url=None, agree=(), differ=())

    def with_notices_of(self, earlier: "Enrichment | None") -> "Enrichment":
        """Give a copy that keeps earlier notices, too: those of other services, and those that a later recheck found."""
        if earlier is None or earlier.outcome is not MatchOutcome.MATCH:
            return self
        asked_at = max(self.notices_asked_at, earlier.notices_asked_at)
        return replace(self, notices=merged_notices((*self.notices, *earlier.notices)), notices_asked_at=asked_at)

    @property
    def fresh_until(self) -> datetime:
        """When the record is to be matched again."""
        return self.asked_at + (MATCH_LIFETIME if self.outcome is MatchOutcome.MATCH else NO_MATCH_LIFETIME)

    @property
    def notices_fresh_until(self) -> datetime:
        """When the services are to be asked again for notices about a matched work."""
        return self.notices_asked_at + RETRACTION_LIFETIME


def merged_notices(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Give each notice once, those with a DOI first."""
    ordered = sorted(notices, key=lambda notice: notice.doi is None)
    return tuple({(notice.kind, notice.doi or notice.source): notice for notice in ordered}.values())
