"""Turns a page's bytes into a record, or raises the reason why it has none."""

import re

from bot.core.errors import NotARecord, PageChanged, RecordNotFound, Refused
from bot.core.record import Record
from bot.core.reference import Reference
from bot.sources.erowid.abstract import Body, read_body
from bot.sources.erowid.address import reference_of
from bot.sources.erowid.authors import lists_more
from bot.sources.erowid.encoding import decode
from bot.sources.erowid.html_lines import MAX_BYTES, Line, PageLines, read_lines
from bot.sources.erowid.landmarks import Parts, find_parts
from bot.sources.erowid.repairs import read_artefacts
from bot.sources.erowid.retraction import retraction_in
from bot.sources.erowid.source import SourceLine, read_source
from bot.sources.erowid.title import read_title
from bot.sources.refusal import is_refusal
from bot.sources.title_language import language_of

PARSER_VERSION = 5
"""Increased by every change that reads a page differently, so that stored pages are read again."""

_WHAT = re.compile(
    r"""
    \b(?:
        records? | references? | articles? | citations? | documents? | entry | entries  # a study
        | page | id | results?                                                          # where it was looked for
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MISSING = re.compile(
    r"""
    \b(?:
        not\ found | no\ such
        | (?:could|can)\ ?not\ (?:be\ found|find)              # `could not be found`, `cannot find`
        | does\ ?n[o']t\ exist | does\ not\ exist
        | no\ (?:\w+\ ){0,2}(?:records?|references?|results?)  # `There is no reference with ID 9`
        | (?:invalid|unknown)\ (?:record|reference|id)
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY_TITLE = re.compile("\u201c\\s*\u201d\\W*")
_SHORT_PAGE = 60
"""The most lines of a page that says that there is no such record."""
_SHORT_LINE = 300


def read_record(body: bytes, reference: Reference | None = None, charset: str | None = None) -> Record:
    """Read the record that a page shows.

    `reference` is the record that was asked for; without it the record gets the one that the page names for certain, if any.
    `charset` is what the Content-Type header named. Raises PageChanged, NotARecord, RecordNotFound or Refused,
    whatever the bytes.
    """
    if is_refusal(body):
        raise Refused("the site answered with a page for those whom it blocks, or with a check for bots")
    if len(body) > MAX_BYTES:
        raise PageChanged("larger than any record's page")
    page = read_lines(decode(body, charset))
    try:
        parts = find_parts(page)
    except (NotARecord, PageChanged):
        if not _says_not_found(page):
            raise
        if reference is None:
            raise NotARecord("it says that there is no such record") from None
        raise RecordNotFound(reference) from None
    return _record(parts, reference or reference_of(page))


def _record(parts: Parts, reference: Reference | None) -> Record:
    quoted, repairs = read_artefacts(parts.quoted_title)
    title = read_title(quoted)
    if not title:
        raise PageChanged("the title is empty")
    source = read_source(parts.source_line) if parts.source_line else SourceLine()
    abstract = read_body(parts.body, parts.before_heading)
    retraction = abstract.retraction or retraction_in(parts.source_line) or retraction_in(title)
    return Record(
        reference=reference,
        title=title,
        type=source.type,
        language=language_of(title),
        authors=parts.authors,
        more_authors=bool(parts.authors) and lists_more(parts.authors_line or ""),
        container_title=source.container_title,
        issued=source.issued,
        season=source.season,
        volume=source.volume,
        issue=source.issue,
        page=source.page,
        source=parts.source_line,
        authors_line=parts.authors_line,
        abstract=tuple(abstract.paragraphs),
        excerpt=abstract.excerpt,
        truncated=abstract.truncated,
        notes=_notes(abstract, retraction),
        keywords=tuple(abstract.keywords),
        retraction=retraction,
        comments=tuple(_comments(parts.comments)),
        repairs=read_artefacts(parts.authors_line or "")[1] + repairs + source.repairs + tuple(abstract.repairs),
    )


def _notes(abstract: Body, retraction: str | None) -> tuple[str, ...]:
    if retraction is None or retraction in abstract.notes:
        return tuple(abstract.notes)
    return (retraction, *abstract.notes)


def _comments(lines: list[Line]) -> list[str]:
    """Split the lines of readers' comments into comments; each begins with its status."""
    comments: list[list[str]] = []
    for line in lines:
        if not comments or line.text.casefold().startswith("status:"):
            comments.append([])
        comments[-1].append(line.text)
    return [" ".join(comment) for comment in comments]


def _says_not_found(page: PageLines) -> bool:
    """Whether a page only says that there is no such record, or shows an empty record."""
    if len(page.lines) > _SHORT_PAGE:
        return False
    texts = [page.title, *(line.text for line in page.lines if len(line.text) <= _SHORT_LINE)]
    return any((_WHAT.search(text) and _MISSING.search(text)) or _EMPTY_TITLE.fullmatch(text) for text in texts)
