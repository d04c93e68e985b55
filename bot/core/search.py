"""Words for searching: records and queries are split the same way, whichever database compares them.

Accents are dropped, case is folded, Greek letters are spelled out ("β-carboline" is found by "beta carboline"), and a plural
is found by its singular after D. Harman's S-stemmer ("How effective is suffixing?", JASIS 42(1):7-15, 1991).
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 64
"""The most characters of a word that count."""
STOP_WORDS = frozenset("a an and as at by for from in is of on or the to was were with".split())  # noqa: SIM905 - a list of words

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
_GREEK = str.maketrans(
    {letter: f" {unicodedata.name(letter).split()[-1].lower()} " for letter in "αβγδεζηθικμνξοπρστυφχψω"} | {"λ": " lambda "}
)
"""The names of the letters by Unicode, except "lambda", which Unicode calls "lamda"."""
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<![^\W_])(?:1[89]|20)[0-9]{2}(?![^\W_])", re.ASCII)


def words(text: str) -> Iterator[str]:
    """Give the words of a text in order, folded; only letters and digits, so no word is syntax of a query language."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    for match in _WORD.finditer(plain.casefold().translate(_LETTERS).translate(_GREEK)):
        yield match[0][:LONGEST]


def split_year(text: str) -> tuple[int | None, str]:
    """Split a query such as `doe 1961` into year and rest; without a year, or with two, into None and the whole query."""
    years = _YEAR.findall(text)
    return (int(years[0]), _YEAR.sub(" ", text)) if len(years) == 1 else (None, text)


def singular(word: str) -> str:
    """Give a word without the ending of its plural; most words stay as they are."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word[:-1] if word.endswith("s") and not word.endswith(("us", "ss")) else word


def to_index(text: str) -> Iterator[str]:
    """Give the words by which a text is found: each word, and its singular if that differs."""
    for word in words(text):
        yield word
        if (one := singular(word)) != word and one:
            yield one
