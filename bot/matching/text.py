"""Normalises text, so that texts that sources print differently can be compared."""

import re
import unicodedata
from functools import lru_cache

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "&": " and "}
)
"""Letters that Unicode does not decompose into a base letter and a mark; and the ampersand."""

_MISREAD = str.maketrans({"l": "1", "o": "0", "i": "1"})
_GREEK = re.compile("[\u03b1-\u03c9]")
_BESIDE_DIGIT = re.compile(r"(?<=\d)[lio]|[lio](?=\d)")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_BRITISH = re.compile(
    r"""
    (?P<ae>  ae (?= [mst] | di | lo ) )             # haemorrhage, anaesthesia, paediatric, aetiology; not "aerobic"
    | (?P<oe>  oe (?= [dst] | m ) )                 # oedema, oestrogen, foetus
    | (?P<our> (?<= [lvmnb] ) our (?= $|s|a|e|i ) ) # colour, behaviour, tumour, honour, labour
    | (?P<ise> is (?= e(?:d|s|r)?$ | ing$ | ation ) ) # randomised, randomisation
    | (?P<yse> ys (?= e(?:d|s|r)?$ | ing$ ) )       # analysed
    | (?P<tre> (?<= [nt] ) re $ )                   # centre, litre
    | (?P<ll>  ll (?= ed$ | ing$ ) )                # labelled
    | (?P<ph>  ph (?= ur ) )                        # sulphur
    """,
    re.VERBOSE,
)
_AMERICAN = {"ae": "e", "oe": "e", "our": "or", "ise": "iz", "yse": "yz", "tre": "er", "ll": "l", "ph": "f"}


def fold(text: str) -> str:
    """Give a text in lower case without diacritics, with Greek letters spelled out."""
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_UNDECOMPOSED)
    text = "".join(character for character in text if not unicodedata.combining(character))
    return _GREEK.sub(lambda letter: unicodedata.name(letter[0]).rsplit(" ", 1)[-1].lower().replace("lamda", "lambda"), text)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Split a text into folded words and numbers, in American spelling, without apostrophes, misread digits corrected."""
    return tuple(map(_one_spelling, _WORD.findall(_APOSTROPHE.sub("", fold(text)))))


def as_digits(number: str) -> str:
    """Replace letters that are misread digits (l, i, o) with the digits."""
    return number.translate(_MISREAD)


def _one_spelling(word: str) -> str:
    if word == "l":
        return "1"
    if any(character.isdigit() for character in word):
        return _BESIDE_DIGIT.sub(lambda match: as_digits(match[0]), word)
    return _BRITISH.sub(lambda match: _AMERICAN[str(match.lastgroup)], word)
