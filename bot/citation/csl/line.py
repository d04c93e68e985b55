"""Lays fragments out as one line of text, and merges punctuation.

Styles put full stops and commas around whatever a field holds, so marks collide: `Jr.` and `.`, `?` and `.`, a comma and a
closing quote. The specification leaves most of this to processors; the table follows citeproc-js.
"""

import re
from collections.abc import Iterable, Iterator

from bot.citation.csl.fragments import Formatting, Fragment, Piece, PieceKind, QuoteMarks
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
"""The result for two adjacent marks; equal marks become one, all other pairs stay."""

BREAK = "\n"
"""The end of a block, an element with `display` (CSL 1.0.2, "Display"): a space here, unless a mark or nothing follows."""

_OUTSIDE = Formatting()
_MARKS = frozenset(".,;:!?")
_SPACE = re.compile("[ \t\n]+")
_INTO_QUOTES = frozenset(".,!?")


def lay_out(part: Fragment, quotes: QuoteMarks, formatting: Formatting = _OUTSIDE) -> Iterator[Piece]:
    """Return the pieces of a fragment; its formatting does not apply to its affixes."""
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


def _content(part: Fragment, quotes: QuoteMarks, formatting: Formatting) -> Iterator[Piece]:
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
    """Join pieces into runs, with punctuation merged and moved into or out of quotes."""
    line: list[Piece] = []
    for piece in pieces:
        _add(line, piece, punctuation_in_quote=punctuation_in_quote)
    return _runs(line)


def _add(line: list[Piece], piece: Piece, *, punctuation_in_quote: bool) -> None:
    """Append a piece to the line; its first marks may merge with the line's end."""
    text = piece.text
    if line and line[-1].text == BREAK and text[:1] in _MARKS:
        line.pop()
    if piece.kind is not PieceKind.CLOSE:
        while line and text and text[0] in _MARKS and _absorb(line, text[0], piece.kind, punctuation_in_quote):
            text = text[1:]
        if text.startswith(" ") and line and line[-1].text.endswith(" "):
            text = text[1:]
    if text:
        line.append(piece._replace(text=text))


def _absorb(line: list[Piece], mark: str, kind: PieceKind, punctuation_in_quote: bool) -> bool:  # noqa: FBT001 - private
    """Merge a mark with the line's end or move it inside closing quotes; tell whether that was possible."""
    at = _before_quotes(line)
    before = line[at].text
    merged = _merge(before, mark)
    if at == len(line) - 1:
        absorbed = len(merged) <= len(before) and not (kind is PieceKind.FIELD is line[at].kind)
    elif punctuation_in_quote:
        absorbed = kind is PieceKind.AFFIX and mark in _INTO_QUOTES
    else:
        absorbed = merged == before and mark != ","
    if absorbed:
        line[at] = line[at]._replace(text=merged)
    elif at < len(line) - 1 and before.endswith(mark):
        line[at] = line[at]._replace(text=before[:-1])
    return absorbed


def _before_quotes(line: list[Piece]) -> int:
    """Return the index of the last piece that is not a closing quote."""
    at = len(line) - 1
    while at > 0 and line[at].kind is PieceKind.CLOSE:
        at -= 1
    return at


def _merge(text: str, mark: str) -> str:
    """Append a mark to a text, merged with the text's last mark."""
    last = text[-1:]
    if last == mark:
        return text
    return text[:-1] + MERGED[last + mark] if last + mark in MERGED else text + mark


def _runs(line: Iterable[Piece]) -> list[Run]:
    """Join neighbours in the same face; spaces are single, unformatted, and dropped at both ends."""
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
