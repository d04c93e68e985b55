"""Finds the parts of a record among a page's lines, by the words that every such page has.

    Plants - Drugs                                 navigation, perhaps a banner
    Erowid References Database                     may be absent
    Doe JA, Roe RB.                                may be absent
    “Title”.                                       every record has one
    J Sleep. 1998 Dec;51(6):1532-7.                may be absent
    Abstract                                       in the newer template
    Mice slept.                                    may be absent, as notes may
    Comments and Responses to this Article         `#` after it in the newer template
    Mine slept.                                    readers' comments
    Submit Comment  [ Cite HTML ]
    noref                                          footer

Authors, title and source may share a line; they are cut at the title's quotes. A quotation in a banner can look like a
title; then the quotation with a source after it and authors before it is the title.
"""

import re
from dataclasses import dataclass, field, replace

from bot.core.errors import NotARecord, PageChanged
from bot.core.record import Name
from bot.sources.erowid.abstract import is_editorial
from bot.sources.erowid.authors import read_authors
from bot.sources.erowid.end_matter import COMMENTS, FOOT, RELATED, SITE, comments_in, ends_record, find_foot, mended
from bot.sources.erowid.html_lines import Line, PageLines
from bot.sources.erowid.source import cut_source
from bot.sources.erowid.title import QuotedTitle, cut_at_title

