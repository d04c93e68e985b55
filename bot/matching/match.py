"""Decides which of several candidates is a record's work: a match, no match, or ambiguous, with the reason.

Neither the title nor volume and page are enough alone. The conditions, by first page and title:

| first page | title                 | author, year, volume, journal                                       |
|------------|-----------------------|---------------------------------------------------------------------|
| agrees     | same                  | two agree, none differs; or one slip                                |
| agrees     | alike, a word differs | the same, and the volume agrees                                     |
| agrees     | cut                   | two agree, none differs                                             |
| agrees     | near                  | the volume and two others agree, none differs                       |
| unknown    | same                  | author, year, and volume or journal agree, none differs; no chapter |
| misread    | same                  | all agree                                                           |
| differs    | any                   | never                                                               |

A slip: three agree, and the year or the journal differs, or the volume does while the year is exactly the same. A different
author is never a slip, since letters under one title share a page. A candidate with another number or part label in its
title, or of another kind (`kinds`), is rejected in every row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.enrichment import Candidate, MatchOutcome
from bot.core.record import Record
from bot.matching.fields import (
    author_agrees,
    journal_agrees,
    page_agrees,
    page_misread,
    volume_agrees,
    year_gap,
)
from bot.matching.kinds import differs_in_kind
from bot.matching.text import words
from bot.matching.titles import Likeness, compare_titles

MATCHER_VERSION = 1
"""Increased with each change to the matcher that can change a verdict."""

FIELDS = ("title", "authors", "year", "volume", "page", "journal")
_FEWEST_TITLE_WORDS = 3
"""The fewest words of a title that identifies a work without its page; "Editorial" does not."""
_FEWEST_AGREEING = 2
_ALL_BUT_ONE = 3
"""Three of author, year, volume and journal."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of matching a record."""

    outcome: MatchOutcome
    reason: str
    works: tuple[Candidate, ...] = ()
    """The candidates that describe the matched work, from one or more services."""
    agree: tuple[str, ...] = ()
    """The names of the FIELDS that agree."""
    differ: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether all of author, year, volume and page confirm the work, and nothing speaks against it."""
        return not self.differ and {"authors", "year", "volume", "page"} <= set(self.agree)

    @property
    def doi(self) -> str | None:
        """The work's DOI, from any of `works`; None if none has it."""
        return next((work.doi for work in self.works if work.doi), None)

    @property
    def pmid(self) -> str | None:
        """The work's PubMed ID, from any of `works`; None if none has it."""
        return next((work.pmid for work in self.works if work.pmid), None)

    @property
    def pmcid(self) -> str | None:
        """The work's PubMed Central ID, from any of `works`; None if none has it."""
        return next((work.pmcid for work in self.works if work.pmcid), None)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How a candidate compares with the record, field by field."""

    candidate: Candidate
    title: Likeness
    author: bool | None
    year_gap: int | None
    volume: bool | None
    page: bool | None
    journal: bool | None
    misread: bool
    """Whether the page differs by one slip."""

    @property
    def year(self) -> bool | None:
        """Whether the years agree; a difference of one counts as agreement, since print and online dates differ so much."""
        return None if self.year_gap is None else self.year_gap <= 1

    @property
    def others(self) -> tuple[bool | None, ...]:
        """All fields but title and page."""
        return self.author, self.year, self.volume, self.journal

    def named(self, value: bool) -> tuple[str, ...]:  # noqa: FBT001 - the value to look for
        """Name the fields that agree (True) or differ (False)."""
        title = self.title in {Likeness.SAME, Likeness.ALIKE, Likeness.CUT}
        fields = (title, self.author, self.year, self.volume, self.page, self.journal)
        return tuple(name for name, agrees in zip(FIELDS, fields, strict=True) if agrees is value)


def match_record(record: Record, candidates: Iterable[Candidate]) -> Verdict:
    """Decide which of the candidates is the record's work."""
    offered = list(candidates)
    if not words(record.plain_title):
        return Verdict(MatchOutcome.NONE, "the record has no title")
    compared = [_compare(record, one) for one in offered if not differs_in_kind(record, one)]
    accepted = [one for one in compared if _accepts(record, one)]
    if not accepted:
        return Verdict(MatchOutcome.NONE, _why_none(compared, offered))
    works = _works(accepted)
    if len(works) > 1:
        return Verdict(MatchOutcome.AMBIGUOUS, f"{len(works)} works fit equally well")
    best = max(works[0], key=lambda one: (len(one.named(value=True)), -len(one.named(value=False))))
    agree, differ = best.named(value=True), best.named(value=False)
    reason = f"{', '.join(agree)} agree" + (f"; {_differing(differ)}" if differ else "")
    return Verdict(MatchOutcome.MATCH, reason, tuple(one.candidate for one in works[0]), agree, differ)


