"""Reads values from the JSON of bibliographic services; a value of an unexpected type counts as missing."""

import html
import re
from collections.abc import Iterator, Mapping

from bot.core.record import DateParts

Json = Mapping[str, object]

_LONGEST_TEXT = 2_000
"""The most characters of a text that are read."""

_TAG = re.compile(
    r"""
    < (/?) \s* ([A-Za-z][\w.:-]*)   # a tag's name, prefixes such as jats: and mml: included
    (?: \s [^<>]* )? /? >           # its attributes; "p < 0.05" has no name and stays
    """,
    re.VERBOSE,
)
_INLINE = frozenset({"i", "b", "u", "em", "strong", "sup", "sub", "scp", "italic", "bold", "sc", "tt", "span", "small"})
"""Tags that may stand within a word and become nothing; other tags become a space."""
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def child(value: Json, *keys: str) -> Json:
    """Give the object under a path of keys; an empty one if there is none."""
    for key in keys:
        inner = value.get(key)
        value = inner if isinstance(inner, dict) else {}
    return value


def children(value: Json, *keys: str) -> Iterator[Json]:
    """Give the objects of the list under a path of keys; other members are left out."""
    return (item for item in _items(child(value, *keys[:-1]).get(keys[-1])) if isinstance(item, dict))


def texts(value: Json, *keys: str) -> tuple[str, ...]:
    """Give the texts, as plain text, of the list (or the lone text) under a path of keys."""
    found = child(value, *keys[:-1]).get(keys[-1])
    return tuple(filter(None, map(plain, [found] if isinstance(found, str) else _items(found))))


def first(found: tuple[str, ...]) -> str | None:
    """Give the first text; None if there is none."""
    return found[0] if found else None


def text(value: Json, *keys: str) -> str | None:
    """Give the text or number under a path of keys as plain text; None for anything else."""
    return plain(child(value, *keys[:-1]).get(keys[-1])) or None


def plain(value: object) -> str:
    """Give a value as one line without tags and entities (also escaped twice); empty if it is neither text nor number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    value = _without_tags(value[:_LONGEST_TEXT])
    for _ in range(2):
        value = _without_tags(html.unescape(value))
    return " ".join("".join(character if character.isprintable() else " " for character in value).split())


def date_parts(value: Json) -> DateParts:
    """Read a Crossref date: `{"date-parts": [[2010, 2, 6]]}`; empty for `[[null]]` and anything else that is no date."""
    parts: list[int] = []
    outer = _items(value.get("date-parts"))
    for part in _items(outer[0] if outer else None)[:3]:
        if not isinstance(part, int) or isinstance(part, bool) or part <= 0:
            break
        parts.append(part)
    return tuple(parts)


def doi(value: object) -> str | None:
    """Read a DOI, with or without the resolver's address before it, in lower case; None for anything else."""
    found = _DOI.search(html.unescape(value)) if isinstance(value, str) else None
    return found[0].rstrip(".,;").lower() if found and found[0].isprintable() else None


def web_address(value: object) -> str | None:
    """Give an http address; None for anything else."""
    return value if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"]{3,2000}", value) else None


def _without_tags(value: str) -> str:
    return _TAG.sub(lambda tag: "" if tag[2].lower().split(":")[-1] in _INLINE else " ", value)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
