"""The authors line, mostly of the form `Finnegan KT, Ricaurte GA, Langston JW.`; `names` reads each name.

| printed                          | read                                  | why                                           |
|----------------------------------|---------------------------------------|-----------------------------------------------|
| `Finnegan KT, Sheehan DVCF`      | Finnegan, K. T.; Sheehan, D. V. C. F. | each capital an initial                       |
| `Nicolas-Charles P, Dupont J-P`  | Nicolas-Charles, P.; Dupont, J.-P.    | hyphens stay                                  |
| `Van Dusen W, de Wit H`          | Van Dusen, W.; de Wit, H.             | particles are of the family name              |
| `al-Poe H, d'Roe A`              | al-Poe, H.; d'Roe, A.                 | the same                                      |
| `Kalant, H.`                     | Kalant, H.                            | stray comma: initials go with the name before |
| `Sifaneck, S J, Roe A`           | Sifaneck, S. J.; Roe, A.              | the same                                      |
| `Pope HG Jr., Smith JA 3rd`      | Pope, H. G., Jr.; Smith, J. A., 3rd   | suffixes                                      |
| `Roe A, Poe B, and Coe C`        | Roe, A.; Poe, B.; Coe, C.             | so with `&`, `und`, `et`                      |
| `Roe A, Poe B, et al.`           | Roe, A.; Poe, B.                      | `lists_more` tells that there are more        |
| `Roe A, Poe B; Goat Group`       | Roe, A.; Poe, B.; literal Goat Group  | PubMed's form: bodies behind a semicolon      |
| `Roe AB, for the Sleep Group`    | Roe, A. B.; literal Sleep Group       | `on behalf of` likewise                       |
| `Roe AB (1), Poe CD [2]`         | Roe, A. B.; Poe, C. D.                | a mark leads to an affiliation                |
| `John A. Smith, M.D., Ph.D..`    | Smith, J. A.                          | degrees are no names; names become initials   |
| `Ann Roe, RN, CISSP, and Al Poe` | Roe, A.; Poe, A.                      | capitals behind a full name are no initials   |
| `Gary Bravo MD`                  | Bravo, G.                             | after two names it is a degree                |
| `Van Dusen MD`                   | Van Dusen, M. D.                      | after one it is not                           |
| `K. T. Finnegan`                 | Finnegan, K. T.                       |                                               |
| `Smith, John; Doe, Jane`         | Smith, J.; Doe, J.                    | semicolons part whole names                   |
| `World Health Organization`      | literal World Health Organization     | a body has no family name                     |
| `Hicks RE, Fink PJ (eds)`        | nobody                                | an editor is no author                        |
| `Smith AB, editor`               | nobody                                | the same                                      |
| `Fisher DD Ungerleider JT`       | literal Fisher DD Ungerleider JT      | a comma is lost                               |
| `Smith AB. Jones CD`             | Smith, A. B.; Jones, C. D.            | each is whole, and a stop parts them          |
| `Doe JA y Roe RB`                | Doe, J. A.; Roe, R. B.                | the same                                      |
| `Ramón y Cajal S`                | Ramón y Cajal, S.                     | one name                                      |
| `Davy H, Sir`                    | Davy, H.                              | a title is nobody                             |
| `Wasson, R. Gordon`              | Wasson, R. G.                         | a family name and given names, one person     |
| `Doe, Jane B`                    | literal Doe, Jane B                   | one person or two                             |
| `Roe, Ann, Poe, Al`              | literal Roe, Ann, Poe, Al             | two people or four                            |
| `Kim KR, Park KyuSeok`           | Kim, K. R.; Park, K.                  | given names run together are no family name   |
| `Roe A, Roe Ann`                 | Roe, A.; Roe, A.                      | the family name stands beside it, in an index |
| `Roe A, Poe Ann`                 | Roe, A.; literal Poe Ann              | beside indexed names either may be the family |
| `Roe A, Jane B. Poe`             | Roe, A.; Poe, J. B.                   | an initial before the last word shows which   |
| `The mice slept well.`           | no authors line                       | a sentence                                    |
"""

import re