def contradicts(record: Record, work: Candidate) -> bool:
    """Whether a work found by an identifier is not the record's: neither the title nor volume and page agree."""
    one = _compare(record, work)
    alike = one.title not in {Likeness.OTHER, Likeness.NUMBERED}
    return not alike and not (one.volume and one.page)


def _compare(record: Record, candidate: Candidate) -> _Comparison:
    return _Comparison(
        candidate,
        compare_titles(record.plain_title, candidate),
        author_agrees(record, candidate),
        year_gap(record, candidate),
        volume_agrees(record, candidate),
        page_agrees(record, candidate),
        journal_agrees(record, candidate),
        page_misread(record, candidate),
    )


def _accepts(record: Record, one: _Comparison) -> bool:
    """Apply the table at the top of this file."""
    agreeing = one.others.count(True)
    clear = False not in one.others
    if one.page is True:
        fits = clear and agreeing >= _FEWEST_AGREEING
        return {
            Likeness.SAME: fits or _is_slip(one),
            Likeness.ALIKE: (fits or _is_slip(one)) and one.volume is True,
            Likeness.CUT: fits,
            Likeness.NEAR: clear and agreeing >= _ALL_BUT_ONE and one.volume is True,
        }.get(one.title, False)
    if one.title is not Likeness.SAME or len(words(record.plain_title)) < _FEWEST_TITLE_WORDS:
        return False
    if one.page is None and record.type != "chapter":
        return bool(one.author and one.year) and clear and bool(one.volume or one.journal)
    return one.misread and all(one.others)


def _is_slip(one: _Comparison) -> bool:
    """Whether one of year, volume and journal differs by a slip, and all else agrees."""
    if one.others.count(True) != _ALL_BUT_ONE or one.author is not True:
        return False
    return one.volume is not False or one.year_gap == 0


def _works(accepted: list[_Comparison]) -> list[list[_Comparison]]:
    """Group the candidates that describe the same work."""
    works: list[list[_Comparison]] = []
    for one in accepted:
        for work in works:
            if any(_same_work(one.candidate, other.candidate) for other in work):
                work.append(one)
                break
        else:
            works.append([one])
    return works


def _same_work(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are one work: by DOI, or, if one of them has no DOI, by volume and page."""
    if one.doi and other.doi:
        return one.doi == other.doi
    if one.source == other.source:
        return one.pmid is not None and one.pmid == other.pmid
    both = Record(None, one.title, volume=one.volume, page=one.page)
    return volume_agrees(both, other) is True and page_agrees(both, other) is True


def _why_none(compared: list[_Comparison], offered: list[Candidate]) -> str:
    """Say why no candidate was accepted, by the closest one."""
    alike = [one for one in compared if one.title not in {Likeness.OTHER, Likeness.NEAR}]
    if not offered:
        return "nothing found"
    if not compared:
        return "only notices, reviews or preprints found"
    if not alike:
        return "no title is alike"
    best = max(alike, key=lambda one: (len(one.named(value=True)), -len(one.named(value=False))))
    if best.title is Likeness.NUMBERED:
        return "another part or number"
    differ = [name for name in best.named(value=False) if name != "title"]
    return _differing(differ) if differ else "too little to compare"


def _differing(names: Sequence[str]) -> str:
    """Say which fields differ: `volume differs`, `authors differ`, `volume, page differ`."""
    return f"{', '.join(names)} {'differs' if len(names) == 1 and not names[0].endswith('s') else 'differ'}"
