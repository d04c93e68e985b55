"""The authors line. `Finnegan KT, Ricaurte GA, Langston JW.` is its common shape.

| printed                            | read (family, given)                | why                                            |
|------------------------------------|-------------------------------------|------------------------------------------------|
| `Finnegan KT`, `Sheehan DVCF`      | Finnegan, K. T.; Sheehan, D. V. C. F. | each capital an initial                      |
| `Nicolas-Charles P`, `Dupont J-P`  | Nicolas-Charles, P.; Dupont, J.-P.  | hyphens stay                                   |
| `Van Dusen W`, `de Wit H`          | Van Dusen, W.; de Wit, H.           | particles stand in the family name, as printed |
| `Kalant, H.`, `Sifaneck, S J`      | Kalant, H.; Sifaneck, S. J.         | stray comma: initials go with the name before  |
| `Pope HG Jr.`, `Smith JA 3rd`      | suffix Jr., 3rd                     |                                                |
| `… and Kruk ZL.`, `… et al.`       | Kruk, Z. L.; nobody                 |                                                |
| `John A. Smith, M.D., Ph.D..`      | Smith, J. A.                        | degrees are no names; names become initials    |
| `Gary Bravo MD`, `Van Dusen MD`    | Bravo, G.; Van Dusen, M. D.         | after two names it is a degree                 |
| `K. T. Finnegan`                   | Finnegan, K. T.                     |                                                |
| `Smith, John; Doe, Jane`           | Smith, J.; Doe, J.                  | semicolons part whole names                    |
| `World Health Organization`, `MAPS`| literal                             | a body has no family name                      |
| `Hicks RE, Fink PJ (eds)`          | nobody                              | an editor is no author                         |
| `Fisher DD Ungerleider JT`         | literal                             | a comma is lost; which name is whose is unsure |
"""

import re

from bot.core.record import Name
from bot.erowid.repairs import read_artefacts

MAX_LENGTH = 4000
"""Longer than any list of authors."""

_UPPER = r"[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]"
_TWO_LETTERS = r"I[ua]|Y[aeu]|[KSZCT]h|Ts"
"""Transliterated initials, as in `Ivanov IuA`."""
_INITIAL = rf"(?:{_TWO_LETTERS}|{_UPPER})"
_INITIALS = re.compile(rf"(?:{_INITIAL}(?:\.\s?-?|[\s-])?){{1,5}}\.?")
_ONE_INITIAL = re.compile(rf"(-?)({_TWO_LETTERS}|{_UPPER})")
_SHORT_NAME = re.compile(r"Y[aeu]|[KSZCT]h|Ts")
"""Alone, rather a name than an initial."""
_WORD = rf"{_UPPER}[\w'\u2019\u02bc`-]+"
_COMMON = re.compile(r"([A-Z][a-z]+) (?!I+V?$)([A-Z]{1,4})")
"""Most names; the other shapes take longer to read."""
_PARTICLE_WORD = re.compile(
    r"van|von|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|st\.?|zu|al|el|ben|'t|y", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?P<name>.*\S)[\s,]+(?P<suffix>(?:Jr|Sr)\b\.?|2nd|3rd|4th|II|III|IV)$")
