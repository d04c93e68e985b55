"""Reads one printed name: a person in the index's order (`Doe JA`) or in full, or a body.

| printed                          | read                         | why                                               |
|----------------------------------|------------------------------|---------------------------------------------------|
| `Benda Ph, Meyer Chr`            | Benda, Ph.; Meyer, Chr.      | no vowel, so a name cut short, kept with its stop |
| `Ivanov IuA`                     | Ivanov, Iu. A.               | transliterated initials                           |
| `Hinkle LE Snr`                  | Hinkle, L. E., Snr.          |                                                   |
| `Cohen S MD, Smith AB MBBS FRCP` | Cohen, S.; Smith, A. B.      | after initials it is a degree                     |
| `Smith J. M. D., Roe A`          | Smith, J. M. D.; Roe, A.     | spaced like the initials, it is no degree         |
| `Kim Ng`                         | Ng, K.                       | a short family name                               |
| `Ivanov Ya, Roe A`               | literal Ivanov Ya; Roe, A.   | a name or an initial, unsure which                |
| `Home Office, Roe A`             | literal Home Office; Roe, A. | a body                                            |
"""

import re

from bot.core.record import Name

UPPER = r"[^\W\d_a-z\u00b2\u00b3\u00b9\u2070-\u2089\u00df-\u00f6\u00f8-\u00ff]"
_TWO_LETTERS = r"I[ua]|Y[aeu]|[KSZCT]h|Ts"
"""Transliterated initials, as in `Ivanov IuA`."""
_CONSONANTS = r"[BCDFGHJ-NP-TV-XZ][bcdfghj-np-tv-xz]"
_NO_GIVEN_NAME = r"Ng|Dr|Mr|Ms|Mc|Jr|Sr|Ph\.\s?D|Th\.\s?D"
_CUT_SHORT = rf"(?:(?!{_NO_GIVEN_NAME}){_CONSONANTS}|Chr|Thr)(?![^\W\d_])"
"""Abbreviated given names, as in `Benda Ph`: without a vowel, so not a whole name."""
_INITIAL = rf"(?:{_CUT_SHORT}|{_TWO_LETTERS}|{UPPER})"
INITIALS = re.compile(rf"(?:{_INITIAL}(?:\.\s?-?|[\s-])?){{1,5}}\.?")
_ONE_INITIAL = re.compile(rf"(-?)({_CUT_SHORT}|{_TWO_LETTERS}|{UPPER})")
SHORT_NAME = re.compile(r"Y[aeu]")
"""Letters that are more likely a short name than an initial if they are all that follows the family name."""
WORD = rf"{UPPER}[\w'\u2019\u02bc`\u2010-]+"
COMMON = re.compile(r"([A-Z][a-z]+) (?!I+V?$)([A-Z]{1,4})")
"""The form of most names, checked first, since the other forms take longer."""
PARTICLE_WORD = re.compile(
    r"""
    van | von | vom | und | zum | zur | auf                 # Dutch, German
    | de | der | den                                        # `de la`, `van der`, `van den`
    | del | dell[ao] | degli | dei | di | da | dal | dalla  # Spanish, Italian
    | das | do | dos | du | la | le                         # Portuguese, French
    | ten | ter | op | in | st\.? | zu                      # Dutch, English, German
    | al | el | ul | ben | bin | bint | ibn | abu           # Arabic, Hebrew
    | ap | af | av | 't | y                                 # Welsh, Swedish, Dutch, Spanish
    """,
    re.IGNORECASE | re.VERBOSE,
)
SUFFIX = re.compile(r"(?P<name>.*\S)[\s,]+(?P<suffix>(?:Jn?r|Sn?r)\b\.?|2nd|3rd|4th|II|III|IV)$")
SUFFIX_ALONE = re.compile(r"(?:Jn?r|Sn?r)\.?|2nd|3rd|4th|II|III|IV")
_FAMILY_WORD = re.compile(rf"(?:[a-z]{{1,4}}['\u2019-]){{0,2}}{WORD}|{UPPER}['\u2019]{WORD}")
_DEGREE_WORDS = r"""(?:
    M\.\s?D\.?|MD|Ph\.?\s?D\.?|PhD|D\.\s?Phil\.?|DPhil|M\.\s?A\.?|MA|M\.\s?S\.?|MS|MSc|M\.\s?Sc\.?  # doctors, masters
    |B\.\s?A\.?|BA|B\.\s?S\.?|BS|BSc|B\.\s?Sc\.?|MPH|M\.\s?P\.\s?H\.?|D\.\s?O\.?|DO
    |Pharm\.?\s?D\.?|Psy\.?\s?D\.?|Ed\.?\s?D\.?|D\.\s?Sc\.?|DSc|Sc\.\s?D\.?|R\.\s?N\.?|RN           # other doctors, nursing
    |M\.\s?B\.?|MB|MBBS|MRCP|FRCP|FRCPC|F\.R\.C\.P\.?|D\.\s?P\.\s?M\.?|DPM                          # Britain, Canada
    |Dr\.?\s?(?:med|phil|rer\.?\s?nat)\.?                                                           # `Dr. rer. nat.`
    |J\.\s?D\.?|JD|LL\.?B\.?|MSW|LCSW|M\.\s?Ed\.?|DVM|DDS|Esq\.?|FACEP|FACMT|ABMT|MBA|CNS|NP|PA-C   # law, care and others
    |Ch\.?\s?B\.?|MBChB
    |S\.?T\.?[MB]\.?|Th\.?\s?D\.?|M\.?\s?Div\.?|D\.?\s?Min\.?|M\.?\s?Phil\.?                        # theology, philosophy
    |MRCPsych|FRCPsych|FRANZCP|BSN|MSN                                                              # psychiatry, nursing
    |B\.?M\.?,?\s?B\.?Ch(?:ir)?\.?|B\.?\s?Ch(?:ir)?\.?                                              # `BM BCh`
    )"""
