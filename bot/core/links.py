"""Links to records in a message's text.

What counts as code, as a spoiler and as a link follows Discord's markdown (support.discord.com, "Markdown Text 101"): code
wins over everything, `<...>` around an address asks for no preview, `||...||` hides what it holds, and a backslash takes a
mark's meaning away. A `!` before an address asks this bot for no card. A host is what stands between `//` and the next `/`;
an address inside another address is no link. Where a reader could not say what the link leads to, there is none.

Every pass over the text is linear: the expressions have no nested repeats, and no character is looked at twice by one pass.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.reference import Reference

HOSTS = frozenset(f"{prefix}erowid.{top}" for prefix in ("", "www.", "taz4.", "upload.") for top in ("org", "com"))
"""The site's hosts and mirrors that have been seen in links. Only the ID is read from them."""

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_NUMBER = "[0-9]{1,14}"
_END = r"(?=$|[^\w.%+=@~/-]|\.(?!\w))"
"""Where a number may end inside a text: before a bracket, a stop, a letter of another script; never inside a word."""
_ADDRESS = re.compile(
    rf"""
    https?://(?P<host>[a-z0-9.-]{{1,64}})(?::(?:80|443))?/+
    (?-i:
        references/+(?:
            refs_view\.php\?(?P<view>[^#]*)
            | refs\.php\?(?P<action>[^#]*)  # a record with `A=View`, else a search
            | texts/show/(?P<text>{_NUMBER})(?:docid{_NUMBER})?(?:/?(?=$|[?\#])|{_END})  # record, then document
            | (?P<number>{_NUMBER})(?:/?(?=$|[?\#])|{_END})
        )
        | refs/+(?P<short>{_NUMBER})(?:/?(?=$|[?\#])|{_END})
    )
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_ID = re.compile(rf"ID=(?P<id>{_NUMBER}){_END}", re.ASCII)

_ESCAPED = re.compile(r"\\[\\`*_~|<>\[\]()]")
_MARK = re.compile(rf"{_ESCAPED.pattern}|`+|\|\|")
_TICKS = re.compile(r"`+")
_FENCE = 3
_ANGLED = re.compile(r"(?<!\\)<https?://[^\s<>]*>", re.IGNORECASE)
_RUN = re.compile(r"[^\s<>]+")
_TAIL = ".,;:!?'\")]}*_~|`…"
"""Punctuation that ends a sentence or closes a bracket or a mark, not an address."""
_INSIDE = frozenset("/=?&@%#\\")
"""Characters before `https://` that make it a part of some other address."""


@dataclass(frozen=True, slots=True)
class Link:
    """A record that a message links to."""

    reference: Reference
    spoiler: bool = False
    """Every mention of the record is hidden."""


def find_links(text: str) -> tuple[Link, ...]:
    """Find the records that a message links to, each once, in the order of their first mention."""
    if "erowid" not in text.casefold():
        return ()
    shown, spoilers = _without_code(text)
    hidden: dict[Reference, bool] = {}
    for start, piece in _pieces(_ANGLED.sub(_blank, shown)):
        reference = read_address(piece)
        if reference is not None:
            spoiler = _covers(spoilers, start)
            hidden[reference] = hidden.get(reference, True) and spoiler
    return tuple(Link(reference, spoiler) for reference, spoiler in hidden.items())


def read_target(text: str) -> Reference | None:
    """Read what a person gives for a record: its number, or its address with or without a scheme; None for anything else."""
    target = text.strip().removeprefix("<").removesuffix(">")
    if (reference := Reference.parse(target.removeprefix("#"))) is not None:
        return reference
    if any(character.isspace() for character in target):
        return None
    return read_address(target if _SCHEME.match(target) else f"https://{target}")


def read_address(address: str) -> Reference | None:
    """Read the reference from one address; punctuation that follows the address in a text is no part of it."""
    match = _ADDRESS.match(address.rstrip(_TAIL))
    if match is None or match["host"].removesuffix(".").casefold() not in HOSTS:
        return None
    query = match["view"] if match["view"] is not None else match["action"]
    if query is None:
        return Reference.parse(match["number"] or match["text"] or match["short"])
    fields = query.replace("&amp;", "&").split("&")
    read = [_ID.match(field) for field in fields if field.startswith("ID=")]
    numbers = {number["id"] for number in read if number}
    if not all(read) or len(numbers) != 1:
        return None
    if match["action"] is not None and {field for field in fields if field.startswith("A=")} != {"A=View"}:
        return None
    return Reference.parse(numbers.pop())


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches of a text with one address each: (where the address starts, the address and what follows)."""
    for run in _RUN.finditer(text):
        if "://" not in run[0]:
            continue
        start = run.start()
        for piece in _split_marks(run[0]):
            if (scheme := _SCHEME.search(piece)) and _opens(piece[: scheme.start()]):
                yield start + scheme.start(), piece[scheme.start() :]
            start += len(piece)


def _split_marks(run: str) -> Iterator[str]:
    """Cut a run of characters at spoiler bars, and after the `](` of a masked link unless an address is under way."""
    piece = ""
    for part in re.split(r"(?<=\]\()|(?<=\|\|)", run):
        piece += part
        under_way = piece.endswith("](") and "://" in piece and "[" not in piece
        if not under_way:
            yield piece
            piece = ""
    if piece:
        yield piece


def _opens(before: str) -> bool:
    """Whether an address may start after these characters of its run."""
    before = _ESCAPED.sub("", before)
    marked = before.rstrip("!")
    if marked != before and not marked[-1:].isalnum():  # a person's mark; behind a word it ends a sentence
        return False
    last = before[-1:]
    return not (last.isascii() and (last.isalnum() or last in {".", "-", "+"}) and last) and _INSIDE.isdisjoint(before)


def _without_code(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Replace code with blanks; return the text, as long as before, and the spans of its spoilers."""
    closers: defaultdict[int, list[re.Match[str]]] = defaultdict(list)
    for ticks in _TICKS.finditer(text):
        closers[min(len(ticks[0]), _FENCE)].append(ticks)
    shown: list[str] = []
    spoilers: list[tuple[int, int]] = []
    opened: int | None = None
    done = 0
    for mark in _MARK.finditer(text):
        if mark.start() < done or mark[0][0] == "\\":
            continue
        if mark[0] == "||":
            if opened is None:
                opened = mark.start()
            elif mark.start() > opened + len("||"):  # bars that hold nothing hide nothing
                spoilers.append((opened, mark.start()))
                opened = None
            continue
        later = closers[min(len(mark[0]), _FENCE)]
        closer = bisect_right(later, mark.end() - 1, key=lambda ticks: ticks.start())
        if closer < len(later):
            end = later[closer].end()
            shown += text[done : mark.start()], " " * (end - mark.start())
            done = end
    shown.append(text[done:])
    return "".join(shown), spoilers


def _covers(spans: list[tuple[int, int]], position: int) -> bool:
    """Whether a position lies in one of the spans, which are sorted and apart."""
    index = bisect_right(spans, (position, position)) - 1
    return index >= 0 and spans[index][0] < position < spans[index][1]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
