"""The fallback citation: an item's own values one after the other, if a style renders nothing."""

from bot.citation.item import CslDate, CslItem, CslName

AS_PRINTED = "as printed"
"""The name of the style of a fallback citation."""

_ORDER = ("title", "container-title", "collection-title", "edition", "publisher", "publisher-place")


def as_printed(item: CslItem) -> str:
    """Join the known values of an item to a citation."""
    people = ", ".join(_name(name) for role in ("author", "editor", "translator") for name in item.names.get(role, ()))
    numbers = item.text.get("volume", "")
    if issue := item.text.get("issue"):
        numbers += f"({issue})"
    if page := item.text.get("page"):
        numbers += f":{page}" if numbers else page
    issued = _date(item.dates["issued"]) if "issued" in item.dates else ""
    lines = [
        people,
        *(item.text.get(key, "") for key in _ORDER),
        issued,
        numbers,
        item.text.get("DOI", ""),
        item.text.get("URL", ""),
    ]
    return ". ".join(line.rstrip(".") for line in lines if line) or "No bibliographic details"


def _name(name: CslName) -> str:
    parts = (name.given, name.dropping, name.non_dropping, name.family, name.suffix)
    return name.literal or " ".join(part for part in parts if part)


def _date(date: CslDate) -> str:
    ends = ["-".join(str(part) for part in end if part is not None) for end in (date.start, date.end or ())]
    return date.literal or " ".join(filter(None, [date.season, "/".join(filter(None, ends))]))
