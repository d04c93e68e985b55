"""RIS files, written by rispy; the tags are those that Zotero and EndNote read."""

from collections.abc import Iterable, Mapping

import rispy

from bot.citation.item import SEASONS, CslDate, CslItem, CslName, as_text, read_item, unique_id
from bot.citation.markup import without_markup
from bot.citation.pages import read_page_range, whole_ranges

_TYPES: Mapping[str, str] = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "entry-encyclopedia": "ENCYC",
    "legal_case": "CASE",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "paper-conference": "CONF",
    "patent": "PAT",
    "post": "ELEC",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "software": "COMP",
    "thesis": "THES",
    "webpage": "ELEC",
}
_FIELDS: Mapping[str, str] = {
    "title": "title",
    "title-short": "short_title",
    "container-title": "secondary_title",
    "container-title-short": "alternate_title1",
    "collection-title": "tertiary_title",
    "volume": "volume",
    "issue": "number",
    "edition": "edition",
    "publisher": "publisher",
    "publisher-place": "place_published",
    "genre": "type_of_work",
    "language": "language",
    "DOI": "doi",
    "PMID": "accession_number",
    "PMCID": "custom2",
}
_NUMBERED = frozenset({"patent", "report"})
"""Types whose number goes into SN, which has the ISSN or ISBN of other types."""


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Writes references without the count that rispy puts before each, since that is not RIS."""

    def set_header(self, count: int) -> str:  # noqa: ARG002 - rispy's signature
        return ""


def to_ris(items: Iterable[Mapping[str, object]]) -> str:
    """Write items as a RIS file with unique IDs; RIS is plain text, so markup is dropped."""
    taken: set[str] = set()
    entries = []
    for item in items:
        identity = as_text(item.get("id"))
        entries.append(_entry(read_item(item), identity and unique_id(identity, taken)))
    return rispy.dumps(entries, implementation=_Writer) if entries else ""


def _entry(item: CslItem, identity: str) -> dict[str, object]:
    entry: dict[str, object] = {"type_of_reference": _TYPES.get(item.type, "GEN")}
    if identity:
        entry["id"] = identity
    for role, key in (("author", "authors"), ("editor", "secondary_authors")):
        if people := [_person(name) for name in item.names.get(role, ())]:
            entry[key] = people
    for variable, key in _FIELDS.items():
        if value := item.text.get(variable):
            entry[key] = value if variable == "DOI" else _plain(value)
    entry |= _pages(_plain(item.text.get("page", ""))) | _dates(item.dates.get("issued", CslDate()))
    if accessed := _dates(item.dates.get("accessed", CslDate())):
        entry["access_date"] = accessed.get("date", accessed["year"])
    if number := _plain(item.text.get("number", "")):
        entry["issn" if item.type in _NUMBERED else "note"] = number
    for variable, key in (("ISSN", "issn"), ("ISBN", "issn"), ("note", "notes"), ("URL", "urls")):
        if value := item.text.get(variable):
            entry.setdefault(key, [value] if key in {"notes", "urls"} else value)
    return entry


def _plain(text: str) -> str:
    return " ".join(without_markup(text).split())


def _person(name: CslName) -> str:
    """Return a name in the form of RIS: `Doe, J. A., Jr.`."""
    if name.literal:
        return _plain(name.literal)
    family = " ".join(part for part in (name.dropping, name.non_dropping, name.family) if part)
    parts = [family, name.given, name.suffix] if name.suffix else [family, name.given]
    return _plain(", ".join(parts)).rstrip(", ") if name.given or name.suffix else _plain(family)


def _pages(page: str) -> dict[str, str]:
    """Return the fields for the two ends of one range; any other text becomes the first page, with full ranges."""
    if ends := read_page_range(page):
        return {"start_page": ends[0], "end_page": ends[1]}
    return {"start_page": whole_ranges(page)} if page else {}


def _dates(date: CslDate) -> dict[str, str]:
    """Return the fields for the year and the date (`1998/04/26/`); a season or a range's end follows the last slash."""
    year, month, day = date.start
    if not year:
        return {"year": date.literal} if date.literal else {}
    known = {"year": str(year)}
    end = "-".join(str(part) for part in date.end if part is not None) if date.end else ""
    other = end or SEASONS.get(date.season, date.season) or date.literal
    if month or other:
        parts = ["" if part is None else f"{part:02}" for part in (month, day)]
        known["date"] = "/".join([str(year), *parts, other])
    return known
