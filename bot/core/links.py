"""Finds links to works in a message's text; the sources decide which addresses are theirs.

What counts as code, as a spoiler and as a link follows Discord's markdown (support.discord.com, "Markdown Text 101"): code
wins over everything, `<...>` around an address asks for no preview, `||...||` hides its content, and a backslash takes a
mark's meaning away. A `!` before an address asks this bot for no card. A host is the text between `//` and the next `/`;
an address inside another address is no link. If a reader could not tell where an address leads, it is ignored.

Finding links takes time linear in the text: no expression has nested repeats, and each pass reads each character once.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.reference import Reference
from bot.core.source import Mention, Source, Sources

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ESCAPED = re.compile(r"\\[\\`*_~|<>\[\]()]")
_MARK = re.compile(rf"{_ESCAPED.pattern}|`+|\|\|")
_TICKS = re.compile(r"`+")
_FENCE = 3
_PART = r"(?:[^\s<>]|<[\w:.-]{1,60}>(?=[0-9]\.[0-9]\.\w\w;))"
"""A character of an address, or the angle brackets inside an old DOI: `...17:15<1661::aid-sim968>3.0.co;2-2`."""
_ANGLED = re.compile(rf"(?<!\\)<https?://{_PART}*>", re.IGNORECASE)
_RUN = re.compile(f"{_PART}+")
_WORD = re.compile(r"\S+")
_INSIDE = frozenset("/=?&@%#\\")
"""Characters that, before `https://`, show that it is a part of another address."""


@dataclass(frozen=True, slots=True)
class Link:
    """A work that a message links to."""

    reference: Reference
    spoiler: bool = False
    """Whether all mentions of the work are hidden as spoilers."""
    shorthand: bool = False
    """Whether the message names the work only by a shorthand such as `erowid#6004`."""


def find_links(text: str, sources: Sources) -> tuple[Link, ...]:
    """Find the works that a message links to, each once, in the order of their first mention."""
    folded = text.casefold()
    likely = [source for source in sources if any(mark in folded for mark in source.marks)]
    if not likely:
        return ()
    shown, spoilers = _without_code(text)
    shown = _ANGLED.sub(_blank, shown)
    named = [(start, reference, False) for start, reference in _linked(shown, likely)]
    words = _WORD.sub(lambda word: _blank(word) if "://" in word[0] else word[0], shown)
    named += [(start, reference, True) for source in likely for start, reference in source.find_shorthands(words)]
    links: dict[Reference, Link] = {}
    for start, reference, shorthand in sorted(named, key=lambda one: one[0]):
        if _is_declined(shown[:start][-2:]):
            continue
        known = links.get(reference, Link(reference, spoiler=True, shorthand=True))
        spoiler = known.spoiler and _covers(spoilers, start)
        links[reference] = Link(reference, spoiler, known.shorthand and shorthand)
    return tuple(links.values())


def read_address(address: str, sources: Iterable[Source]) -> Reference | None:
    """Read the reference from one address, which punctuation may follow; None if it is no source's."""
    return next((reference for source in sources if (reference := source.read_address(address)) is not None), None)


def _is_declined(before: str) -> bool:
    """Whether the text before a link ends with `<` or with a `!` that does not end a sentence: both ask for no card."""
    return before.endswith("<") or (before.endswith("!") and not before[:-1].isalnum())


def _linked(text: str, sources: Sequence[Source]) -> Iterator[Mention]:
    """Find works by their addresses and by unmistakable names such as `doi:10.5555/abc`."""
    for start, piece in _pieces(text):
        if (reference := read_address(piece, sources)) is not None:
            yield start, reference
    for source in sources:
        yield from source.find_names(text)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield pieces of a text that begin with an address each: (position, address with the text that follows)."""
    for run in _RUN.finditer(text):
        if "://" not in run[0]:
            continue
        start = run.start()
        for piece in _split_marks(run[0]):
            if (scheme := _SCHEME.search(piece)) and _opens(piece[: scheme.start()]):
                yield start + scheme.start(), piece[scheme.start() :]
            start += len(piece)


def _split_marks(run: str) -> Iterator[str]:
    """Cut a word at spoiler bars, and after the `](` of a masked link unless it is inside an address."""
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
    """Whether an address may start after these characters of the same word."""
    before = _ESCAPED.sub("", before)
    marked = before.rstrip("!")
    if marked != before and not marked[-1:].isalnum():  # asks for no card; a `!` after a word ends a sentence
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
            elif mark.start() > opened + len("||"):  # `||||` hides nothing
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
    """Whether a position lies in one of the spans, which are sorted and do not overlap."""
    index = bisect_right(spans, (position, position)) - 1
    return index >= 0 and spans[index][0] < position < spans[index][1]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
