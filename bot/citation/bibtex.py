"""BibTeX: one entry for each item, in LaTeX that BibTeX and biber both read.

Text is escaped and its braces are always balanced. Many styles put titles in lower case, so braces protect words whose
capitals must stay: words with a capital inside (LSD, mRNA), and capitalised words except the first, unless the title is in
title case. DOI and URL are verbatim; a brace, a backslash or a control character in them is percent-encoded, since a brace
would end the entry. Letters stay UTF-8.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from bot.citation.csl.textcase import STOP_WORDS
from bot.citation.item import SEASONS, CslDate, CslItem, CslName, as_text, read_item
from bot.citation.markup import FIELD_MARKUP, without_markup
from bot.citation.pages import whole_ranges

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
    "container-title-short": "shortjournal",
    "volume": "volume",
    "issue": "number",
    "edition": "edition",
    "publisher": "publisher",
    "publisher-place": "address",
    "language": "language",
    "ISBN": "isbn",
    "ISSN": "issn",
    "PMID": "pmid",
    "PMCID": "pmcid",
    "note": "note",
}
_TITLES: Mapping[str, str] = {"title": "title", "collection-title": "series"}
"""Fields that BibTeX styles put in lower case."""
_EDTF_SPRING = 21
"""Spring as a month, in the date format that biblatex reads; the other seasons follow."""
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
_PARTS = re.compile(r"\s+|[^\s]+")
_BARE_WORD = re.compile(r"""(?P<before>["'“‘(\[]*)(?P<word>.*?)(?P<behind>[]"'”’),;:?!]*)""")
_TITLE_CASE_WORDS = 3
"""The fewest long words of a title by which title case can be told from sentence case."""


def to_bibtex(items: Iterable[Mapping[str, object]]) -> str:
    """Write items as a BibTeX file; keys such as `doe1998-281` do not depend on the other items."""
    taken: set[str] = set()
    return "".join(_entry(read_item(item), as_text(item.get("id")), taken) for item in items)


def _entry(item: CslItem, identity: str, taken: set[str]) -> str:
    issued = item.dates.get("issued", CslDate())
    language = item.text.get("language", "")
    fields = {
        "author": _people(item.names.get("author", ())) + " and others" * item.more_authors,
        "editor": _people(item.names.get("editor", ())),
        **{field: _title(item.text.get(name, ""), language) for name, field in _TITLES.items()},
        **{field: _escape(item.text.get(name, "")) for name, field in _FIELDS.items()},
        **_container(item),
        **_dates(issued),
        "pages": _escape(whole_ranges(item.text.get("page", ""), "--")),
        "type": _escape(item.text.get("genre", "")) if item.type in {"report", "thesis"} else "",
        "doi": _verbatim(item.text.get("DOI", "")),
        "url": _verbatim(item.text.get("URL", "")),
        "urldate": _days(item.dates.get("accessed", CslDate())),
    }
    own = _escape(item.text.get("number", ""))
    fields["number"] = own or fields["number"] if item.type in {"report", "patent"} else fields["number"] or own
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    month = issued.start[1]
    if month and 1 <= month <= len(_MONTHS):
        lines.append(f"  month = {_MONTHS[month - 1]},\n")
    elif issued.season:
        lines.append(f"  month = {{{_escape(SEASONS.get(issued.season, issued.season))}}},\n")
    return f"@{_type(item)}{{{_key(item, identity, taken)},\n{''.join(lines)}}}\n\n"


def _type(item: CslItem) -> str:
    if item.type == "thesis":
        genre = item.text.get("genre", "").lower()
        return "phdthesis" if re.search("ph\\.?d|doctor", genre) else "mastersthesis" if "master" in genre else "misc"
    return _TYPES.get(item.type, "misc")


def _key(item: CslItem, identity: str, taken: set[str]) -> str:
    """Build a key from the first name, the year and the item's ID."""
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
    write = partial(_title, language=item.text.get("language", "")) if field == "booktitle" else _escape
    return {field: write(item.text.get("container-title", ""))}


def _dates(date: CslDate) -> dict[str, str]:
    """Return the year for BibTeX, and the whole date or range for biblatex."""
    if date.literal and not any(date.start):
        return {"year": _escape(date.literal)}
    year = str(date.start[0]) if date.start[0] else ""
    if year and date.season in SEASONS and not date.start[1] and not date.end:
        return {"year": year, "date": f"{_iso(date.start)}-{_EDTF_SPRING + int(date.season) - 1}"}
    return {"year": year, "date": _days(date)}


def _days(date: CslDate) -> str:
    """Return a date or range for biblatex: `1974-10/1974-12`; empty without a year."""
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
    """Escape a part of a name, in braces if BibTeX would split it."""
    escaped = _escape(text)
    return f"{{{escaped}}}" if re.search(r",|(?i:(?:^|\s)and(?:\s|$))", text) else escaped


def _escape(text: str) -> str:
    """Return a field as LaTeX, its markup as commands."""
    return _to_latex(text, lambda _word, _first: False)


def _title(text: str, language: str) -> str:
    """Return a title as LaTeX, with braces around words whose capitals must stay."""
    title_case = _is_title_case(without_markup(text), language)

    def keeps_capitals(word: str, first: bool) -> bool:  # noqa: FBT001 - the signature that _to_latex asks for
        return any(letter.isupper() for letter in word[1:]) or (word[:1].isupper() and not first and not title_case)

    return _to_latex(text, keeps_capitals)


def _to_latex(text: str, in_braces: Callable[[str, bool], bool]) -> str:
    """Return a field as LaTeX; `in_braces` decides for a word, and whether it is the first, if it gets braces."""
    out = []
    first = True
    for segment, is_latex in _segments(text):
        for part in [segment] if is_latex else _PARTS.findall(segment):
            match = None if is_latex else _BARE_WORD.fullmatch(part)
            if match and in_braces(match["word"], first):
                out.append(f"{_latex(match['before'])}{{{_latex(match['word'])}}}{_latex(match['behind'])}")
            else:
                out.append(part if is_latex else _latex(part))
            first = first and (is_latex or not part.strip())
    return "".join(out)


def _segments(text: str) -> Iterator[tuple[str, bool]]:
    """Split a field at its markup, into text (False) and LaTeX commands (True)."""
    match = FIELD_MARKUP.search(text)
    if not match:
        yield text, False
        return
    yield text[: match.start()], False
    if match["tag"]:
        yield f"\\{_COMMANDS[match['tag']]}{{", True
    yield from _segments(match["marked"] or match["plain"] or "")
    if match["tag"]:
        yield "}", True
    yield from _segments(text[match.end() :])


def _is_title_case(title: str, language: str) -> bool:
    """Tell whether an English title is in title case, so that a capital does not mark a name."""
    words = [word for word in re.findall(r"[^\W\d_]+", title)[1:] if len(word) > 3 and word.lower() not in STOP_WORDS]  # noqa: PLR2004
    return (
        language[:2].lower() in {"", "en"}
        and len(words) >= _TITLE_CASE_WORDS
        and all(word[0].isupper() or not word[0].islower() for word in words)
    )


def _latex(text: str) -> str:
    escaped = "".join(_ESCAPES.get(letter, letter) for letter in text)
    return re.sub("(?<=['])(?=['])|(?<=,)(?=,)", "{}", escaped)


def _verbatim(address: str) -> str:
    return re.sub(r"[{}\\\s]|[^\x20-\U0010ffff]", lambda match: f"%{ord(match[0]):02X}", address)