_HEADING = re.compile(r"\W*(?:the )?erowid references? database\b\W*", re.IGNORECASE)
_HEADING_INSIDE = re.compile(r"\bErowid References? Database\b\W*?(?=[\w\u201c])")
_SEAMS = re.compile(
    r"""
    \s*(?=
        Comments\ (?:and|&)\ Responses(?:$|\ to\ this\ Article)  # the heading of the comments
        | Submit\ Comment\b                                      # the button below them
        | \[\ ?Cite\ HTML\ ?\]                                   # the link to the citation
    )
    """,
    re.VERBOSE,
)
_APPEAL = re.compile(
    r"""
    erowid | donat | support | contribut | member  # who asks, and for what
    | please | click
    | \b(?:give|help|today|goal|read|view|browse|get)\b
    | https?: | www\. | [!?$%]
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that occur in banners and menus, never in an authors line."""
_INITIALS = re.compile(r"\b[^\W\d_a-z]{1,4}\b\W*(?:,|;|$|\band\b|&|\bJr)")
ABSTRACT = re.compile(r"abstract\s*:?", re.IGNORECASE)
"""The heading of the newer template, on a line of its own."""

_UNDATED = re.compile(
    r"""
    (?:
        in\ press | unpublished | submitted
        | personal\ communication | manuscript | paper\ presented
        | (?:ph\.?\ ?d\.?|master'?s|doctoral)\ (?:thesis|dissertation)  # `PhD thesis`
        | [^.]{2,60}\.\ in\ press                                       # `J Sleep. In press`
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The opening words of a source line without a date."""
_LONG = 120
_MOST_WRAPS = 8
_MOST_CANDIDATES = 200
_PROSE = re.compile(r"\b[a-z]{2,}\b")
_PROSE_WORDS = 8


@dataclass(slots=True)
class Parts:
    """The parts of a record's page, as printed."""

    quoted_title: str
    authors_line: str | None = None
    authors: tuple[Name, ...] = ()
    source_line: str | None = None
    before_heading: list[Line] = field(default_factory=list)
    """The lines between the source line and the `Abstract` heading."""
    body: list[Line] = field(default_factory=list)
    """The lines of the abstract and the notes."""
    comments: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Authors:
    """An authors line with the names read from it."""

    line: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A quotation that may be the title, and the lines that it spans."""

    cut: QuotedTitle
    last: int
    authors: _Authors | None
    has_source: bool

    def weight(self) -> int:
        return 4 * self.has_source + 2 * bool(self.authors)


def find_parts(page: PageLines) -> Parts:
    """Find a record's parts; raises PageChanged, or NotARecord for another page of the site."""
    lines = _seamed([line for line in page.lines if not line.banner])
    title = _find_title(lines)
    if title is None and len(lines) < len(page.lines):  # the marks of the banner enclose the record itself
        lines = _seamed(page.lines)
        title = _find_title(lines)
    if title is None:
        raise _no_title(page, lines)
    foot = find_foot(lines, title.last + 1)
    if foot is None:
        raise PageChanged("the end of the record is missing")
    parts = Parts(title.cut.quoted)
    if title.authors:
        parts.authors_line, parts.authors = title.authors.line, title.authors.names
    body = lines[title.last + 1 : foot]
    _take_source(parts, title.cut, body)
    _take_body(parts, body)
    parts.body += [Line(title.cut.kind)] if title.cut.kind else []
    parts.comments = comments_in(lines[foot:], whole=page.closed)
    return parts


def _seamed(lines: list[Line]) -> list[Line]:
    """Split lines where a landmark follows other text on the same line."""
    seamed = []
    for line in mended(lines):
        if "\u201c" in line.text and (heading := _HEADING_INSIDE.search(line.text)):
            seamed.append(Line(heading[0].strip()))
            line = Line(line.text[heading.end() :])  # noqa: PLW2901
        if "omment" not in line.text and "Cite" not in line.text:
            seamed.append(line)
            continue
        pieces = [piece for piece in _SEAMS.split(line.text) if piece]
        seamed += [Line(piece, line.firm or number > 0) for number, piece in enumerate(pieces)]
    return seamed


def _is_heading(line: Line) -> bool:
    return bool(_HEADING.fullmatch(line.text))


def _find_title(lines: list[Line]) -> _Candidate | None:
    """Find the record's title; on a page without the site's heading, it needs a source line or authors beside it."""
    start = next((i + 1 for i, line in enumerate(lines) if _is_heading(line)), 0)
    stop = next((i for i in range(start, len(lines)) if ends_record(lines[i].text, surely=not start)), len(lines))
    best: _Candidate | None = None
    tried = 0
    for at in range(start, stop):
        text = lines[at].text
        if "\u201c" not in text and text[0] not in '"\u201e\u00ab\u201f' and '. "' not in text:
            continue
        tried += 1
        if tried > _MOST_CANDIDATES:
            break
        found = _candidate(lines, at, start, stop)
        if found and (best is None or found.weight() > best.weight()):
            best = found
        if best and best.has_source and at == start > 0 and not best.cut.before:
            break  # a title right below the heading is certain; a later quotation is not one
    return best if best and (start or best.weight()) else None


def _candidate(lines: list[Line], at: int, start: int, stop: int) -> _Candidate | None:
    text, last = lines[at].text, at
    cut = cut_at_title(text)
    while cut is None and last + 1 < min(stop, at + _MOST_WRAPS) and not lines[last + 1].firm:
        last += 1
        text += " " + lines[last].text
        cut = cut_at_title(text)
    if cut is None:
        return None
    following = cut.after or (lines[last + 1].text if last + 1 < stop else "")
    has_source = not is_editorial(following) and cut_source(following) is not None
    authors = _as_authors(cut.before) if cut.before else _authors_above(lines, at, start)
    if cut.before and not authors and not (cut.after and has_source):
        return None
    return _Candidate(cut, last, authors, has_source)


def _authors_above(lines: list[Line], at: int, start: int) -> _Authors | None:
    """Return the authors line above a title, joined if it was wrapped."""
    if at <= start:
        return None
    at -= 1
    authors = _as_authors(lines[at].text)
    for _ in range(_MOST_WRAPS):
        if authors is None or at == start or lines[at].firm or "," not in lines[at - 1].text:
            break
        longer = _as_authors(f"{lines[at - 1].text} {authors.line}")
        if longer is None or any(name.literal for name in longer.names):
            break
        authors = longer
        at -= 1
    return authors


def _as_authors(text: str) -> _Authors | None:
    """Read a text as an authors line, which has initials or ends with a stop; None for any other text."""
    if not _INITIALS.search(text) and (_APPEAL.search(text) or not text.endswith(".")):
        return None
    names = read_authors(text)
    return None if names is None else _Authors(text, names)


def _take_source(parts: Parts, cut: QuotedTitle, body: list[Line]) -> None:
    """Move the source line from the body to `parts`; text behind it on the same line stays in the body."""
    if cut.after:
        body.insert(0, Line(cut.after))
    if not body or _opens_body(body[0]):
        return
    found = cut_source(body[0].text)
    if found is None and len(body) > 1 and not body[1].firm and not _opens_body(body[1]) and len(body[0].text) <= _LONG:
        found = cut_source(f"{body[0].text} {body[1].text}")
        del body[: found is not None]
    if found is not None:
        parts.source_line, rest = found
        body[:1] = [Line(rest)] if rest else []
    elif _may_be_source(body):
        parts.source_line = body.pop(0).text


def _opens_body(line: Line) -> bool:
    return bool(ABSTRACT.fullmatch(line.text)) or is_editorial(line.text)


def _may_be_source(body: list[Line]) -> bool:
    """Whether the first line is a source line without a date: short, before the abstract's heading or with typical words."""
    text = body[0].text
    headed = len(body) > 1 and ABSTRACT.fullmatch(body[1].text)
    short = len(text) <= _LONG and len(_PROSE.findall(text)) < _PROSE_WORDS
    return bool(short and text[0].isalpha() and ":" not in text and (headed or _UNDATED.match(text)))


def _take_body(parts: Parts, body: list[Line]) -> None:
    body = [replace(line, text=FOOT.sub("", line.text)) if FOOT.match(line.text) else line for line in body]
    kept = [line for line in body if not SITE.fullmatch(line.text) and not RELATED.match(line.text)]
    at = next((i for i, line in enumerate(kept) if ABSTRACT.fullmatch(line.text)), None)
    if at is None:
        parts.body = kept
    else:
        parts.before_heading, parts.body = kept[:at], kept[at + 1 :]


def _no_title(page: PageLines, lines: list[Line]) -> NotARecord | PageChanged:
    if not lines:
        return PageChanged("no text")
    ended = any(COMMENTS.match(line.text) for line in lines)
    of_the_site = "erowid" in page.title.casefold() or any(line.text.casefold().startswith("erowid") for line in lines[:40])
    if of_the_site and not ended:
        return NotARecord(f"no quoted title, no comments heading (page title: {page.title[:80]!r})")
    return PageChanged("no quoted title")
