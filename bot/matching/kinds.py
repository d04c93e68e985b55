"""Rejects candidates by the kind of item: notices, reviews and parts of works are never the work itself."""

import re

from bot.core.enrichment import Candidate
from bot.core.record import Record

_NO_WORK = frozenset(
    {
        "component",
        "database",
        "dataset",
        "grant",
        "journal",
        "journal-issue",
        "journal-volume",
        "patent",
        "peer-review",
        "posted-content",
    }
)
"""Crossref types of items that are no published work: containers, parts, preprints, referees' reports."""

_NO_ARTICLE = frozenset(
    {
        "book-review",
        "correction",
        "expression of concern",
        "preprint",
        "published erratum",
        "retraction",
        "retraction notice",
        "retraction of publication",
    }
)
"""Publication types of notices, book reviews and preprints, which never match a record."""

_BOOKS = frozenset({"book", "edited-book", "monograph", "reference-book", "report", "book-series", "book-set"})
_ARTICLES = frozenset({"journal-article", "proceedings-article", "report-component", "other"})
_CHAPTERS = frozenset({"book-chapter", "book-part", "book-section", "book-track", "reference-entry"})
_CROSSREF_TYPES = {
    "book": _BOOKS,
    "chapter": _CHAPTERS | {"proceedings-article"},
    "thesis": frozenset({"dissertation"}),
    "report": _BOOKS | {"report"},
}
"""The Crossref types that fit a record's CSL type; other records are articles, or chapters in a series of reviews."""

_TELLING = 4
"""Letters that distinguish the words below: `Reply to` and `Replies to` are alike, `Comment on` is not."""

_ABOUT = re.compile(
    r"""
    ^\W*(?:
        (?:author|publisher|editor)?'?s?\W*(?:correction|corrigend\w+|errat\w+)\b  # `Correction to: …`
        | (?:notice\ of\ )?retraction\b                                            # `Retraction note: …`
        | expression\ of\ concern\b | addendum\b
        | (?:comments?|commentary|reflections)\s+on\b                              # `Comment on …`
        | (?:repl(?:y|ies)|responses?|rejoinder)\b\s*(?:to\b|:)                    # `Reply to …`
        | (?:the\ )?authors?'?s?\s+(?:repl|respon)\w+                              # `Authors' response`
        | in\ (?:reply|response)\b | re\s*:                                        # `Re: …`
        | (?:book\ )?review\s*(?:of\b|:)                                           # `Review of …`
        | letter\s*(?:to\ the\ editor)?\s*: | editorial\s*:                        # `Letter to the editor: …`
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""The beginning of a title that is about another work."""


def differs_in_kind(record: Record, candidate: Candidate) -> bool:
    """Whether a candidate cannot be the record's work because it is another kind of item."""
    if candidate.is_notice or candidate.type in _NO_WORK or candidate.publication_types & _NO_ARTICLE:
        return True
    if candidate.type is not None and candidate.type not in _CROSSREF_TYPES.get(record.type, _ARTICLES | _CHAPTERS):
        return True
    return _about(record.plain_title) != _about(candidate.title)


def _about(title: str) -> str:
    """Give the first letters of the words that say that a title is about another work; empty without such words."""
    found = _ABOUT.match(title.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return re.sub(r"\W", "", found[0].lower())[:_TELLING] if found else ""
