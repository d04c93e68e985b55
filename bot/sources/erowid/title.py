"""The title: the text between the outer quotes of its line.

| printed                      | title                   | why                                  |
|------------------------------|-------------------------|--------------------------------------|
| `“DMT at fifty”.`            | `DMT at fifty`          | quotes and stop are the site's       |
| `“Versuche mit Ameisen.”.`   | `Versuche mit Ameisen`  | a stray stop: the site sets its own  |
| `“The risks of Ecstasy?”.`   | `The risks of Ecstasy?` | a question is the author's           |
| `“Sleep in the U.S.”.`       | `Sleep in the U.S.`     | the stop belongs to the abbreviation |
| `“Psilocybe sp.”.`           | `Psilocybe sp.`         | the same                             |
| `“And then...”.`             | `And then...`           | an ellipsis                          |
| `““Ecstasy” users”.`         | `“Ecstasy” users`       | only the outer pair is the site's    |
| `“The “rave””.`              | `The “rave”`            | the same                             |
| `“Title [Titre]”.`           | `Title [Titre]`         | a translation is part of the title   |
| `“Title” [Letter].`          | `Title`                 | the bracket is a note                |
| `“Title” J Sleep. 1998;1:2.` | `Title`                 | a lost stop, before a source alone   |
| `“One”: a reply`             | none                    | unclear what the site quotes         |
| `“One”, “two””.`             | none                    | the same                             |
| `"Title".`                   | `Title`                 | other quotes, only for a whole line  |
| `„Titel“.`                   | `Titel`                 | the same                             |
| `«Titre».`                   | `Titre`                 | the same                             |
"""

import re
from dataclasses import dataclass

from bot.sources.erowid.source import cut_source

_CLOSING = {"\u201c": '\u201d"', '"': '"\u201d', "\u201e": "\u201c\u201d", "\u201f": "\u201d", "\u00ab": "\u00bb"}
"""For each opening quote, the characters that close it."""
_ABBREVIATION = re.compile(
    r"""
    (?:\b[^\W\d_]\.){2,}$                            # `U.S.`
    | \b(?: sp | spp | ssp | subsp | var | al | etc  # Latin
          | Jr | Sr | Inc | Ltd | Co | No | vs )\.$  # English
    """,
    re.VERBOSE,
)
_KIND = r"(?:\s*(?P<kind>\[[^\[\]\u201c\u201d]{1,60}\]))?"
_AFTER = re.compile(rf"{_KIND}\s*(?:[.,;]+(?:\s|$)|$)")
_LOOSELY_AFTER = re.compile(rf"{_KIND}\s+(?=[A-Z])")
"""Text after the closing quote without a stop between; only accepted if the text is a source line."""

_QUOTES = re.compile("[\u201c\u201d]")
_TWO_QUOTATIONS = re.compile("[^\u201c\u201d]*\u201d[^\u201d]*\u201c")
"""The inside of `“one” and “another”`, which is not one quotation."""

MAX_LENGTH = 1500
"""The most characters of a title; a longer quotation is not a title."""
_MOST_ENDS = 8
_MOST_LOOSE = 3
_SHORT = 160


@dataclass(frozen=True, slots=True)
class QuotedTitle:
    """A line cut at the title's outer quotes."""

    before: str
    quoted: str
    after: str
    kind: str = ""
    """The text in brackets after the quotes, such as `[Letter]`."""


def cut_at_title(line: str) -> QuotedTitle | None:
    """Cut a line at its quoted title; None unless it consists of a quotation with perhaps authors before and a source after.

    The text before the quotes must be empty or end in a stop; the text after them must be empty, a stop or a source. A
    short text without a date is given as the source, too; the caller judges by the authors whether it is one.
    """
    start = 0 if line[:1] in _CLOSING else line.find("\u201c")
    if start < 0:
        start = line.find('"', 0, MAX_LENGTH)
    if start < 0:
        return None
    before = line[:start].strip()
    for end in _ends(line, start):
        following = _AFTER.match(line, end + 1) or _LOOSELY_AFTER.match(line, end + 1)
        if following is None:
            continue
        rest = line[following.end("kind") if following["kind"] else end + 1 :].lstrip(" .,;")
        after, quoted = rest[:MAX_LENGTH], line[start + 1 : end].strip()
        if not any(map(str.isalnum, quoted)) or _TWO_QUOTATIONS.match(quoted):
            continue
        loose = following.re is _LOOSELY_AFTER
        if _parts_cleanly(before, after, loose=loose):
            return QuotedTitle(before, quoted, rest, following["kind"] or "")
    return None


def _parts_cleanly(before: str, after: str, *, loose: bool) -> bool:
    """Whether the texts around a quotation may be authors and source, not the rest of a sentence."""
    source = cut_source(after) if after else None
    if source or loose:
        return source is not None and not _QUOTES.search(source[0])
    if not before:
        return not after
    return len(after) <= _SHORT and before.endswith((".", ",", ";"))


def _ends(line: str, start: int) -> list[int]:
    """Return where the quotation may end, the likeliest first: where quotes balance, then from the line's end inwards."""
    closing = _CLOSING[line[start]]
    stop = min(len(line), start + MAX_LENGTH)
    found = [index for index in range(start + 2, stop) if line[index] in closing and _AFTER.match(line, index + 1)]
    outermost = found[::-1][:_MOST_ENDS]
    stops = {*found}
    outermost += [at for at in range(stop - 1, start + 1, -1) if line[at] in closing and at not in stops][:_MOST_LOOSE]
    depth = 0
    for index in range(start, stop if line[start] == "\u201c" else start):
        depth += (line[index] == "\u201c") - (line[index] == "\u201d")
        if depth == 0 and line[index] == "\u201d" and _AFTER.match(line, index + 1):
            return [index, *outermost]
    return outermost


def read_title(quoted: str) -> str:
    """Return a title without a stray final stop, otherwise as printed."""
    title = quoted.strip()
    if title.endswith(("...", "\u2026")):
        return title
    if _ABBREVIATION.search(title[-12:]):
        return title
    return title.rstrip(".").rstrip() or title
