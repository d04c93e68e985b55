"""The small lines of a card: authors, journal and date, identifiers, notices, and where the card is from."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.core.card import Card
from bot.core.clip import clip
from bot.core.enrichment import Enrichment, Notice, NoticeKind
from bot.core.phrase import Say, english
from bot.core.record import DateParts, Name, Record
from bot.core.study import Study

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_AUTHORS = 4
_MOST_DOI = 100
"""Characters of a DOI in a line of text; real ones are shorter."""
_SHORT = 2
"""The most names of a study in the foot of a compact card, which is one line on a phone."""
_MOST_SHORT = 36
_MOST_OTHER = 24
"""Characters of its own name and of another there; a DOI mostly has more."""
_MOST_ALSO = 160
"""Characters of the names of a study's other references."""
_MORE_THAN_RETRACTED = re.compile(r"\b(?!(?:article|in|paper|publication|retracted|retraction)\b)\w", re.IGNORECASE)


def byline(record: Record, say: Say = english) -> str:
    """Authors, journal, date and pages, as far as known: `Doe JA, et al. · Brain Res · 26 Apr 1988 · 447(1):141-4`.

    If none of the last three could be read, the source line stands in their place, verbatim.
    """
    where = [record.container_title, issued(record.issued, say), place(record)]
    if not any(where):
        where = [record.source]
    return " · ".join(part for part in (authors(record.authors, more=record.more_authors), *where) if part)


def authors(names: Sequence[Name], *, more: bool = False) -> str:
    """Name the authors as the National Library of Medicine does; more than four are cut to three and "et al.".

    With `more`, there are further authors whom the page does not name.
    """
    shown = names if len(names) <= MOST_AUTHORS else names[: MOST_AUTHORS - 1]
    said = [author(name) for name in shown]
    return ", ".join([*said, "et al."] if said and (more or len(shown) < len(names)) else said)


def short_authors(names: Sequence[Name], *, more: bool = False) -> str:
    """Name the authors for a list: `Doe`, `Doe & Roe`, `Doe et al.`; empty if none is known."""
    known = [name.family or name.literal or "" for name in names]
    return f"{known[0]} et al." if known and (more or len(known) > len(("Doe", "Roe"))) else " & ".join(known)


def author(name: Name) -> str:
    """`Pope HG Jr.`, or a body's name."""
    if name.literal:
        return name.literal
    initials = (name.given or "").replace(".", "").replace(" ", "") if _is_initials(name.given or "") else name.given
    return " ".join(part for part in (name.family, initials, name.suffix) if part)


def _is_initials(given: str) -> bool:
    return all(len(part.strip(".")) == 1 for part in given.replace("-", " ").split())


def issued(dates: Sequence[DateParts], say: Say = english) -> str:
    """A date as people write it: `1998`, `Dec 1998`, `26 Apr 1988`, `Jul-Sep 1978`, `Dec 1998 - Jan 1999`."""
    if len({parts[0] for parts in dates}) == 1 < len(dates) and all(len(parts) == len(("year", "month")) for parts in dates):
        first, last = (_month(parts, say) for parts in dates[:2])
        if first and last:
            return say("{first}-{last} {year}", first=first, last=last, year=dates[0][0])
    return " - ".join(_date(parts, say) for parts in dates)


def _date(parts: DateParts, say: Say) -> str:
    month = _month(parts, say)
    if not month:
        return str(parts[0])
    if len(parts) == len(("year", "month", "day")):
        return say("{day} {month} {year}", day=parts[2], month=month, year=parts[0])
    return say("{month} {year}", month=month, year=parts[0])


def _month(parts: DateParts, say: Say) -> str:
    return say(MONTHS[parts[1] - 1]) if len(parts) > 1 and 1 <= parts[1] <= len(MONTHS) else ""


def place(record: Record) -> str:
    """Volume, issue and pages as Index Medicus prints them: `447(1):141-4`."""
    volume = (record.volume or "") + (f"({record.issue})" if record.issue else "")
    return ":".join(part for part in (volume, record.page) if part)


def day(moment: datetime, say: Say = english) -> str:
    """`23 Nov 2026`; the same in every locale of the machine."""
    return say("{day} {month} {year}", day=moment.day, month=say(MONTHS[moment.month - 1]), year=moment.year)


def enumerated(words: Sequence[str], say: Say) -> str:
    """Set words into a sentence: `PubMed`, `PubMed and DOI`, `Erowid, PubMed and DOI`."""
    *most, last = words or [""]
    return say("{words} and {last}", words=", ".join(most), last=last) if most else last


