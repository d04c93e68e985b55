"""The line of text that parts make: laid out left to right, its punctuation settled where a style meets a record.

Styles put full stops and commas around whatever a record holds, so they collide: `Jr.` and `.`, `?` and `.`, a comma and a
closing quote. The specification leaves most of it to processors; the table is what citeproc-js does, the reference.
"""

from collections.abc import Iterable, Iterator

from bot.citation.markup import Run
from bot.citation.parts import Kind, Part, Piece, Quotes, Setting
from bot.citation.richtext import rich_pieces

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

_OUTSIDE = Setting()
_MARKS = frozenset(".,;:!?")
_INTO_QUOTES = frozenset(".,!?")
_OUT_OF_QUOTES = frozenset(",:;")


def lay_out(part: Part, quotes: Quotes, setting: Setting = _OUTSIDE) -> Iterator[Piece]:
    """Give the pieces of a part; affixes stand outside its look."""
    if not part.content:
        return
    if part.prefix:
        yield Piece(part.prefix, setting.face, Kind.AFFIX)
    within = setting._replace(face=setting.face.dressed(part.style)) if part.style else setting
    if part.quoted:
        opening, closing = quotes.marks(inner=False)
        yield Piece(opening, within.face, Kind.OPEN)
        yield from _content(part, quotes, within._replace(inner=False))
        yield Piece(closing, within.face, Kind.CLOSE)
    else:
        yield from _content(part, quotes, within)
    if part.suffix:
        yield Piece(part.suffix, setting.face, Kind.AFFIX)


def _content(part: Part, quotes: Quotes, setting: Setting) -> Iterator[Piece]:
    if not isinstance(part.content, str):
        for position, child in enumerate(part.content):
            if part.delimiter and position:
                yield Piece(part.delimiter, setting.face, Kind.AFFIX)
            yield from lay_out(child, quotes, setting)
    elif part.verbatim:
        yield Piece(part.content, setting.face, Kind.FIELD)
    else:
        yield from rich_pieces(part.content, quotes, setting)


def settle(pieces: Iterable[Piece], *, punctuation_in_quote: bool) -> list[Run]:
    """Join pieces into runs of text, each in one face, with punctuation merged and moved about quotes."""
    line: list[Piece] = []
    for piece in pieces:
        _add(line, piece, punctuation_in_quote=punctuation_in_quote)
    return _runs(line)


def _add(line: list[Piece], piece: Piece, *, punctuation_in_quote: bool) -> None:
    """Put a piece on the line; its first marks may merge with what stands there, or go inside quotes that close there."""
    text = piece.text
    if piece.kind is not Kind.CLOSE:
        while text and line and text[0] in _MARKS:
            at = _before_quotes(line)
            quoted = at < len(line) - 1
            if quoted and punctuation_in_quote and piece.kind is Kind.AFFIX and text[0] in _INTO_QUOTES:
                line[at] = line[at]._replace(text=_merge(line[at].text, text[0]))
            elif quoted and not line[at].text.endswith(text[0]):
                break
            elif quoted and text[0] in _OUT_OF_QUOTES:
                line[at] = line[at]._replace(text=line[at].text[:-1])
                break
            elif piece.kind is Kind.FIELD is line[at].kind or line[at].text[-1:] not in _MARKS:
                break
            else:
                merged = _merge(line[at].text, text[0])
                if len(merged) > len(line[at].text):
                    break
                line[at] = line[at]._replace(text=merged)
            text = text[1:]
        if text.startswith(" ") and line and line[-1].text.endswith(" "):
            text = text[1:]
    if text:
        line.append(piece._replace(text=text))


def _before_quotes(line: list[Piece]) -> int:
    """Find the last piece that is no closing quote."""
    at = len(line) - 1
    while at > 0 and line[at].kind is Kind.CLOSE:
        at -= 1
    return at


def _merge(text: str, mark: str) -> str:
    """Put a mark after a text that may end in one."""
    last = text[-1:]
    if last == mark:
        return text
    return text[:-1] + MERGED[last + mark] if last + mark in MERGED else text + mark


def _runs(line: Iterable[Piece]) -> list[Run]:
    """Join neighbours of one face; white space is single, and none stands at the ends."""
    runs: list[Run] = []
    spaced = True
    for piece in line:
        text = " ".join(piece.text.split(" "))
        words = [word for word in text.replace("\n", " ").replace("\t", " ").split(" ") if word]
        joined = " ".join(words)
        if text[:1].isspace() and not spaced and (joined or not spaced):
            joined = f" {joined}" if joined else " "
        elif not joined:
            continue
        if words and text[-1:].isspace():
            joined += " "
        spaced = joined.endswith(" ")
        if runs and (runs[-1].face == piece.face or joined == " "):
            runs[-1] = Run(runs[-1].text + joined, runs[-1].face)
        else:
            runs.append(Run(joined, piece.face))
    if runs:
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].face)
    return [run for run in runs if run.text]
