"""Works as Crossref's JSON describes them (api.crossref.org/works/DOI).

The date is that of the journal's issue (`published-print`), as with PubMed; without one it is the first date that Crossref
knows (`issued`), mostly of the electronic publication.
"""

import re
from collections.abc import Iterator
from datetime import date

from bot.core.errors import NotARecord, PageChanged
from bot.core.json_values import Json, child, children, date_parts, doi, first, text, texts
from bot.core.record import DateParts, Name, Record
from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.abstracts import read_abstract
from bot.sources.answers import failure, read_json
from bot.sources.doi.notices import read_notices, retraction_note
from bot.sources.language_codes import language_code
from bot.sources.names import is_et_al, person
from bot.sources.rich_text import to_plain
from bot.sources.title_language import language_of
from bot.sources.titles import title_of

_TYPES = {
    "journal-article": "article-journal",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "reference-entry": "entry",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "posted-content": "article",
    "dissertation": "thesis",
    "report": "report",
    "peer-review": "review",
    "dataset": "dataset",
    "standard": "standard",
}
"""The CSL type for each of Crossref's types; "document" for the others."""
_NO_WORKS = frozenset(
    {"journal", "journal-issue", "journal-volume", "book-series", "proceedings-series", "component", "grant"}
)
"""Crossref's types of things that nobody cites as a work: a whole journal or issue, a figure, a grant."""
_IN_BOOKS = frozenset({"chapter", "entry", "paper-conference"})
_DATES = (
    ("published-print",),
    ("journal-issue", "published-print"),
    ("posted",),
    ("issued",),
    ("published",),
    ("published-online",),
)
_NO_PAGE = re.compile(r"\W*n/?a\W*(?:n/?a\W*)?", re.IGNORECASE)
_SAME = re.compile(r"^(\w+)-\1$")
"""A single page that is written as a range: `5-5`."""
_NOT_FOUND = b"Resource not found."
_SENTENCE_END = ("?", "!", ":", ".", "\u2026", "?</i>", "!</i>")


def read_work(body: bytes, wanted: Reference) -> SourceWork | None:
    """Read the work with a DOI from an answer; None if Crossref has none.

    Raises Refused, BadAnswer (not an answer of this kind), NotARecord (a whole issue, for example) and PageChanged (a work
    without a title).
    """
    if body.strip() == _NOT_FOUND:
        return None
    value = read_json(body)
    item = child(value, "message")
    own = doi(item.get("DOI"))
    if own is None or text(value, "status") in {"failed", "error"}:
        raise failure(value)
    return _work(item, own) if wanted == Reference.made("doi", own) else None


def _work(item: Json, own: str) -> SourceWork:
    kind = text(item, "type")
    if kind in _NO_WORKS:
        raise NotARecord(f"Crossref's type {kind}")
    title = _title(item)
    plain = to_plain(title)
    languages = tuple(filter(None, [language_code((text(item, "language") or "").split("-")[0])]))
    csl_type = _TYPES.get(kind or "", "document")
    containers = tuple(map(to_plain, _sent(item, "container-title")))
    authors = tuple(_names(item))
    abstract = item.get("abstract")
    record = Record(
        reference=None,
        title=title,
        type=csl_type,
        language=languages[0] if languages else language_of(plain),
        authors=tuple(name for name in authors if not is_et_al(name)),
        more_authors=any(map(is_et_al, authors)) and not all(map(is_et_al, authors)),
        container_title=(containers[-1] if csl_type in _IN_BOOKS else containers[0]) if containers else None,
        issued=_issued(item),
        volume=text(item, "volume"),
        issue=text(item, "issue") or text(item, "journal-issue", "issue"),
        page=_page(item),
        abstract=read_abstract(abstract) if isinstance(abstract, str) else (),
        retraction=retraction_note(item, own, plain),
        publication_types=tuple(filter(None, (kind, text(item, "subtype")))),
        original_title=_original(item, title),
        languages=languages,
    )
    return SourceWork(
        record=record,
        doi=own,
        journal_short=first(texts(item, "short-container-title")),
        issn=texts(item, "ISSN"),
        notices=read_notices(item, own, plain),
    )


def _title(item: Json) -> str:
    """Give the title with its subtitle, unless the title includes the subtitle already."""
    title = title_of(first(_sent(item, "title")))
    subtitle = first(_sent(item, "subtitle"))
    if subtitle is None or to_plain(subtitle).rstrip(".").lower() in to_plain(title).lower():
        return title
    try:
        subtitle = title_of(subtitle)
    except PageChanged:
        return title
    return f"{title}{' ' if title.endswith(_SENTENCE_END) else ': '}{subtitle}"


def _original(item: Json, title: str) -> str | None:
    original = first(_sent(item, "original-title"))
    return title_of(original) if original and to_plain(original).rstrip(".") != to_plain(title) else None


def _sent(item: Json, key: str) -> tuple[str, ...]:
    """Give the texts of a list with the markup that Crossref sends, without empty ones."""
    found = item.get(key)
    return (
        tuple(one for one in found if isinstance(one, str) and any(map(str.isalnum, to_plain(one))))
        if isinstance(found, list)
        else ()
    )


def _names(item: Json) -> Iterator[Name]:
    for author in children(item, "author"):
        name = person(text(author, "family"), text(author, "given"), text(author, "suffix"))
        if name is None and (body := text(author, "name")):
            name = Name(literal=body)
        if name is not None:
            yield name


def _issued(item: Json) -> tuple[DateParts, ...]:
    for path in _DATES:
        if parts := _real(date_parts(child(item, *path))):
            return (parts,)
    return ()


def _real(parts: DateParts) -> DateParts:
    """Drop the parts of a date that do not exist: a 13th month, a 31 February."""
    for length in range(len(parts), 0, -1):
        try:
            date(*(*parts[:length], 1, 1)[:3])
        except (ValueError, OverflowError):
            continue
        return parts[:length]
    return ()


def _page(item: Json) -> str | None:
    page = _SAME.sub(r"\1", text(item, "page") or "")
    return page if page and not _NO_PAGE.fullmatch(page) else text(item, "article-number")