_SUFFIX_ALONE = re.compile(r"(?:Jr|Sr)\.?|2nd|3rd|4th|II|III|IV")
_FAMILY_WORD = re.compile(rf"(?:[a-z]{{1,3}}['\u2019])?{_WORD}|{_UPPER}['\u2019]{_WORD}")
_DEGREE_WORDS = (
    r"M\.\s?D\.?|MD|Ph\.?\s?D\.?|PhD|D\.\s?Phil\.?|DPhil|M\.\s?A\.?|MA|M\.\s?S\.?|MS|MSc|M\.\s?Sc\.?|B\.\s?A\.?|BA|B\.\s?S\.?|BS|BSc|"
    r"B\.\s?Sc\.?|MPH|M\.\s?P\.\s?H\.?|D\.\s?O\.?|DO|Pharm\.?\s?D\.?|Psy\.?\s?D\.?|Ed\.?\s?D\.?|D\.\s?Sc\.?|DSc|Sc\.\s?D\.?|R\.\s?N\.?|RN|"
    r"M\.\s?B\.?|MB|MBBS|MRCP|MRCPsych|FRCP|FRCPC|F\.R\.C\.P\.?|D\.\s?P\.\s?M\.?|DPM|Dr\.?\s?(?:med|phil|rer\.?\s?nat)\.?|"
    r"J\.\s?D\.?|JD|LL\.?B\.?|MSW|LCSW|M\.\s?Ed\.?|DVM|DDS|Esq\.?|FACEP|FACMT|ABMT|MBA|CNS|NP|PA-C|Ch\.?\s?B\.?"
)
_DEGREES = rf"(?:{_DEGREE_WORDS})\.?(?:[\s,/]+(?:{_DEGREE_WORDS})\.?)*"
_DEGREE = re.compile(_DEGREES)
_DEGREES_AFTER = re.compile(rf"\s(?P<degrees>{_DEGREES})$")
_TITLE_BEFORE = re.compile(r"^(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir)\b\.?\s+")
_EDITOR = re.compile(r"\s*[(\[,]?\s*\b(?:eds?|editors?|hrsg)\b\.?\s*[)\]]?\s*$", re.IGNORECASE)
_ALL_EDITORS = re.compile(r"\b(?:eds|editors)\b\W*$", re.IGNORECASE)
_ET_AL = re.compile(r"[\s,;(\[]{0,4}(?:\b(?:and|&)\s+)?\b(?:et\.?\s+al|and others|u\.\s?a)\b[\s.\])]*$", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+(?:and|&|und|et)\s+|\s*&\s*")
_AND_BEFORE = re.compile(r"^(?:and|&)\s+")
_MARKS = re.compile(r"(?<=[^\W\d_.])[\s]*[\d*\u2020\u2021\u00a7]+(?:,\d+)*$|[*\u2020\u2021\u00a7]+$")
_BODY = re.compile(
    r"\b(?:academy|administration|agency|association|associates|board|bureau|cent(?:er|re)|clinic|collaboration|collaborative|college|"
    r"commission|committee|company|consortium|corp(?:oration)?|council|department|division|editors?|faculty|federation|foundation|"
    r"government|group|hospital|inc|institute?|institut|investigators|laborator(?:y|ies)|league|library|ltd|ministry|nations|network|"
    r"office|organi[sz]ation|panel|press|program(?:me)?|project|research|school|section|service|services|society|staff|studies|study|"
    r"survey|system|task force|team|trust|union|university|workshop|world)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    re.findall(
        r"\S+",
        """and de del der des di du et for für in of on the to und von with la le""",
    )
)
_UNNAMED = frozenset({"anon", "anonymous", "editorial", "staff"})
_NOBODY = frozenset({"author unknown", "no authors listed", "unknown"})


def read_authors(line: str) -> tuple[Name, ...] | None:
    """Read an authors line; None where the line does not read as one, empty where it names editors alone.

    A name in none of the known shapes is a literal, as printed.
    """
    text = _bare(line)
    if not text:
        return None
    if text.casefold() in _NOBODY:
        return ()
    pieces = _pieces(text)
    indexed = [_indexed(piece) for piece in pieces]
    if all(name is None or _ends_in_degree(piece) for piece, name in zip(pieces, indexed, strict=True)):
        return _without_index(text, pieces)
    if _ALL_EDITORS.search(text):
        return ()
    names = []
    for piece, name in zip(pieces, indexed, strict=True):
        if name or not _DEGREE.fullmatch(piece):
            names.append(name or (None if _SHORT_NAME.search(piece[-2:]) else _full(piece)) or _lone(piece))
    return tuple(name for name in names if name is not None)


