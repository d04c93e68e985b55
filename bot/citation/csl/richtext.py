"""Reads the text of a field: its quotes become the locale's, its markup becomes faces.

CSL-JSON fields may have `<i>`, `<b>`, `<sup>`, `<sub>`, `<sc>` and `<span>`s of three kinds (citeproc-js manual, "HTML-like
formatting tags"). Italics within italics are upright; quotes within quotes are of the other level. A tag or quote without
its partner is text. A single quote before a letter or a bracket is an apostrophe: `('yes')` becomes `('yes’)`, as in
citeproc-js.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.citation.csl.fragments import Formatting, Piece, PieceKind, QuoteMarks
from bot.citation.markup import Face

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

LETTER = (
    "-0-9a-zA-Z\u0e01-\u0e5b\u00c0-\u017f\u0370-\u03ff\u0400-\u052f\u0590-\u05d4\u05d6-\u05ff\u1f00-\u1fff"
    "\u0600-\u06ff\u200c-\u200e\u0218-\u021b\u202a-\u202e"
)
"""Letters of the scripts that have apostrophes, initials and italics, as a range for regular expressions."""

_SMALL_CAPS = '<span style="font-variant:small-caps;">'
_NOCASE = '<span class="nocase">'
_NODECOR = '<span class="nodecor">'
_TAGS = {
    "<i>": "</i>",
    "<b>": "</b>",
    "<sup>": "</sup>",
    "<sub>": "</sub>",
    "<sc>": "</sc>",
    _SMALL_CAPS: "</span>",
    _NOCASE: "</span>",
    _NODECOR: "</span>",
}
_STRAIGHT = {' "': '"', " '": "'", '("': '"', "('": "'"}
_BETWEEN_LETTERS = re.compile(f"(?<=[{LETTER}]){APOSTROPHE}(?=[{LETTER}])")
_MARKED = re.compile("[<>\"'“”‘’«»‹›„‚「」『』]")


@dataclass(slots=True)
class _TextMark:
    """A tag or a quote, with the text after it."""

    mark: str
    text: str
    glued: bool = False
    """Whether it follows another quote directly, so that the space in `mark` is not in the text."""


@lru_cache(maxsize=64)
def _grammar(quotes: QuoteMarks) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the closing mark of each opening one, and the pattern of all marks."""
    pairs = _TAGS | _STRAIGHT
    for opening, closing in (quotes.marks(inner=False), quotes.marks(inner=True)):
        if opening and closing and opening.strip() not in {'"', "'"}:
            pairs[opening] = closing
    marks = [*pairs, *dict.fromkeys(pairs.values())]
    return pairs, re.compile(f"({'|'.join(map(re.escape, marks))})")


def rich_pieces(text: str, quotes: QuoteMarks, formatting: Formatting) -> Iterator[Piece]:
    """Return the pieces of a field, given the formatting around it."""
    if not _MARKED.search(text):
        yield Piece(text, formatting.face, PieceKind.FIELD)
        return
    lead, marks = _marks(text, quotes)
    pairs, _ = _grammar(quotes)
    opened: list[tuple[str, Formatting, str]] = []
    now = formatting
    outer = next((mark.mark[-1] for mark in marks if mark.mark in _STRAIGHT), "")
    leading = text.startswith(" ") and not re.match(r"\s+['\"]", text)
    yield from _text(" " * leading + re.sub("^ {1,2}", "", lead), now)
    for mark in marks:
        if mark.mark in pairs:
            opened.append((mark.mark, now, ""))
            if mark.mark in _TAGS:
                now = now._replace(face=_flipped(now.face, mark.mark))
            else:
                inner = not now.inner if now.inner is not None else _starts_inner(mark.mark, outer, quotes)
                now = now._replace(inner=inner)
                opening, closing = quotes.marks(inner=inner)
                opened[-1] = (mark.mark, opened[-1][1], closing)
                yield Piece(opening, now.face, PieceKind.OPEN)
        elif opened:
            _, before, closing = opened.pop()
            if closing:
                yield Piece(closing, now.face, PieceKind.CLOSE)
            now = before
        yield from _text(mark.text, now)


