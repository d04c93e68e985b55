"""CSL-JSON items, read and cleaned.

Items may come from anywhere, so each value is checked: numbers become text, nulls are dropped, a lone name is a list of one.
Where reading differs from citeproc-js on purpose, so that nothing is lost or invented:

| style       | item                                  | citeproc-js               | here                       |
|-------------|---------------------------------------|---------------------------|----------------------------|
| `vancouver` | `issued: 1974-10/1975`                | raises                    | `1974 Oct–1975`            |
| `vancouver` | `type: newt`                          | the style's `else` branch | `J Made Up Stud. 1988;447` |
| `apa`       | `note: DOI: 10.1/x`                   | `10.1/x`                  | `447(1), 141–144.`         |
| `vancouver` | `issued: Spring 1988`                 | guessed                   | `Spring 1988`              |
| `vancouver` | `title: ["Newts", "Rats", true]`      | raises or prints it       | `Newts, Rats. J`           |
| `harvard`   | `page: 141-4 (Suppl)`                 | `141–4`                   | `141-4 (Suppl)`            |
| `vancouver` | `issued: {"date-parts": [["1988a"]]}` | `1988;`                   | `1988a;`                   |

A name with `|` is not split.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

NAMES = frozenset(
    """
    author chair collection-editor compiler composer container-author contributor curator director editor editor-translator
    editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author performer
    producer recipient reviewed-author script-writer series-creator translator
    """.split()
)
TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
    """.split()
)
SEASONS: Mapping[str, str] = {"1": "Spring", "2": "Summer", "3": "Autumn", "4": "Winter"}
"""The names of seasons, by CSL's numbers."""
DATES = frozenset(("accessed", "available-date", "event-date", "issued", "original-date", "submitted"))

