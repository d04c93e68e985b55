"""How Crossref links a work to the notices about it (`updated-by`), and a notice to its work (`update-to`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.enrichment import Notice, NoticeKind
from bot.core.json_values import Json, child, children, date_parts, doi, text
from bot.sources.bibliographic_services import CROSSREF

RETRACTION_WATCH = "Retraction Watch"

_KINDS = {
    "retraction": NoticeKind.RETRACTION,
    "withdrawal": NoticeKind.RETRACTION,
    "removal": NoticeKind.RETRACTION,
    "expression_of_concern": NoticeKind.CONCERN,
    "partial_retraction": NoticeKind.CORRECTION,
    "correction": NoticeKind.CORRECTION,
    "corrigendum": NoticeKind.CORRECTION,
    "erratum": NoticeKind.CORRECTION,
    "addendum": NoticeKind.CORRECTION,
    "clarification": NoticeKind.CORRECTION,
}
"""The kind of notice for each update type; `new_version` and `new_edition` are no notices."""

_RETRACTED_TITLE = re.compile(
    r"^(retracted)(?::|\ article:|\ -) | ^\[(retracted)\] | \((retracted\ article)\)\.?$", re.IGNORECASE | re.VERBOSE
)
"""Words at the beginning or the end of a title that say that its work was retracted."""


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of `updated-by` or `update-to`."""

    kind: NoticeKind
    doi: str | None
    """The other work's DOI: the notice's in `updated-by`, the corrected work's in `update-to`."""
    label: str | None
    notice: Notice
    """The notice; its DOI is `doi`."""


def read_updates(item: Json, key: str) -> Iterator[Update]:
    """Read the updates under `key` (`updated-by` or `update-to`) that are notices."""
    for update in children(item, key):
        kind = _KINDS.get((text(update, "type") or "").lower().replace("-", "_"))
        if kind is not None:
            other = doi(update.get("DOI"))
            source = RETRACTION_WATCH if text(update, "source") == "retraction-watch" else CROSSREF
            notice = Notice(kind, source, date_parts(child(update, "updated")), other)
            yield Update(kind, other, text(update, "label"), notice)


def read_notices(item: Json, own: str, title: str) -> tuple[Notice, ...]:
    """Read the notices about the work with the DOI `own`; a title that says "retracted" counts as one, too."""
    found = tuple(update.notice for update in read_updates(item, "updated-by") if update.doi != own)
    if _says_retracted(title) and all(notice.kind is not NoticeKind.RETRACTION for notice in found):
        found += (Notice(NoticeKind.RETRACTION, CROSSREF),)
    return found


def is_notice(item: Json, own: str) -> bool:
    """Whether the work with the DOI `own` is a notice, which updates another work."""
    return any(update.doi != own for update in read_updates(item, "update-to"))


def retraction_note(item: Json, own: str, title: str) -> str | None:
    """Give the word with which Crossref marks the work as retracted; None if it does not."""
    for update in read_updates(item, "updated-by"):
        if update.kind is NoticeKind.RETRACTION and update.doi != own:
            return update.label or "Retraction"
    return _says_retracted(title)


def _says_retracted(title: str) -> str | None:
    """Give the words of a title that say that its work was retracted; None without such words."""
    found = _RETRACTED_TITLE.search(title)
    return found[found.lastindex or 0] if found else None
