"""CSL-JSON files that are valid by the CSL data schema, whatever the items hold."""

import json
from collections.abc import Iterable, Mapping

from bot.citation.item import DATES, NAMES, CslDate, CslItem, CslName, as_text, read_item, unique_id

TEXTS = frozenset(
    """
    DOI ISBN ISSN PMCID PMID URL abstract annote archive archive-place archive_collection archive_location authority
    call-number chapter-number citation-key collection-number collection-title container-title container-title-short
    dimensions division edition event-place event-title genre issue jurisdiction keyword language license medium note
    number number-of-pages number-of-volumes original-publisher original-publisher-place original-title page
    part-number part-title printing-number publisher publisher-place references reviewed-genre reviewed-title scale
    section source status supplement-number title title-short version volume volume-title
    """.split()
)


def to_csl_json(items: Iterable[Mapping[str, object]]) -> str:
    """Write items as a CSL-JSON file, each with an `id` that is unique in the file."""
    taken: set[str] = set()
    made = [_clean(read_item(item), unique_id(as_text(item.get("id")) or "item", taken)) for item in items]
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _clean(item: CslItem, identity: str) -> dict[str, object]:
    made: dict[str, object] = {"id": identity, "type": item.type}
    made |= {variable: text for variable, text in item.text.items() if variable in TEXTS}
    made |= {variable: [_name(name) for name in people] for variable, people in item.names.items() if variable in NAMES}
    made |= {variable: _date(date) for variable, date in item.dates.items() if variable in DATES}
    if item.more_authors:
        made["custom"] = {"more-authors": True}
    return made


def _name(name: CslName) -> dict[str, object]:
    parts = {
        "family": name.family,
        "given": name.given,
        "dropping-particle": name.dropping,
        "non-dropping-particle": name.non_dropping,
        "suffix": name.suffix,
        "literal": name.literal,
    }
    made: dict[str, object] = {key: part for key, part in parts.items() if part}
    return made | {"comma-suffix": True} if name.comma_suffix else made


def _date(date: CslDate) -> dict[str, object]:
    ends = [_parts(end) for end in (date.start, date.end) if end and end[0]]
    parts = {"date-parts": ends, "season": date.season, "literal": date.literal, "circa": date.circa}
    return {key: part for key, part in parts.items() if part}


def _parts(end: tuple[int | None, int | None, int | None]) -> list[int]:
    parts: list[int] = []
    for part in end:
        if part is None:
            break
        parts.append(part)
    return parts