from bot.core.record import Name
from bot.sources.erowid.names import (
    BODY,
    COMMON,
    DEGREE,
    DEGREES_AFTER,
    EDITOR,
    INITIALS,
    PARTICLE_WORD,
    SHORT_NAME,
    SUFFIX,
    SUFFIX_ALONE,
    TITLE,
    UNNAMED,
    UPPER,
    WORD,
    ends_in_degree,
    family_first,
    full_name,
    has_initial,
    indexed,
    initials_of,
    is_degree,
    lone_name,
    reads_as_body,
)
from bot.sources.erowid.repairs import read_artefacts

MAX_LENGTH = 4000
"""The most characters of an authors line; longer than any real one."""
_ALL_EDITORS = re.compile(r"\b(?:eds|editors)\b\W*$", re.IGNORECASE)
_ET_AL = re.compile(
    r"""
    [\s,(\[]{0,4}(?:(?:and|&)\s+)?
    (?:
        \b(?:et\.?\s+al(?:ii)?|et\s+coll|and\s+(?:others|colleagues)|u\.\s?a)\b  # `et al.`, `and others`, German `u. a.`
        | \.{3} | \u2026
    )
    [\s.,\])]*(?=;|$)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AFFILIATION_MARKS = re.compile(
    r"\s?[(\[]\s?(?:[0-9]{1,2}|[a-z*\u2020\u2021\u00a7])"  # `(1)`, `[a]`, `(*)`
    r"(?:\s?[,;]\s?(?:[0-9]{1,2}|[a-z]))*\s?[)\]]"  # `(1, 2)`
)
_EDITOR_ALONE = frozenset({"ed", "ed.", "editor", "(ed)", "(editor)", "(ed.)", "hrsg", "hrsg."})
_BODY_OPENS = re.compile(r"(?:and\s+)?(?:(?:on behalf of|for)\s+)?(?:the\s+)?")
_FOR_BODY = re.compile(
    r"""
    (?P<people>.+?)
    (?:[\s,;]+(?:on\ behalf\ of|for)\s+|\.\s+|\s*\()  # `Roe A for the …`, `Roe A. The …`, `Roe A (the …)`
    (?:[Tt]he\s+)?(?P<body>[^\W\d_][^.()]*)\)?
    """,
    re.VERBOSE,
)
_SUFFIX_FIRST = re.compile(rf"(?:{SUFFIX_ALONE.pattern})(?:\s{INITIALS.pattern})?")
_STOP = re.compile(r"\.\s+")
_AND_MORE = re.compile(r"\s*,?\s+(?:y|e|i|\+)\s+|\s*\+\s*")
"""Words for "and" that may also be part of a name."""
_AND = re.compile(r"\s*,?\s+(?:and|&|und(?!\szu\b)|et)\s+|\s*&\s*")
_AND_BEFORE = re.compile(r"^(?:and|&)\s+")
_MARKS = re.compile(
    r"""
    (?<=[^\W\d_.])[\s]*[\d*\u2020\u2021\u00a7\u00b9\u00b2\u00b3\u2070-\u2089]+(?:,\d+)*$  # `Doe1,2`
    | [*\u2020\u2021\u00a7]+$                                                             # `Doe J.*`
    """,
    re.VERBOSE,
)
_NOBODY = frozenset({"author unknown", "no authors listed", "unknown"})


def read_authors(line: str) -> tuple[Name, ...] | None:
    """Read an authors line; None if the line is not one, empty if it names only editors.

    A name of unknown form becomes a literal, as printed.
    """
    text = _bare(line)
    if not text:
        return None
    if text.casefold() in _NOBODY:
        return ()
    one = _family_then_given(text)
    if one:
        return (one,)
    text, bodies = _cut_at_bodies(text)
    pieces = [piece for piece in _pieces(text) if piece and not TITLE.fullmatch(piece)]
    known = [indexed(piece) for piece in pieces]
    if pieces and all(name is None or ends_in_degree(piece) for piece, name in zip(pieces, known, strict=True)):
        found = _without_index(text, pieces)
        return (*found, *bodies) if found is not None else None
    if _ALL_EDITORS.search(text):
        return ()
    if pieces and pieces[-1].casefold() in _EDITOR_ALONE:
        pieces, known = pieces[:-2], known[:-2]
    families = frozenset(name.family for name in known if name and name.family)
    names = [
        name or _among_indexed(piece, families)
        for piece, name in zip(pieces, known, strict=True)
        if name or not is_degree(piece)
    ]
    return tuple(name for name in (*names, *bodies) if name is not None)


def lists_more(line: str) -> bool:
    """Whether an authors line says that there are further authors."""
    return _ET_AL.search(line) is not None


def _among_indexed(piece: str, families: frozenset[str]) -> Name | None:
    """Read a name beside others of the form `Family II`, where either of two plain words may be the family name."""
    full = full_name(piece) if has_initial(piece) and not SHORT_NAME.search(piece[-2:]) else None
    return full or family_first(piece, families) or lone_name(piece)


def _family_then_given(text: str) -> Name | None:
    """Read a line that is one person, family name first (`Wasson, R. Gordon`); a literal if unsure."""
    if text.count(",") != 1:
        return None
    family, given = (part.strip() for part in text.split(","))
    if not re.fullmatch(WORD, family) or BODY.search(family):
        return None
    if re.fullmatch(rf"(?:{UPPER}\.\s?){{1,3}}{WORD}(?:\s{UPPER}\.?)?", given) and not DEGREE.search(given):
        return Name(family, initials_of(given))
    return Name(literal=text.rstrip(".")) if re.fullmatch(rf"{WORD}\s{UPPER}\.?", given) else None


def _cut_at_bodies(text: str) -> tuple[str, tuple[Name, ...]]:
    """Split the people from the groups after them: `Roe A, Poe B; Goat Study Group`, `Roe A, for the Goat Collaborative`."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    people = [part for part in parts if all(map(indexed, _pieces(part)))]
    others = [_BODY_OPENS.sub("", part, count=1) for part in parts if part not in people]
    bodies = tuple(Name(literal=name) for part in others for name in _bodies(part))
    if len(parts) > 1 and bodies:
        if parts[0] in people and not any(_has_people(part) or EDITOR.search(part) for part in others):
            return ", ".join(people), bodies
        if not people and all(BODY.search(part) and reads_as_body(part) for part in others):
            return "", bodies
    match = _FOR_BODY.fullmatch(text)
    if match is None or not all(map(indexed, _pieces(match["people"]))):
        return text, ()
    body = match["body"]
    return (match["people"], (Name(literal=body),)) if reads_as_body(body) and BODY.search(body) else (text, ())


def _bodies(part: str) -> list[str]:
    """Split groups at commas: `Newt Group, Eel Team`, but not a group and its place: `Newt Group, Nowhere`."""
    names = [name.strip() for name in part.split(",")]
    return names if all(BODY.search(name) and reads_as_body(name) for name in names) else [part]


def _has_people(part: str) -> bool:
    """Whether a list has names of people besides groups and their places."""
    names = part.split(",")
    return len(names) > 1 and (not BODY.search(names[0]) or any(indexed(name.strip()) for name in names))


def _bare(line: str) -> str:
    """Remove what belongs to no name: the final stop, `et al.`, marks, square brackets around the line."""
    text = read_artefacts(" ".join(line.split()))[0].strip(" ,;")
    text = re.sub(r"^[Bb]y\s+(?=[A-Z])", "", text)
    if text.startswith("[") and text.rstrip(".").endswith("]"):
        text = text.rstrip(".")[1:-1]
    if not text or len(text) > MAX_LENGTH:
        return ""
    text = _AFFILIATION_MARKS.sub("", _ET_AL.sub("", text)).strip(" ;,")
    if text.endswith(("Jr.", "Sr.", "Jnr.", "Snr.")):
        return text
    return text.rstrip(". ,;") + ("." if re.search(rf"\b{UPPER}\.$", text) else "")


def _pieces(text: str) -> list[str]:
    """Split a line into names; after a stray comma, initials and suffixes belong to the name before it."""
    if ";" in text:
        return [name for part in _parted(text, ";") for name in _between_semicolons(part)]
    parts = _parted(text, ",")
    in_index = any(map(indexed, parts)) and not any(map(DEGREE.fullmatch, parts))
    pieces: list[str] = []
    for part in parts:
        is_initials = INITIALS.fullmatch(part) and bool(pieces) and _takes_initials(pieces[-1], part, in_index=in_index)
        if is_initials or (pieces and _SUFFIX_FIRST.fullmatch(part)):
            pieces[-1] += f" {part}"
        else:
            pieces.append(part)
    return pieces


def _parted(text: str, comma: str) -> list[str]:
    parts: list[str] = []
    for printed in text.split(comma):
        part = printed.strip()
        if COMMON.fullmatch(part):
            parts.append(part)
            continue
        names = _AND.split(part)
        for other in (_AND_MORE, _STOP):
            if len(names) == 1 and all(map(_stands_alone, more := other.split(part))):
                names = more
        whole = len(names) > 1 and BODY.search(part) and not any(indexed(name) for name in names)
        cleaned = (_MARKS.sub("", _AND_BEFORE.sub("", name.strip())).strip() for name in ([part] if whole else names))
        parts += [name for name in cleaned if any(map(str.isalpha, name))]
    return parts


def _stands_alone(name: str) -> bool:
    """Whether a name is complete by itself: `Smith AB` is, half of `Jane A. Doe MD` is not."""
    common = COMMON.fullmatch(name.rstrip("."))
    return common is not None and not DEGREE.fullmatch(common[2])


def _between_semicolons(part: str) -> list[str]:
    """Split the text between two semicolons: mostly one name, but also `Roe AB, Poe CD` before a group."""
    pieces = _pieces(part)
    several = len(pieces) > 1 and all(indexed(piece) or BODY.search(piece) for piece in pieces)
    return pieces if several else [_turned(part)]


def _turned(part: str) -> str:
    """Turn `Smith, John A.` into `Smith JA`, for lines with semicolons between names."""
    family, comma, given = part.partition(",")
    given = DEGREES_AFTER.sub("", given.partition(",")[0].strip())
    certain = " " in family.strip() or len(given) > 2 or not given.isupper()  # noqa: PLR2004 - `Roe, MA; Poe, CD` are initials
    if not comma or not given or (certain and DEGREE.fullmatch(given)):
        return family.strip()
    if " " in family.strip() and is_degree(given) and (not given.isupper() or len(given) > 3):  # noqa: PLR2004 - `Jane Roe, RPh`
        return family.strip()
    suffix = SUFFIX.fullmatch(given)
    given, tail = (suffix["name"], " " + suffix["suffix"]) if suffix else (given, "")
    return f"{family.strip()} {initials_of(given).replace(' ', '').replace('.', '')}{tail}"


def _takes_initials(piece: str, initials: str, *, in_index: bool) -> bool:
    """Whether initials belong to the name before them: the name has none yet, and they are not a degree."""
    if indexed(piece) is not None or INITIALS.fullmatch(piece) or (" " in piece and BODY.search(piece)):
        return False
    if is_degree(piece) and (DEGREE.fullmatch(piece) or not piece.isupper()):  # `KALANT, H` is a name
        return False
    count = sum(map(str.isupper, initials))
    if len([word for word in piece.split() if not PARTICLE_WORD.fullmatch(word)]) == 1:
        return count < 3 or not DEGREE.fullmatch(initials)  # noqa: PLR2004
    return count == 1 or (count == 2 and in_index)  # noqa: PLR2004


def _without_index(text: str, pieces: list[str]) -> tuple[Name, ...] | None:
    """Read a line without names of the form `Family II`: full names, or one institution; None for a sentence."""
    if EDITOR.search(text) and not BODY.search(EDITOR.sub("", text)):
        return () if all(indexed(EDITOR.sub("", piece)) for piece in pieces) else None
    if BODY.search(text) or text.casefold() in UNNAMED or (text.isupper() and " " not in text):
        return (Name(literal=text),) if reads_as_body(text) else None
    people = [pieces[0], *(piece for piece in pieces[1:] if not is_degree(piece))]
    two_words = len(people) == 2 and all(re.fullmatch(WORD, piece) for piece in people)  # noqa: PLR2004
    if two_words and not _AND.search(text):  # `Smith, John`
        return (Name(people[0], initials_of(people[1])),)
    alone = len(people) == 1 and re.fullmatch(WORD, people[0]) and not people[0].isupper()
    names = [full_name(piece) or (lone_name(piece) if alone else None) for piece in people]
    if names and all(names):
        return tuple(name for name in names if name is not None)
    return (Name(literal=text),) if reads_as_body(text) and not text.isupper() else None
