"""BibTeX: one entry a record, in LaTeX that any BibTeX and biber reads.

Text is escaped, braces are always balanced, names and titles keep their capitals. DOI and URL stand verbatim, but that a
brace, a backslash or a control character in one is percent-encoded (a brace would end the entry). Letters stay UTF-8.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from bot.citation.item import CslDate, CslItem, CslName, as_text, read_item

_TYPES: Mapping[str, str] = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
}
_FIELDS: Mapping[str, str] = {
    "title": "title",
    "collection-title": "series",
    "volume": "volume",
    "issue": "number",
    "edition": "edition",
    "publisher": "publisher",
    "publisher-place": "address",
    "language": "language",
    "ISBN": "isbn",
    "ISSN": "issn",
    "PMID": "pmid",
    "note": "note",
}
_TITLES: Final = ("title", "series")
"""Fields whose letters styles lower."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
} | {mark: f"\\{mark}" for mark in "$&%#_"}
_COMMANDS: Final = {"i": "textit", "b": "textbf", "sup": "textsuperscript", "sub": "textsubscript", "sc": "textsc"}
_MARKUP = re.compile(r"<(i|b|sup|sub|sc)>(.*?)</\1>")
_SPAN = re.compile(r"<span[^<>]*>(.*?)</span>")
_PARTS = re.compile(r"\s+|[^\s]+")


def to_bibtex(items: Iterable[Mapping[str, object]]) -> str:
    """Give records as a BibTeX file; a key names its record alone (`doe1998-281`), and is unique in the file."""
    taken: set[str] = set()
    return "".join(_entry(read_item(item), as_text(item.get("id")), taken) for item in items)


def _entry(item: CslItem, identity: str, taken: set[str]) -> str:
    fields = {
        "author": _people(item.names.get("author", ())),
        "editor": _people(item.names.get("editor", ())),
        **{field: _escape(item.text.get(variable, ""), protect=field in _TITLES) for variable, field in _FIELDS.items()},
        **_container(item),
        **_dates(item.dates.get("issued", CslDate())),
        "pages": re.sub(r"(?<=\w)\s*[-–]\s*(?=\w)", "--", _escape(item.text.get("page", ""))),
        "type": _escape(item.text.get("genre", "")) if item.type in {"report", "thesis"} else "",
        "doi": _verbatim(item.text.get("DOI", "")),
        "url": _verbatim(item.text.get("URL", "")),
        "urldate": _days(item.dates.get("accessed", CslDate())),
    }
    own = _escape(item.text.get("number", ""))
    fields["number"] = own or fields["number"] if item.type in {"report", "patent"} else fields["number"] or own
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    month = item.dates["issued"].start[1] if "issued" in item.dates else None
    if month and 1 <= month <= len(_MONTHS):
        lines.append(f"  month = {_MONTHS[month - 1]},\n")
    return f"@{_type(item)}{{{_key(item, identity, taken)},\n{''.join(lines)}}}\n\n"


def _type(item: CslItem) -> str:
    if item.type == "thesis":
        genre = item.text.get("genre", "").lower()
        return "phdthesis" if re.search("ph\\.?d|doctor", genre) else "mastersthesis" if "master" in genre else "misc"
    return _TYPES.get(item.type, "misc")


def _key(item: CslItem, identity: str, taken: set[str]) -> str:
    """Make a key of the first name, the year and the record's own number."""
    names = item.names.get("author") or item.names.get("editor") or (CslName(),)
    who = _ascii(names[0].family or names[0].literal) or "anon"
    issued = item.dates.get("issued", CslDate())
    key = f"{who.lower()}{issued.start[0] or ''}" + (f"-{_ascii(identity)}" if _ascii(identity) else "")
    unique, count = key, 1
    while unique.lower() in taken:
        count += 1
        unique = f"{key}.{count}"
    taken.add(unique.lower())
    return unique


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^A-Za-z0-9]", "", plain)[:40]


def _container(item: CslItem) -> dict[str, str]:
    field = {"article": "journal", "misc": "howpublished"}.get(_type(item), "booktitle")
    return {field: _escape(item.text.get("container-title", ""), protect=field == "booktitle")}


def _dates(date: CslDate) -> dict[str, str]:
    """Give the year for BibTeX, and the whole date or range for biblatex."""
    if date.literal and not any(date.start):
        return {"year": _escape(date.literal)}
    return {"year": str(date.start[0]) if date.start[0] else "", "date": _days(date)}


def _days(date: CslDate) -> str:
    """Give a date or range as biblatex has it: `1974-10/1974-12`; nothing where no year is known."""
    return "/".join(_iso(end) for end in (date.start, date.end) if end and end[0])


def _iso(end: tuple[int | None, int | None, int | None]) -> str:
    known = [str(end[0]).zfill(4)]
    for part in end[1:]:
        if part is None or not 1 <= part <= 31:  # noqa: PLR2004 - days of a month
            break
        known.append(f"{part:02}")
    return "-".join(known)


def _people(people: Iterable[CslName]) -> str:
    return " and ".join(_person(name) for name in people)


def _person(name: CslName) -> str:
    if name.literal:
        return f"{{{_escape(name.literal)}}}"
    particles = " ".join(part for part in (name.dropping, name.non_dropping) if part)
    family, given, suffix = (_name_part(part) for part in (name.family, name.given, name.suffix))
    if particles:
        family = f"{_escape(particles)} {family}"
    if not (given or suffix):
        return family if " " not in family else f"{{{family}}}"
    return ", ".join([family or "{}", *([suffix] if suffix else []), given or "{}"])


def _name_part(text: str) -> str:
    """Escape a part of a name; one that BibTeX would cut wrongly stands in braces."""
    escaped = _escape(text)
    return f"{{{escaped}}}" if re.search(r",|(?i:(?:^|\s)and(?:\s|$))", text) else escaped


def _escape(text: str, *, protect: bool = False) -> str:
    """Give a text as LaTeX: its markup as commands and, to protect them, words with inner capitals in braces."""
    if match := _MARKUP.search(text):
        inside = _escape(match[2], protect=protect)
        command = f"\\{_COMMANDS[match[1]]}{{{inside}}}"
        return _escape(text[: match.start()], protect=protect) + command + _escape(text[match.end() :], protect=protect)
    if match := _SPAN.search(text):
        return _escape(text[: match.start()] + match[1] + text[match.end() :], protect=protect)
    return "".join(_word(part, protect=protect) for part in _PARTS.findall(text))


def _word(word: str, *, protect: bool) -> str:
    escaped = re.sub("(?<=['])(?=['])|(?<=,)(?=,)", "{}", "".join(_ESCAPES.get(letter, letter) for letter in word))
    inner = any(letter.isupper() for letter in word[1:])
    return f"{{{escaped}}}" if inner and protect else escaped


def _verbatim(address: str) -> str:
    return re.sub(r"[{}\\\s]|[^\x20-\U0010ffff]", lambda match: f"%{ord(match[0]):02X}", address)