def _bare(line: str) -> str:
    """Take off what is no name: the final stop, `et al.`, square brackets around the whole."""
    text = read_artefacts(" ".join(line.split()))[0].strip(" ,;")
    if text.startswith("[") and text.rstrip(".").endswith("]"):
        text = text.rstrip(".")[1:-1]
    if not text or len(text) > MAX_LENGTH:
        return ""
    text = _ET_AL.sub("", text)
    if text.endswith(("Jr.", "Sr.")):
        return text
    return text.rstrip(". ,;") + ("." if re.search(rf"\b{_UPPER}\.$", text) else "")


def _pieces(text: str) -> list[str]:
    """Part a line into names, and put stray commas right: initials and suffixes belong to the name before."""
    if ";" in text:
        return [_turned(part) for part in _parted(text, ";")]
    pieces: list[str] = []
    for part in _parted(text, ","):
        is_initials = _INITIALS.fullmatch(part) and bool(pieces) and _takes_initials(pieces[-1], part)
        if is_initials or (pieces and _SUFFIX_ALONE.fullmatch(part)):
            pieces[-1] += f" {part}"
        else:
            pieces.append(part)
    return pieces


def _parted(text: str, comma: str) -> list[str]:
    parts: list[str] = []
    for printed in text.split(comma):
        part = printed.strip()
        if _COMMON.fullmatch(part):
            parts.append(part)
            continue
        names = _AND.split(part)
        whole = len(names) > 1 and _BODY.search(part) and not any(_indexed(name) for name in names)
        cleaned = (_MARKS.sub("", _AND_BEFORE.sub("", name.strip())).strip() for name in ([part] if whole else names))
        parts += [name for name in cleaned if any(map(str.isalpha, name))]
    return parts


def _turned(part: str) -> str:
    """Give `Smith, John A.` as `Smith JA`, for lines whose names stand between semicolons."""
    family, comma, given = part.partition(",")
    given = given.strip()
    if not comma or not given or _DEGREE.fullmatch(given):
        return family.strip()
    given, _, _ = given.partition(",")
    suffix = _SUFFIX.fullmatch(given)
    given, tail = (suffix["name"], " " + suffix["suffix"]) if suffix else (given, "")
    return f"{family.strip()} {_initials_of(given).replace(' ', '').replace('.', '')}{tail}"


def _takes_initials(piece: str, initials: str) -> bool:
    """Tell whether a name lacks initials: it has none yet, and they are no degree after a full name."""
    if _indexed(piece) is not None or _INITIALS.fullmatch(piece):
        return False
    words = [word for word in piece.split() if not _PARTICLE_WORD.fullmatch(word)]
    return len(words) == 1 or not _DEGREE.fullmatch(initials)


def _indexed(piece: str) -> Name | None:
    """Read `Family II`, with a suffix or without."""
    common = _COMMON.fullmatch(piece)
    if common:
        return Name(common[1], " ".join(f"{letter}." for letter in common[2]))
    suffixed = _SUFFIX.fullmatch(piece)
    bare = suffixed["name"] if suffixed else piece
    words = bare.split()
    taken = 0
    for count in range(1, min(len(words), 5)):
        if not _INITIALS.fullmatch(" ".join(words[-count:])):
            break
        taken = count
    if taken == 1 and _SHORT_NAME.fullmatch(words[-1]):
        return None
    while taken:
        family = " ".join(words[:-taken]).rstrip(",")
        before = _SUFFIX.fullmatch(family)  # `Pope Jr HG`
        suffix = _suffix(suffixed or before)
        if _reads_as_family(before["name"] if before else family):
            return Name(before["name"] if before else family, _spaced(" ".join(words[-taken:])), suffix)
        taken -= 1
    return None


def _ends_in_degree(piece: str) -> bool:
    """Tell `Gary Bravo MD` from `Van Dusen MD`: after two names it is a degree, if no name beside it shows otherwise."""
    match = _DEGREES_AFTER.search(piece)
    if match is None:
        return False
    return sum(not _PARTICLE_WORD.fullmatch(word) for word in piece[: match.start()].split()) > 1


