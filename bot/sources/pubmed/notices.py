"""How PubMed and Europe PMC link a work to the notices about it, and a notice to its work.

PubMed writes `RetractionIn`, Europe PMC `Retraction in`; the reference is a line such as `Lancet. 2010 Feb 6;375(9713):445`.
"""

import re
from collections.abc import Collection

from bot.core.enrichment import Notice, NoticeKind
from bot.core.json_values import doi
from bot.core.record import DateParts
from bot.sources.pubmed.dates import month_number

_NOTICE_IN = {
    "retractionin": NoticeKind.RETRACTION,
    "retractedandrepublishedin": NoticeKind.RETRACTION,
    "partialretractionin": NoticeKind.CORRECTION,
    "expressionofconcernin": NoticeKind.CONCERN,
    "erratumin": NoticeKind.CORRECTION,
    "correctedandrepublishedin": NoticeKind.CORRECTION,
}
"""The kind of notice for each type of link from a work to a notice about it."""
_NOTICE_OF = frozenset(
    {"retractionof", "retractedandrepublishedfrom", "partialretractionof", "expressionofconcernfor", "erratumfor"}
)
"""Types of links from a notice to the work that it is about."""
_RETRACTED = "retracted publication"

_DATE = re.compile(
    r"""
    \b (1[89]\d\d | 20\d\d)                          # the year
    (?: \s+ ([A-Z][a-z]{2}) \w*                      # the month's name
        (?: -\w+ | \s+ (\d{1,2}) \b )? )?            # the second month of a range, or the day
    """,
    re.VERBOSE,
)

Comment = tuple[str, str]
"""A link's type and reference, as the service writes them."""


def read_notices(types: Collection[str], comments: Collection[Comment], source: str) -> tuple[Notice, ...]:
    """Read the notices about a work from its publication types and its links."""
    found = [
        Notice(kind, source, _date(reference), doi(reference))
        for kind, reference in ((_NOTICE_IN.get(_key(one)), reference) for one, reference in comments)
        if kind
    ]
    if _is_retracted(types) and all(notice.kind is not NoticeKind.RETRACTION for notice in found):
        found.append(Notice(NoticeKind.RETRACTION, source))
    return tuple(found)


def is_notice(comments: Collection[Comment]) -> bool:
    """Whether a work is a notice, which links to the work that it is about."""
    return any(_key(one) in _NOTICE_OF for one, _ in comments)


def retraction_note(types: Collection[str], comments: Collection[Comment]) -> str | None:
    """Give the words that say that a work is retracted: `Retraction in: Lancet. 2010 Feb 6;375(9713):445`; else None."""
    for one, reference in comments:
        if _NOTICE_IN.get(_key(one)) is NoticeKind.RETRACTION:
            words = "Retraction in" if _key(one) == "retractionin" else "Retracted and republished in"
            return f"{words}: {reference}" if reference else words
    return next((one for one in types if one.lower() == _RETRACTED), None)


def _is_retracted(types: Collection[str]) -> bool:
    return any(one.lower() == _RETRACTED for one in types)


def _key(kind: str) -> str:
    return kind.lower().replace(" ", "")


def _date(reference: str) -> DateParts:
    found = _DATE.search(reference)
    if found is None:
        return ()
    month = month_number(found[2])
    if month is None:
        return (int(found[1]),)
    parts = (int(found[1]), month)
    return (*parts, int(found[3])) if found[3] else parts
