"""Text made comparable: one spelling for what different sources print differently."""

import re
import unicodedata
from functools import lru_cache

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ς": "σ", "&": " and "}
)
"""Letters that Unicode does not take apart into a base letter and a mark; and the ampersand."""

_MISREAD = str.maketrans({"l": "1", "o": "0", "i": "1"})
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
    """Give a text in lower case without diacritics, Greek letters spelled out."""
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_UNDECOMPOSED)
    text = "".join(character for character in text if not unicodedata.combining(character))
    return "".join(GREEK.get(character, character) for character in text)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Split a text into folded words and numbers: American spelling, no apostrophes, `l` and `o` within numbers as digits."""
    return tuple(map(_one_spelling, _WORD.findall(_APOSTROPHE.sub("", fold(text)))))


def as_digits(number: str) -> str:
    """Read the letters that are typed for digits as digits."""
    return number.translate(_MISREAD)


def _one_spelling(word: str) -> str:
    if word == "l":
        return "1"
    if any(character.isdigit() for character in word):
        return _BESIDE_DIGIT.sub(lambda match: as_digits(match[0]), word)
    return _BRITISH.sub(lambda match: _AMERICAN[str(match.lastgroup)], word)