def _reads_as_family(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 5  # noqa: PLR2004
        and all(_PARTICLE_WORD.fullmatch(word) or _FAMILY_WORD.fullmatch(word) for word in words)
        and len(words[-1]) > 1
        and not any(_INITIALS.fullmatch(word) for word in words[1:-1])  # a comma is lost somewhere
    )


def _suffix(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return match["suffix"].rstrip(".") + ("." if match["suffix"][:2] in {"Jr", "Sr"} else "")


def _spaced(initials: str) -> str:
    """Write initials with stops: `KT` as `K. T.`, `J-P` as `J.-P.`."""
    return "".join(f"{hyphen or ' '}{letter}." for hyphen, letter in _ONE_INITIAL.findall(initials)).strip()


def _initials_of(given: str) -> str:
    """Shorten given names to initials: `Mary-Ann J.` to `M.-A. J.`."""
    parts = []
    for word in re.split(r"[\s.]+", given):
        if (word.isupper() and len(word) <= 3) or re.fullmatch(_TWO_LETTERS, word):  # noqa: PLR2004
            parts.append(_spaced(word))
        elif word:
            parts.append("-".join(f"{part[0]}." for part in word.split("-") if part[:1].isalpha()))
    return " ".join(part for part in parts if part)


def _full(piece: str) -> Name | None:
    """Read `John A. Smith`, degrees and titles aside."""
    if _BODY.search(piece):
        return None
    text = _TITLE_BEFORE.sub("", _DEGREES_AFTER.sub("", piece))
    suffixed = _SUFFIX.fullmatch(text)
    words = (suffixed["name"] if suffixed else text).split()
    if not 2 <= len(words) <= 6:  # noqa: PLR2004
        return None
    at = len(words) - 1
    while at > 1 and _PARTICLE_WORD.fullmatch(words[at - 1]) and words[at - 1][0].islower():
        at -= 1
    given, family = words[:at], " ".join(words[at:])
    if (
        not _reads_as_family(family)
        or family.isupper()
        or given[0] == "The"
        or not all(re.fullmatch(rf"{_WORD}|(?:{_UPPER}\.?-?){{1,3}}", word) for word in given)
    ):
        return None
    return Name(family, _initials_of(" ".join(given)), _suffix(suffixed))


def _lone(piece: str) -> Name | None:
    """Read a name that has no given part, or that is none of a person; None for an editor."""
    if _EDITOR.search(piece) and not _BODY.search(_EDITOR.sub("", piece)):
        return None
    if re.fullmatch(rf"{_WORD}", piece) and not piece.isupper() and piece.casefold() not in _UNNAMED:
        return Name(piece)
    return Name(literal=piece)


def _without_index(text: str, pieces: list[str]) -> tuple[Name, ...] | None:
    """Read a line in which no name is `Family II`: full names, or one body."""
    if _EDITOR.search(text) and not _BODY.search(_EDITOR.sub("", text)):
        return None
    if _BODY.search(text) or text.casefold() in _UNNAMED or (text.isupper() and " " not in text):
        return (Name(literal=text),) if _reads_as_body(text) else None
    people = [piece for piece in pieces if not _DEGREE.fullmatch(piece)]
    if len(people) == 2 and all(re.fullmatch(_WORD, piece) for piece in people):  # noqa: PLR2004 # `Smith, John`
        return (Name(people[0], _initials_of(people[1])),)
    names = [
        _full(piece) or (_lone(piece) if re.fullmatch(_WORD, piece) and not piece.isupper() else None) for piece in people
    ]
    if names and all(names):
        return tuple(name for name in names if name is not None)
    return (Name(literal=text),) if _reads_as_body(text) and not text.isupper() else None


_MOST_WORDS = 16


def _reads_as_body(text: str) -> bool:
    """Tell a body's name from a sentence: words with capitals but for small ones, and nothing that names lack."""
    words = re.findall(r"[^\s,()&/-]+", text)
    return (
        len(words) <= _MOST_WORDS
        and not re.search(r"[!?$%:\u201c\u201d\"]", text)
        and all(word in _SMALL_WORDS or word[0].isupper() or word[0].isdigit() for word in words)
    )
