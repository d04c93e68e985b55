"""The line of text that parts make: laid out left to right, its punctuation settled where a style meets a record.

Styles put full stops and commas around whatever a record holds, so they collide: `Jr.` and `.`, `?` and `.`, a comma and a
closing quote. The specification leaves most of it to processors; the table is what citeproc-js does, the reference.
"""

import re
from collections.abc import Iterable, Iterator

from bot.citation.csl.fragments import Formatting, Fragment, Piece, PieceKind, Quotes
from bot.citation.csl.richtext import rich_pieces
from bot.citation.markup import Face, Run, append_run

MERGED = {
    "!.": "!",
    "!:": "!",
    "?.": "?",
    "?:": "?",
    ":!": "!",
    ":?": "?",
    ":.": ":",
    ";!": "!",
    ";?": "?",
    ";:": ";",
    ";.": ";",
}
"""What two marks become that meet; a mark that meets its like stands once; all others stand both."""

_OUTSIDE = Formatting()
_MARKS = frozenset(".,;:!?")
_SPACE = re.compile("[ \t\n]+")
_INTO_QUOTES = frozenset(".,!?")


def lay_out(part: Fragment, quotes: Quotes, formatting: Formatting = _OUTSIDE) -> Iterator[Piece]:
    """Give the pieces of a part; affixes stand outside its look."""
    if not part.content:
        return
    if part.prefix:
        yield Piece(part.prefix, formatting.face, PieceKind.AFFIX)
    within = formatting._replace(face=formatting.face.apply(part.font)) if part.font else formatting
    if part.quoted:
        opening, closing = quotes.marks(inner=False)
        yield Piece(opening, within.face, PieceKind.OPEN)
        yield from _content(part, quotes, within._replace(inner=False))
        yield Piece(closing, within.face, PieceKind.CLOSE)
    else:
        yield from _content(part, quotes, within)
    if part.suffix:
        yield Piece(part.suffix, formatting.face, PieceKind.AFFIX)


def _content(part: Fragment, quotes: Quotes, formatting: Formatting) -> Iterator[Piece]:
    if not isinstance(part.content, str):
        for position, child in enumerate(part.content):
            if part.delimiter and position:
                yield Piece(part.delimiter, formatting.face, PieceKind.AFFIX)
            yield from lay_out(child, quotes, formatting)
    elif part.verbatim:
        yield Piece(part.content, formatting.face, PieceKind.FIELD)
    else:
        yield from rich_pieces(part.content, quotes, formatting)


def settle(pieces: Iterable[Piece], *, punctuation_in_quote: bool) -> list[Run]:
    """Join pieces into runs of text, each in one face, with punctuation merged and moved about quotes."""
    line: list[Piece] = []
    for piece in pieces:
        _add(line, piece, punctuation_in_quote=punctuation_in_quote)
    return _runs(line)


def _add(line: list[Piece], piece: Piece, *, punctuation_in_quote: bool) -> None:
    """Put a piece on the line; the line may take up its first marks."""
    text = piece.text
    if piece.kind is not PieceKind.CLOSE:
        while line and text and text[0] in _MARKS and _takes(line, text[0], piece.kind, punctuation_in_quote):
            text = text[1:]
        if text.startswith(" ") and line and line[-1].text.endswith(" "):
            text = text[1:]
    if text:
        line.append(piece._replace(text=text))


def _takes(line: list[Piece], mark: str, kind: PieceKind, punctuation_in_quote: bool) -> bool:  # noqa: FBT001 - as its callers name it
    """Let a mark merge with what the line ends in, or go inside the quotes that close there; tell whether it did."""
    at = _before_quotes(line)
    before = line[at].text
    merged = _merge(before, mark)
    if at == len(line) - 1:
        taken = len(merged) <= len(before) and not (kind is PieceKind.FIELD is line[at].kind)
    elif punctuation_in_quote:
        taken = kind is PieceKind.AFFIX and mark in _INTO_QUOTES
    else:
        taken = merged == before and mark != ","
    if taken:
        line[at] = line[at]._replace(text=merged)
    elif at < len(line) - 1 and before.endswith(mark):
        line[at] = line[at]._replace(text=before[:-1])
    return taken


def _before_quotes(line: list[Piece]) -> int:
    """Find the last piece that is no closing quote."""
    at = len(line) - 1
    while at > 0 and line[at].kind is PieceKind.CLOSE:
        at -= 1
    return at


def _merge(text: str, mark: str) -> str:
    """Put a mark after a text that may end in one."""
    last = text[-1:]
    if last == mark:
        return text
    return text[:-1] + MERGED[last + mark] if last + mark in MERGED else text + mark


def _runs(line: Iterable[Piece]) -> list[Run]:
    """Join neighbours of one face; plain spaces are single, stand in no face of their own, and not at the ends."""
    runs: list[Run] = []
    for piece in line:
        text = _SPACE.sub(" ", piece.text)
        if not runs or runs[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        bare = text.strip(" ")
        before, _, behind = text.partition(bare) if bare else (text, "", "")
        append_run(runs, before, Face())
        append_run(runs, bare, piece.face)
        append_run(runs, behind, Face())
    if runs:
        runs[-1] = Run(runs[-1].text.removesuffix(" "), runs[-1].face)
    return [run for run in runs if run.text]
