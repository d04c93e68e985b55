"""Enrichments: what bibliographic services know of a record's work, stored beside the record, never written into it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.record import DateParts, Name
from bot.core.reference import Reference

MATCH_LIFETIME = timedelta(days=180)
NO_MATCH_LIFETIME = timedelta(days=30)
"""How long "no match" and "ambiguous" are kept before the record is matched again."""
RETRACTION_LIFETIME = timedelta(days=14)
"""How long a matched work's notices are used before the services are asked for them again."""

STATED = 0
"""Stands for a matcher's version if the record's own source states which work it is."""


class NoticeKind(StrEnum):
    """What a notice says of the work that it is about."""

    RETRACTION = "retraction"
    CONCERN = "expression-of-concern"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about a work, as one service reports it."""

    kind: NoticeKind
    source: str
    """The service that reports the notice: "Europe PMC", "Crossref" or "Retraction Watch"."""
    date: DateParts = ()
    """The notice's date; empty if the service gives none."""
    doi: str | None = None
    """The notice's own DOI."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that a service found and that may be the record's; all texts are plain, without markup or entities."""

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
    """Whether the service links the work to another one that it corrects, retracts or comments on."""
    notices: tuple[Notice, ...] = ()
    """Notices about this work."""
    free_text_url: str | None = None


class MatchOutcome(StrEnum):
    """The result of matching a record with candidates."""

    MATCH = "match"
    NONE = "none"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """The result of asking services about a record's work. Only a match has identifiers."""

    outcome: MatchOutcome
    reason: str
    """The reason for the outcome, in a few words."""
    matcher: int
    """Version of the matcher that decided."""
    asked_at: datetime
    """When the record was matched, UTC."""
    notices_asked_at: datetime
    """When the services were last asked for notices, UTC."""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    journal: str | None = None
    """The journal's full name, if the record has another form of it."""
    journal_short: str | None = None
    """The journal's abbreviated name, if the record has the full one."""
    issn: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    free_text_url: str | None = None
    agree: tuple[str, ...] = ()
    """Fields of the record that the work confirms: of title, authors, year, volume, page, journal."""
    differ: tuple[str, ...] = ()
    """Fields that the record and the work state differently."""
    failed: tuple[str, ...] = ()
    """Services that did not answer. An enrichment with such services is shown if it is a match, but not stored."""

    @property
    def stated(self) -> bool:
        """Whether the record's own source gave the enrichment with the record; else the work was found by matching."""
        return self.matcher == STATED

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references of the work at other sources: DOI, PubMed, PubMed Central."""
        known = (("doi", (self.doi or "").lower()), ("pubmed", self.pmid), ("pmc", self.pmcid))
        return tuple(reference for kind, key in known if key and (reference := Reference.made(kind, key)) is not None)

    @property
    def retraction(self) -> Notice | None:
        """The best retraction notice: one with a DOI if there is one, else one with a date, else any; None without one."""
        found = [notice for notice in self.notices if notice.kind is NoticeKind.RETRACTION]
        return max(found, key=lambda notice: (notice.doi is not None, len(notice.date)), default=None)

    @property
    def retracted(self) -> bool:
        """Whether a service says that the work was retracted."""
        return self.retraction is not None

    @property
    def facts(self) -> tuple[object, ...]:
        """All that the enrichment says of the work, for comparison; not when and how it was found out."""
        ids = (self.doi, self.pmid, self.pmcid)
        journal = (self.journal, self.journal_short, self.issn)
        return (*ids, *journal, self.notices, self.free_text_url, self.agree, self.differ)

    def retraction_only(self) -> "Enrichment | None":
        """Give a copy with the retraction notices alone, which are shown even where services are off; None without any."""
        if not self.retracted:
            return None
        notices = tuple(notice for notice in self.notices if notice.kind is NoticeKind.RETRACTION)
        nothing = replace(self, doi=None, pmid=None, pmcid=None, journal=None, journal_short=None, issn=())
        return replace(nothing, notices=notices, free_text_url=None, agree=(), differ=())

    def with_notices_of(self, earlier: "Enrichment | None") -> "Enrichment":
        """Give a copy with the notices of an earlier enrichment added, which other services or a recheck reported."""
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
