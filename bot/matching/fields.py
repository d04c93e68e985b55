"""Whether single fields of a record and a candidate agree: True, False, or None if one of them lacks the field."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.core.enrichment import Candidate
from bot.core.record import Name, Record
from bot.matching.text import as_digits, fold, words

_SAME_NAME = 85.0
"""From this similarity (0 to 100) on, two family names count as one name and a misspelling."""
_SHORTEST_MISSPELT = 5
"""From this many letters on, family names that differ in one letter count as the same; Lin and Liu do not."""
_SAME_JOURNAL = 90.0
_SHORTEST_MISREAD = 3
_LONG_NUMBER = 5
"""From this many digits on, article numbers may lack their letter: e0198081, 0198081."""
_JOURNAL_SMALL = frozenset("the of and in for a an de la le et und der die del di fur on".split())
_INITIALISMS = {
    "jama": "journal american medical association",
    "bmj": "british medical journal",
    "pnas": "proceedings national academy sciences",
}


def year_gap(record: Record, candidate: Candidate) -> int | None:
    """Give the number of years between their two closest dates; None if one of them has no date."""
    years = {parts[0] for parts in record.issued if parts}
    return min((abs(one - other) for one in years for other in candidate.years), default=None)


def volume_agrees(record: Record, candidate: Candidate) -> bool | None:
    """Compare the numbers of volumes, without supplements."""
    one, other = _number(record.volume), _number(candidate.volume)
    return None if one is None or other is None else one == other


def page_agrees(record: Record, candidate: Candidate) -> bool | None:
    """Compare first pages or article numbers."""
    one, other = _first_page(record.page), _first_page(candidate.page)
    if one is None or other is None:
        return None
    if one == other:
        return True
    digits = re.sub(r"\D", "", one), re.sub(r"\D", "", other)
    return len(digits[0]) >= _LONG_NUMBER and digits[0] == digits[1]


def page_misread(record: Record, candidate: Candidate) -> bool:
    """Whether first pages of three digits or more differ by one slip: a digit wrong, lost, added or swapped."""
    one, other = _first_page(record.page), _first_page(candidate.page)
    if one is None or other is None or min(len(one), len(other)) < _SHORTEST_MISREAD:
        return False
    return one != other and OSA.distance(one, other) == 1


def author_agrees(record: Record, candidate: Candidate) -> bool | None:
    """Compare first authors; None also if either is a group, since other services may name its members instead."""
    if not record.authors or not candidate.authors:
        return None
    first, theirs = record.authors[0], candidate.authors[0]
    if _same_person(first, theirs):
        return True
    if _among(first, candidate.authors) and _among(theirs, record.authors):
        return True
    if first.family is None or theirs.family is None:
        return None
    return False


def journal_agrees(record: Record, candidate: Candidate) -> bool | None:
    """Compare the names of journals, either of which may be abbreviated."""
    ours = _journal(record.container_title)
    theirs = [found for found in map(_journal, (candidate.journal, candidate.journal_short)) if found]
    if not ours or not theirs:
        return None
    return any(_same_journal(ours, one) for one in theirs)


def _number(volume: str | None) -> str | None:
    """Read the number of a volume with letters before it; None if it has no digits, as a Roman number."""
    found = re.match(r"\W*(?:vol(?:ume)?\W*)?([a-z]{0,3}\d[\dlo]*)", fold(volume or ""))
    return as_digits(found[1]).lstrip("0") or None if found else None


def _first_page(page: str | None) -> str | None:
    text = re.sub(r"\bpp?\.?(?=\s|\d)", "", fold(page or ""))
    found = re.search(r"\b[lio]+(?=\s*-)|[^\W_]*\d[^\W_]*", text)
    if found is None:
        return None
    letters = re.match(r"[a-hjkmnp-z]*", found[0])
    at = letters.end() if letters else 0
    return found[0][:at] + (as_digits(found[0][at:]).lstrip("0") or "0")


def _family(name: Name) -> tuple[str, ...]:
    """Give the words of a family name, without initials that are in the same field by mistake."""
    family = name.family or name.literal or ""
    family = re.sub(r"(?<=\w)\s+[A-Z]{1,3}\.?$", "", family)
    return words(family)


def _same_person(one: Name, other: Name) -> bool:
    """Whether two names are one person's: the family name is the same, partly the same, misspelt, or the given name."""
    left, right = _family(one), _family(other)
    if not left or not right:
        return False
    if left == right or left[-len(right) :] == right or right[-len(left) :] == left:
        return True
    if left == words(other.given or "")[:1] or right == words(one.given or "")[:1]:
        return min(len("".join(left)), len("".join(right))) > 1
    joined = "".join(left), "".join(right)
    if min(map(len, joined)) >= _SHORTEST_MISSPELT and OSA.distance(*joined) == 1:
        return True
    return fuzz.ratio(*joined) >= _SAME_NAME


def _among(name: Name, names: Iterable[Name]) -> bool:
    return any(_same_person(name, one) for one in names)


def _journal(name: str | None) -> tuple[str, ...]:
    """Give a journal's words, without its place, its subtitle and small words."""
    name = re.sub(r"\(.*?\)|\[.*?\]|\s[:=/]\s.*", " ", name or "").replace("U.S.A.", "USA")
    found = tuple(word for word in words(name) if word not in _JOURNAL_SMALL)
    return tuple(_INITIALISMS[found[0]].split()) if len(found) == 1 and found[0] in _INITIALISMS else found


def _same_journal(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether names are nearly the same, or one abbreviates the other word by word."""
    if _abbreviates(one, other) or _abbreviates(other, one):
        return True
    return fuzz.ratio(" ".join(one), " ".join(other)) >= _SAME_JOURNAL


def _abbreviates(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether each word shortens its counterpart; the last may be the initials of all remaining words (`usa`)."""
    for at, word in enumerate(short):
        rest = full[at:]
        if at == len(short) - 1 and len(rest) > 1 and word == "".join(left[0] for left in rest):
            return True
        if not rest or not _shortens(word, rest[0]):
            return False
    return len(short) == len(full)


def _shortens(short: str, word: str) -> bool:
    """Whether `short` abbreviates a word: its beginning, or some of its letters in order (`natl` for `national`)."""
    if word.startswith(short):
        return True
    if not short or word[0] != short[0]:
        return False
    rest = iter(word)
    return len(short) > 1 and all(letter in rest for letter in short)
