"""Compares titles: how similar they are, and whether a word distinguishes them."""

import re
from collections import Counter
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from bot.core.enrichment import Candidate
from bot.matching.text import words

ALIKE = 90.0
"""From this similarity (0 to 100) on, two normalised titles are alike."""
_SHORTEST_SLIP = 5
"""From this many letters on, a word with one wrong letter is a misspelling; a shorter one is another word. Two wrong letters
always make another word, since `agonist` and `antagonist`, `hypertension` and `hypotension` differ by little.
"""
_FEWEST_WORDS = 4
"""The fewest words of a shortened title."""
_MOST_BREAKS = 12
_FEWEST_CONTENT_WORDS = 2
_NEAR = 80.0
_EQUAL = 100.0

TitleWords = tuple[str, ...]

_SMALL = frozenset(
    "a an and as at by for from in into is its of on or the to with between among via und der die das le la les de des et "
    "del e y en".split()
)
"""Small words, which do not distinguish works."""
_COUNTED = {
    word: str(value)
    for series in (
        "one two three four five six seven eight nine ten",
        "first second third fourth fifth sixth",
        "i ii iii iv v vi vii viii ix x",
    )
    for value, word in enumerate(series.split(), 1)
}
"""Numbers written as words or Roman numerals: `part II`, `second of two parts`."""

_RETRACTED = re.compile(
    r"""
    ^\W* (?: retracted (?: \s+ article )? | withdrawn ) \b \W+     # RETRACTED ARTICLE: ...
    | \W+ [\[(]* retracted (?: \s+ article )? [\])]* \W* $         # ...: retracted
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""The words that publishers add to the title of a retracted work."""
_INDEXED = re.compile(
    r"""
    [\[(] (?: author'?s \s transl (?: ation )?     # (author's transl)
    | abstract | proceedings | letter | review
    | in \s [a-z]+ ) [\])] \s* \.? $               # [in German]
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""The words in brackets that indexers add to a title."""
_BREAK = re.compile(
    r"""
    \s* [:.?!;] \s+             # a stop or colon
    | \s+ [-\u2013\u2014]+ \s*   # a dash behind a space
    | \s* \u2014 \s*
    | \s* [(\[]                 # an opening bracket
    """,
    re.VERBOSE,
)
"""The places where a title may be shortened."""


class Likeness(StrEnum):
    """How similar two titles are, the closest first."""

    SAME = "same"
    """Alike, and no word distinguishes them."""
    ALIKE = "alike"
    """Alike, but a word distinguishes them."""
    CUT = "cut"
    """One is the other shortened at a colon or a bracket, without its subtitle or a group's name."""
    NEAR = "near"
    """Less than alike, but most words are the same, or one title has only words of the other."""
    NUMBERED = "numbered"
    """Each has a number that the other lacks, so they are different parts, phases or editions."""
    OTHER = "other"


def compare_titles(title: str, candidate: Candidate) -> Likeness:
    """Compare a record's title with the closest form of a candidate's."""
    full = f"{candidate.title}: {candidate.subtitle}" if candidate.subtitle else candidate.title
    forms = dict.fromkeys(filter(None, (full, candidate.title, candidate.original_title)))
    order = tuple(Likeness)
    return min((_compare(_core(title), _core(form)) for form in forms), key=order.index, default=Likeness.OTHER)


def _core(title: str) -> str:
    """Remove words that publishers and indexers add to a title."""
    return _INDEXED.sub("", _RETRACTED.sub("", title)).strip()


def _compare(one: str, other: str) -> Likeness:
    left, right = words(one), words(other)
    ratio = fuzz.ratio("".join(left), "".join(right))
    if ratio == _EQUAL:
        return Likeness.SAME
    if ratio >= _NEAR and _numbers(left) - _numbers(right) and _numbers(right) - _numbers(left):
        return Likeness.NUMBERED
    if ratio >= ALIKE:
        return Likeness.ALIKE if _told_apart(left, right) else Likeness.SAME
    if _is_cut(one, right) or _is_cut(other, left):
        return Likeness.CUT
    if ratio >= _NEAR or _has_only_words_of(left, right) or _has_only_words_of(right, left):
        return Likeness.NEAR
    return Likeness.OTHER


def _numbers(title: TitleWords) -> Counter[str]:
    """Count the numbers in a title, in digits or words, and single letters (hepatitis B)."""
    found = Counter(digits.lstrip("0") for word in title for digits in re.findall(r"\d+", word))
    return found + Counter(_COUNTED.get(word, word) for word in title if word in _COUNTED or re.fullmatch("[b-z]", word))


def _told_apart(left: TitleWords, right: TitleWords) -> bool:
    """Whether only one of two titles has some number, part label or content word."""
    return any(
        edit.tag != "equal" and not _same_words(left[edit.src_start : edit.src_end], right[edit.dest_start : edit.dest_end])
        for edit in Levenshtein.opcodes(left, right)
    )


def _same_words(left: TitleWords, right: TitleWords) -> bool:
    if "".join(left) == "".join(right):
        return True
    left, right = _content(left), _content(right)
    if "".join(left) == "".join(right):
        return True
    return len(left) == len(right) and all(map(_slip, left, right))


def _content(title: TitleWords) -> TitleWords:
    return tuple(word for word in title if word not in _SMALL)


def _slip(one: str, other: str) -> bool:
    """Whether one word is a misspelling of the other, or the same number."""
    if _COUNTED.get(one, one) == _COUNTED.get(other, other):
        return True
    if re.search(r"\d", one + other) or one in _COUNTED or other in _COUNTED:
        return False
    return min(len(one), len(other)) >= _SHORTEST_SLIP and OSA.distance(one, other) == 1


def _has_only_words_of(some: TitleWords, others: TitleWords) -> bool:
    """Whether a title has at least two content words, all of which another title has, too."""
    content = _content(some)
    return len(content) >= _FEWEST_CONTENT_WORDS and set(content) <= set(others)


def _is_cut(longer: str, shorter: TitleWords) -> bool:
    """Whether a part of the longer title, before or after one of its breaks, is the shorter title."""
    if len(shorter) < _FEWEST_WORDS:
        return False
    for found in islice(_BREAK.finditer(longer), _MOST_BREAKS):
        for piece in (longer[: found.start()], longer[found.end() :]):
            part = words(piece)
            if fuzz.ratio("".join(part), "".join(shorter)) >= ALIKE and not _told_apart(part, shorter):
                return True
    return False
