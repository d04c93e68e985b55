"""Words to search by: the same for a record as for what somebody types, whichever database compares them.

Accents fall away, letters are folded, Greek ones are spelled out ("β-carboline" is found by "beta carboline"), and a plural
is found by its singular after D. Harman's S-stemmer ("How effective is suffixing?", JASIS 42(1):7-15, 1991).
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 64
"""Characters of a word that count."""
STOP_WORDS = frozenset("a an and as at by for from in is of on or the to was were with".split())  # noqa: SIM905 - reads best

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
_GREEK = str.maketrans(
    {letter: f" {unicodedata.name(letter).split()[-1].lower()} " for letter in "αβγδεζηθικμνξοπρστυφχψω"} | {"λ": " lambda "}
)
"""By Unicode's names for the letters, but for "lamda"."""
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<![^\W_])(?:1[89]|20)[0-9]{2}(?![^\W_])", re.ASCII)


def words(text: str) -> Iterator[str]:
    """Give the words of a text in order: letters and digits only, folded; nothing that any query language could mean."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    for match in _WORD.finditer(plain.casefold().translate(_LETTERS).translate(_GREEK)):
        yield match[0][:LONGEST]


def split_year(text: str) -> tuple[int | None, str]:
    """Split a query such as `doe 1961` into its year and the rest; without a year, or with two, into None and all of it."""
    years = _YEAR.findall(text)
    return (int(years[0]), _YEAR.sub(" ", text)) if len(years) == 1 else (None, text)


def singular(word: str) -> str:
    """Give the word without its plural's ending; most words stay as they are."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word[:-1] if word.endswith("s") and not word.endswith(("us", "ss")) else word


def to_index(text: str) -> Iterator[str]:
    """Give the words that a text is found by: each word, and its singular where that is another."""
    for word in words(text):
        yield word
        if (one := singular(word)) != word and one:
            yield one