_ET_AL = re.compile(r"(?:and |& )?(?:et al|others)\.?", re.IGNORECASE)
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|dx\.)?doi\.org/(?:doi:\s*)?(?=10\.)", re.IGNORECASE)
_DOI_LABEL = re.compile(r"(?:(?:urn:)?doi(?::\s*|\s+(?=10\.))|info:doi/)+", re.IGNORECASE)
_INTEGER = re.compile(r"\s*([+-]?\d{1,9})(?:\.0*)?\s*")
_DAY = r"([+-]?\d{1,6})(?:-(\d{1,2}))?(?:-(\d{1,2}))?"
_ISO = re.compile(rf"{_DAY}(?:\s*/\s*{_DAY})?")
_SPACE = re.compile("[\t\n\r\f\v\u2028\u2029 ]+")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CslName:
    """A person, or a body that has only `literal`."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    non_dropping: str = ""
    dropping: str = ""
    literal: str = ""
    comma_suffix: bool = False
    parse: bool = True
    """Whether `family` and `given` may hold particles and suffixes."""


@dataclass(frozen=True, slots=True)
class CslDate:
    """A date or a range: year, month and day of each end, None where unknown."""

    start: tuple[int | None, int | None, int | None] = (None, None, None)
    end: tuple[int | None, int | None, int | None] | None = None
    season: str = ""
    literal: str = ""
    circa: bool = False

    def __bool__(self) -> bool:
        return bool(self.literal or self.season or any(self.start) or any(self.end or ()))


@dataclass(frozen=True, slots=True)
class CslItem:
    """One work by CSL variables; unknown variables are absent."""

    type: str
    text: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[CslName, ...]] = field(default_factory=dict)
    dates: Mapping[str, CslDate] = field(default_factory=dict)
    more_authors: bool = False
    """Whether there are more authors than named ones: `"custom": {"more-authors": true}`, or a last author "et al."."""

    def __bool__(self) -> bool:
        return bool(self.text or self.names or self.dates)

    def has(self, variable: str) -> bool:
        """Tell whether a variable is known."""
        return variable in self.text or variable in self.names or variable in self.dates


def read_item(source: Mapping[str, object]) -> CslItem:
    """Read a CSL-JSON item; never raises."""
    text: dict[str, str] = {}
    names: dict[str, tuple[CslName, ...]] = {}
    dates: dict[str, CslDate] = {}
    for key, value in source.items():
        if key in NAMES:
            if people := read_names(value):
                names[key] = people
        elif key in DATES:
            if date := read_date(value):
                dates[key] = date
        elif key not in {"type", "id", "custom"} and (words := as_text(value)):
            text[str(key)] = words
    _normalize(text)
    more_authors = _take_et_al(names) or _says_more_authors(source.get("custom"))
    return CslItem(_type(as_text(source.get("type")), text), text, names, dates, more_authors and "author" in names)


def _normalize(text: dict[str, str]) -> None:
    """Rename old variables, reduce a DOI to its number, add the first page."""
    for short, old in (("title-short", "shortTitle"), ("container-title-short", "journalAbbreviation")):
        if old in text:
            text.setdefault(short, text[old])
    if "DOI" in text:
        text["DOI"] = _bare_doi(text["DOI"])
    if "page" in text:
        text["page-first"] = re.split(r"\s*(?:&|, |-|–)\s*", text["page"])[0] or text["page"]


def _take_et_al(names: dict[str, tuple[CslName, ...]]) -> bool:
    """Remove a last author that is "et al.", and tell whether there was one."""
    authors = names.get("author", ())
    if not authors or not _ET_AL.fullmatch(authors[-1].literal):
        return False
    names["author"] = authors[:-1]
    if not names["author"]:
        del names["author"]
    return True


def _says_more_authors(custom: object) -> bool:
    return isinstance(custom, Mapping) and custom.get("more-authors") is True


def _bare_doi(doi: str) -> str:
    """Remove an address or "doi:" from before a DOI."""
    label = _DOI_LABEL.match(doi)
    doi = doi[label.end() :] if label else doi
    address = _DOI_ADDRESS.match(doi)
    return unquote(doi[address.end() :]) if address else doi


def _type(given: str, text: Mapping[str, str]) -> str:
    """Return the given type if CSL has it, else one that fits the variables."""
    if given in TYPES:
        return given
    if "container-title" not in text:
        return "document"
    return "article-journal" if "volume" in text or "issue" in text else "chapter"


def unique_id(identity: str, taken: set[str]) -> str:
    """Return an ID that is not taken yet, and add it to the taken ones: `7001`, `7001-2`."""
    unique, count = identity, 1
    while unique in taken:
        count += 1
        unique = f"{identity}-{count}"
    taken.add(unique)
    return unique


def as_text(value: object) -> str:
    """Return a value as one line of text; lists are joined, and anything but text and numbers becomes empty."""
    if isinstance(value, str):
        return _NO_TEXT.sub("\ufffd", _SPACE.sub(" ", value)).strip()
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, Sequence):
        return ", ".join(filter(None, map(_shallow_text, value)))
    return ""


def _shallow_text(value: object) -> str:
    return as_text(value) if isinstance(value, str | int | float) else ""


def read_names(value: object) -> tuple[CslName, ...]:
    """Read a name variable: a list of names, one name, or a text."""
    if isinstance(value, Mapping | str):
        value = [value]
    if not isinstance(value, Sequence):
        return ()
    return tuple(name for name in map(_read_name, value) if name)


def _read_name(value: object) -> CslName | None:
    if not isinstance(value, Mapping):
        literal = _shallow_text(value)
        return CslName(literal=literal) if literal else None
    parts = {key: as_text(part) for key, part in value.items()}
    family, given = parts.get("family", ""), parts.get("given", "")
    literal = parts.get("literal", "")
    if literal:
        return CslName(literal=literal)
    if not family and not given:
        return None
    quoted = re.fullmatch('".+"', family) is not None
    return CslName(
        family=family[1:-1] if quoted else family,
        given=given,
        suffix=parts.get("suffix", ""),
        non_dropping=parts.get("non-dropping-particle", ""),
        dropping=parts.get("dropping-particle", ""),
        comma_suffix=bool(value.get("comma-suffix")),
        parse=not quoted and bool(value.get("parse-names", True)),
    )


def read_date(value: object) -> CslDate:
    """Read a date variable: `date-parts`, a literal or a text, in which ISO dates and ranges are understood."""
    if not isinstance(value, Mapping):
        return _read_raw(as_text(value))
    parts = value.get("date-parts")
    ends = [_read_parts(end) for end in _ends(parts)]
    if not any(any(end) for end in ends):
        raw = _read_raw(as_text(value.get("raw")))
        if raw:
            return raw
        if words := [as_text(end) for end in _ends(parts) if as_text(end)]:
            return CslDate(literal=as_text(value.get("literal")) or "/".join(words), circa=bool(value.get("circa")))
    season = as_text(value.get("season"))
    return CslDate(
        start=ends[0] if ends else (None, None, None),
        end=ends[1] if len(ends) > 1 and any(ends[1]) else None,
        season=season,
        literal=as_text(value.get("literal")),
        circa=bool(value.get("circa")),
    )


def _ends(parts: object) -> Sequence[object]:
    """Return the one or two dates of `date-parts`; a flat list of numbers is one date."""
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return ()
    return parts[:2] if isinstance(next(iter(parts), None), list | tuple) else [parts]


def _read_parts(end: object) -> tuple[int | None, int | None, int | None]:
    if not isinstance(end, Sequence) or isinstance(end, str):
        end = [end]
    found = [_integer(part) for part in end[:3]]
    year, month, day = found + [None] * (3 - len(found))
    return year or None, month or None, day or None


def _integer(value: object) -> int | None:
    match = _INTEGER.fullmatch(_shallow_text(value))
    return int(match[1]) if match else None


def _read_raw(text: str) -> CslDate:
    match = _ISO.fullmatch(text)
    if not match:
        return CslDate(literal=text)
    year, month, day, *end = (int(part) if part else None for part in match.groups())
    return CslDate((year, month, day), (end[0], end[1], end[2]) if end[0] else None)