def _text(text: str, formatting: Formatting) -> Iterator[Piece]:
    if text:
        yield Piece(text, formatting.face, PieceKind.FIELD)


def _starts_inner(mark: str, outer: str, quotes: QuoteMarks) -> bool:
    """Tell whether an outermost quote gets inner marks: a straight one does if it differs from the field's first quote."""
    return mark[-1] != outer if mark in _STRAIGHT else mark == quotes.open_inner


def _flipped(face: Face, tag: str) -> Face:
    """Return the face within a tag: italics and bold are toggled, scripts are set."""
    if tag == "<i>":
        return face._replace(italic=not face.italic)
    if tag == "<b>":
        return face._replace(bold=not face.bold)
    if tag in {"<sup>", "<sub>"}:
        return face._replace(script=tag[1:-1])
    return Face(script=face.script) if tag == _NODECOR else face


def _marks(text: str, quotes: QuoteMarks) -> tuple[str, list[_TextMark]]:
    """Return the text before the first mark, and the marks that pair, each with the text behind it."""
    text = re.sub(r'<span\s+style="font-variant:\s*small-caps;?"[^>]*>', _SMALL_CAPS, text)
    text = re.sub(r'<span\s+class="(nocase|nodecor)"[^>]*>', r'<span class="\1">', text)
    text = " " + _BETWEEN_LETTERS.sub("'", text)
    pairs, pattern = _grammar(quotes)
    lead, *pieces = pattern.split(text)
    marks = [_TextMark(mark, behind) for mark, behind in zip(pieces[::2], pieces[1::2], strict=True)]
    for mark, following in pairwise(marks):
        if mark.mark in pairs and not mark.text and following.mark in {'"', "'"}:
            following.mark, following.glued = f" {following.mark}", True
    _pair(marks, pairs)
    return _kept(lead, marks)


def _pair(marks: list[_TextMark], pairs: dict[str, str]) -> None:
    """Turn marks without a partner into text, in place."""
    opened: list[_TextMark] = []
    for mark in marks:
        if _is_apostrophe(mark, pairs[opened[-1].mark] if opened else ""):
            _as_text(mark, apostrophe=True)
        elif mark.mark in pairs:
            opened.append(mark)
        else:
            while opened and pairs[opened[-1].mark] != mark.mark:
                _as_text(opened.pop())
            if not opened:
                _as_text(mark)
            elif opened.pop().mark == _NOCASE:
                mark.mark = ""
    for mark in opened:
        _as_text(mark, apostrophe=mark.mark == " '")


def _is_apostrophe(mark: _TextMark, awaited: str) -> bool:
    """Tell whether a single quote is an apostrophe: inside a word, before a space, or while no quote is open."""
    if mark.mark == " '":
        return mark.text.startswith(" ")
    return mark.mark == "'" and (awaited != "'" or re.match("[^,.?:; ]", mark.text) is not None)


def _as_text(mark: _TextMark, *, apostrophe: bool = False) -> None:
    text = mark.mark.replace("'", APOSTROPHE) if apostrophe else mark.mark[mark.glued :]
    mark.text, mark.mark = text + mark.text, ""


def _kept(lead: str, marks: list[_TextMark]) -> tuple[str, list[_TextMark]]:
    """Return the text before the first remaining mark, and the remaining marks with all text behind each."""
    kept = [_TextMark("", lead)]
    for mark in marks:
        if mark.mark in _STRAIGHT and not mark.glued:
            kept[-1].text += mark.mark[0]
        if mark.mark and mark.mark != _NOCASE:
            kept.append(mark)
        else:
            kept[-1].text += mark.text
    return kept[0].text, kept[1:]