_DEGREES = rf"{_DEGREE_WORDS}\.?(?:[\s,/]+{_DEGREE_WORDS}\.?)*"
DEGREE = re.compile(_DEGREES, re.VERBOSE)
_DEGREE_SHAPED = re.compile(
    r"""
    [A-Z][A-Z.-]{2,}                                                                           # `CISSP`, `F.R.C.A.`
    | (?!Ma?c[A-Z]|D[aeiu][A-Z]|L[ae][A-Z]|V[ao]n[A-Z]|Fitz[A-Z])[A-Z][A-Za-z]*[A-Z][A-Za-z]*  # `LAc`, `CPsychol`
    | Dipl[.-].*
    """,
    re.VERBOSE,
)
_CAPITALS = re.compile(r"[A-Z]{4,}(?:-[A-Z]+)?|[A-Z]{3,}-[A-Z]+")
"""Capitals that are a degree, not initials, behind two names."""
_CAPITALS_AFTER = re.compile(r"(?<=[a-z])\s(?!III$)[A-Z]{3,}(?:-[A-Z]+)?$")
DEGREES_AFTER = re.compile(rf"\s(?P<degrees>{_DEGREES})$", re.VERBOSE)
TITLE = re.compile(r"(?:Dr|Prof|Sir|Dame|Rev|[Tt]rans|[Tt]ranslators?|[Ii]llustrators?)\.?")
"""A title or a role, not a person, if it stands alone between commas."""
_TITLE_BEFORE = re.compile(r"^(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir)\b\.?\s+")
EDITOR = re.compile(r"\s*[(\[,]?\s*\b(?:eds?|editors?|hrsg)\b\.?\s*[)\]]?\s*$", re.IGNORECASE)
BODY = re.compile(
    r"""
    \b(?:
        academy | administration | agency | association | associates | board | bureau
        | cent(?:er|re) | clinic | collaboration | collaborative | college             # `Newt Collaborative`
        | commission | committee | company | consortium | corp(?:oration)? | council
        | department | division | editors? | faculty | federation | foundation         # `The Editors`
        | government | group | hospital | inc | institute? | institut | investigators  # `Newt Study Group`
        | laborator(?:y|ies) | league | library | ltd | ministry | nations | network   # `United Nations`
        | office | organi[sz]ation | panel | press | program(?:me)? | project | research
        | school | section | service | services | society | staff | studies | study | survey
        | system | task\ force | team | trust | union | university | workshop | world
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SMALL_WORDS = frozenset(
    re.findall(
        r"\S+",
        """and de del der des di du et for für in of on the to und von with la le""",
    )
)
_GIVEN_INSIDE = re.compile(
    r"""
    (?! Ma?c[A-Z] | D[aei][A-Z] | L[ae][A-Z] | V[ao]n[A-Z] | Fitz[A-Z] )  # not `McNewt`, `DeNewt`, `LaNewt`, `VanNewt`
    [A-Z][a-z]+[A-Z][a-z]+
    """,
    re.VERBOSE,
)
"""A given name of two syllables run together, such as `KyuSeok`."""
UNNAMED = frozenset({"anon", "anonymous", "editorial", "staff"})


def indexed(piece: str) -> Name | None:
    """Read a name of the form `Family II`, with or without a suffix and degrees; None for any other form."""
    common = COMMON.fullmatch(piece)
    if common:
        return Name(common[1], " ".join(f"{letter}." for letter in common[2]))
    if DEGREE.fullmatch(piece) and piece.partition(" ")[0] not in {piece, "BA", "DO", "MA"}:  # `BM BCh`, but not `MA MD`
        return None
    piece = _less_degrees(piece)
    suffixed = SUFFIX.fullmatch(piece)
    bare = suffixed["name"] if suffixed else piece
    words = bare.split()
    taken = 0
    for count in range(1, min(len(words), 5)):
        if not INITIALS.fullmatch(" ".join(words[-count:])):
            break
        taken = count
    if taken == 1 and SHORT_NAME.fullmatch(words[-1]):
        return None
    while taken:
        if _are_degrees(words, taken):
            return None
        family = " ".join(words[:-taken]).rstrip(",")
        before = SUFFIX.fullmatch(family)  # `Pope Jr HG`
        suffix = _suffix(suffixed or before)
        if _reads_as_family(before["name"] if before else family) and not (" " in family and BODY.search(family)):
            return Name(before["name"] if before else family, _spaced(" ".join(words[-taken:])), suffix)
        taken -= 1
    return None


def _are_degrees(words: list[str], taken: int) -> bool:
    """Whether the last words are degrees, not initials: `Jane Roe MD MPH`, `John Poe CADC`, `Roe JA FACP`."""
    last = words[-taken:]
    before = [word for word in words[:-taken] if not PARTICLE_WORD.fullmatch(word)]
    if taken > 1 and all(len(word) > 1 and DEGREE.fullmatch(word) for word in last):
        return True
    after_initials = len(before) > 1 and INITIALS.fullmatch(before[-1]) is not None and not before[0].isupper()
    return len(before) > 1 and taken == 1 and (after_initials or _CAPITALS.fullmatch(last[0]) is not None)


def _less_degrees(piece: str) -> str:
    """Remove degrees after initials: from `Cohen S MD`, but not from `Van Dusen MD` or `Smith J. M. D.`."""
    words = piece.split()
    kept = len(words)
    while kept > 2 and len(words[kept - 1]) > 2 - words[kept - 1].isalpha() and DEGREE.fullmatch(words[kept - 1]):  # noqa: PLR2004
        kept -= 1
    if kept > 2 and _CAPITALS.fullmatch(words[kept - 1]) and not words[0].isupper():  # noqa: PLR2004
        kept -= 1
    return " ".join(words[:kept]) if kept < len(words) and INITIALS.fullmatch(words[kept - 1]) else piece


def ends_in_degree(piece: str) -> bool:
    """Whether a name ends in a degree, as `Gary Bravo MD` does after two names, and `Van Dusen MD` does not."""
    match = DEGREES_AFTER.search(piece) or _CAPITALS_AFTER.search(piece)
    if match is None or _less_degrees(piece) != piece:
        return False
    return sum(not PARTICLE_WORD.fullmatch(word) for word in piece[: match.start()].split()) > 1


def is_degree(piece: str) -> bool:
    """Whether a text between commas is a degree: a known one, or capitals that no name has."""
    bare = piece.partition("(")[0].strip()
    return DEGREE.fullmatch(bare) is not None or _DEGREE_SHAPED.fullmatch(bare) is not None


def _reads_as_family(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 5  # noqa: PLR2004
        and all(PARTICLE_WORD.fullmatch(word) or _FAMILY_WORD.fullmatch(word) for word in words)
        and len(words[-1]) > 1
        and not (words[-1].islower() and PARTICLE_WORD.fullmatch(words[-1]))
        and not any(INITIALS.fullmatch(word) for word in words[1:-1])  # a comma is missing
    )


def _suffix(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return match["suffix"].rstrip(".") + ("." if match["suffix"][0] in "JS" else "")


def _spaced(initials: str) -> str:
    """Write initials with stops: `KT` as `K. T.`, `J-P` as `J.-P.`."""
    return "".join(f"{hyphen or ' '}{letter}." for hyphen, letter in _ONE_INITIAL.findall(initials)).strip()


def initials_of(given: str) -> str:
    """Shorten given names to initials: `Mary-Ann J.` to `M.-A. J.`."""
    parts = []
    for word in re.split(r"[\s.]+", given):
        if (word.isupper() and len(word) <= 3) or re.fullmatch(_INITIAL, word):  # noqa: PLR2004
            parts.append(_spaced(word))
        elif word:
            parts.append("-".join(f"{part[0]}." for part in word.split("-") if part[:1].isalpha()))
    return " ".join(part for part in parts if part)


def full_name(piece: str) -> Name | None:
    """Read a full name (`John A. Smith`), leaving out degrees and titles; None for any other form."""
    if BODY.search(piece):
        return None
    text = _TITLE_BEFORE.sub("", _CAPITALS_AFTER.sub("", DEGREES_AFTER.sub("", piece)))
    suffixed = SUFFIX.fullmatch(text)
    words = (suffixed["name"] if suffixed else text).split()
    if not 2 <= len(words) <= 6:  # noqa: PLR2004
        return None
    at = len(words) - 1
    while at > 1 and PARTICLE_WORD.fullmatch(words[at - 1]) and words[at - 1][0].islower():
        at -= 1
    given, family = words[:at], " ".join(words[at:])
    if (
        not _reads_as_family(family)
        or family.isupper()
        or given[0] == "The"
        or any(DEGREE.fullmatch(word) for word in given[2:-1])  # `Jane Roe MD John Poe`: a comma is missing
        or any(DEGREE.fullmatch(word) and not word.isupper() for word in given[1:])
        or not all(re.fullmatch(rf"{WORD}|(?:{_INITIAL}\.?-?){{1,3}}", word) for word in given)
    ):
        return None
    return Name(family, initials_of(" ".join(given)), _suffix(suffixed))


def family_first(piece: str, families: frozenset[str]) -> Name | None:
    """Read `Park KyuSeok` beside `Family II` names, if the second word must be a given name or the first is a family."""
    family, _, given = piece.partition(" ")
    if not (re.fullmatch(WORD, family) and re.fullmatch(WORD, given)) or family.isupper() or given.isupper():
        return None
    return Name(family, initials_of(given)) if _GIVEN_INSIDE.fullmatch(given) or family in families else None


def has_initial(piece: str) -> bool:
    """Whether an initial before the last word shows that the family name is last: `Jane B. Roe`."""
    return any(INITIALS.fullmatch(word) for word in piece.split()[:-1])


def lone_name(piece: str) -> Name | None:
    """Read a name without initials, or an institution; None for an editor."""
    if EDITOR.search(piece) and not BODY.search(EDITOR.sub("", piece)):
        return None
    if re.fullmatch(WORD, piece) and not piece.isupper() and piece.casefold() not in UNNAMED:
        return Name(piece)
    return Name(literal=piece.removeprefix("the "))


_MOST_WORDS = 16


def reads_as_body(text: str) -> bool:
    """Whether a text is an institution's name, not a sentence: capitalised words, and no marks that names do not have."""
    words = re.findall(r"[^\s,()&/-]+", text)
    return (
        len(words) <= _MOST_WORDS
        and not re.search(r"[!?$%:\u201c\u201d\"]", text)
        and all(word in _SMALL_WORDS or word[0].isupper() or word[0].isdigit() for word in words)
    )