def short_byline(record: Record) -> str:
    """Authors, year and journal in short, as far as known: `Doe et al. · 1988 · Brain Res`."""
    year = str(record.issued[0][0]) if record.issued else ""
    where = record.container_title or ("" if year else record.source or "")
    return " · ".join(part for part in (short_authors(record.authors, more=record.more_authors), year, where) if part)


def retraction_parts(study: Study, say: Say = english) -> tuple[str, str]:
    """Give a retraction's date, if known, and who reports it: `6 Feb 1990`, `according to Crossref`; else empty texts."""
    notice = study.retraction_notice
    if study.enrichment is None or notice is None:
        return "", ""
    sources = [one.source for one in study.enrichment.notices if one.kind is NoticeKind.RETRACTION]
    told = say("according to {sources}", sources=", ".join(dict.fromkeys(sources)))
    return issued((notice.date,), say) if notice.date else "", told


def retraction_note(record: Record) -> str:
    """Give the record's own note of a retraction; empty if it only says "retracted", as `Retracted Publication` does."""
    note = record.retraction or ""
    return note if _MORE_THAN_RETRACTED.search(note) else ""


def other_notices(study: Study) -> tuple[Notice, ...]:
    """Give the work's expressions of concern, then its corrections, of each the latest first."""
    found = study.enrichment.notices if study.enrichment is not None else ()
    ordered = sorted(found, key=lambda notice: notice.date, reverse=True)
    return tuple(one for kind in (NoticeKind.CONCERN, NoticeKind.CORRECTION) for one in ordered if one.kind is kind)


def notice_name(notice: Notice, say: Say = english) -> str:
    """Name what a notice is."""
    match notice.kind:
        case NoticeKind.RETRACTION:
            return say("Retracted")
        case NoticeKind.CONCERN:
            return say("Expression of concern")
        case NoticeKind.CORRECTION:
            return say("Correction")


def identity(found: Enrichment, say: Say = english) -> str:
    """Name the work by its identifier and by what confirms it: `PubMed 2837 (title, year, volume agree)`."""
    name = pubmed(found, say) or (f"DOI {clip(found.doi, _MOST_DOI)}" if found.doi else "")
    if not name or not found.agree:
        return name
    fields, others = (", ".join(map(say, names)) for names in (found.agree, found.differ))
    if others:
        return f"{name} ({say('{fields} agree, not {others}', fields=fields, others=others)})"
    return f"{name} ({say('{fields} agree', fields=fields)})"


def _stated(found: Enrichment, say: Say) -> list[str]:
    """Name the work by all that its own source says; what was found by matching is named with what confirms it."""
    if not found.stated:
        return []
    doi = say("DOI {doi}", doi=clip(found.doi, _MOST_DOI)) if found.doi else ""
    return [found.pmcid or "", doi]


def pubmed(found: Enrichment, say: Say = english) -> str:
    """Name the work by its PubMed ID, if it has one."""
    return say("PubMed {id}", id=found.pmid) if found.pmid else ""


def origin(card: Card, say: Say = english, *, short: bool = False) -> str:
    """Where the card is from: what was quoted, from which record, of which work, read when; `short`: numbers alone.

    Nothing is named twice.
    """
    found, parts = card.study.enrichment, []
    known = found.references if found is not None else ()
    also = [one for one in card.also if one.reference not in known]
    if short:
        work = pubmed(found, say) if found is not None else ""
        is_enough = found is not None and found.stated and work
        parts += [work] if is_enough else [clip(card.short_name, _MOST_SHORT), work]
        parts = _each_once([*parts, *(one.short_name for one in also if len(one.short_name) <= _MOST_OTHER)])[:_SHORT]
    else:
        if card.findings or card.aim is not None:
            excerpt = card.record.excerpt
            parts.append(say("Quoted from an excerpt of the abstract") if excerpt else say("Quoted from the abstract"))
        parts += [card.name.said(say)] if card.name is not None else []
        parts += [identity(found, say), *_stated(found, say)] if found is not None else []
        parts = _each_once([*parts, clip(" · ".join(one.name.said(say) for one in also), _MOST_ALSO)])
    if card.read_at is not None and (card.stale or not short):
        read = day(card.read_at, say)
        parts.append(say("read {day}, not checked since", day=read) if card.stale else say("read {day}", day=read))
    return " · ".join(dict.fromkeys(filter(None, parts)))  # a work's name may be its identifier


def _each_once(parts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, parts)))


def no_finding(card: Card, say: Say = english) -> str:
    """Why a card quotes no finding."""
    if not card.record.abstract:
        return say("The record has no abstract.")
    if card.foreign:
        return say("The abstract is in another language.")
    if card.record.excerpt:
        return say("This excerpt states no result of this study.")
    return say("This abstract states no result of this study.")
