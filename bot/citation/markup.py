"""Runs of formatted text, and the HTML markup that carries them: `<i>`, `<b>`, `<sup>`, `<sub>`; all else is escaped."""

import html
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.core.superscripts import raise_figures

FontAttributes = tuple[tuple[str, str], ...]
"""The formatting attributes of a CSL element and their values: `(("font-style", "italic"),)`."""

FIELD_MARKUP = re.compile(
    r"""
    <(?P<tag>i|b|sup|sub|sc)>(?P<marked>.*?)</(?P=tag)>  # `<i>Salmo trutta</i>`
    | <span[^<>]*>(?P<plain>.*?)</span>                  # `<span class="nocase">pH</span>`
    """,
    re.VERBOSE,
)
"""A pair of tags in a CSL-JSON field (citeproc-js manual, "HTML-like formatting tags"); a tag alone is text."""
_TAG = re.compile(r"</?(?:i|b|sup|sub)>")


class Face(NamedTuple):
    """How text looks; small capitals and underlining are dropped, since Discord has neither."""

    italic: bool = False
    bold: bool = False
    script: str = ""
    """"sup", "sub" or empty."""

    def apply(self, font: FontAttributes) -> "Face":
        """Return this face changed by an element's formatting attributes."""
        face = self
        for attribute, value in font:
            if attribute == "font-style":
                face = face._replace(italic=value != "normal")
            elif attribute == "font-weight":
                face = face._replace(bold=value == "bold")
            elif attribute == "vertical-align":
                face = face._replace(script=value if value in {"sup", "sub"} else "")
        return face


class Run(NamedTuple):
    """A stretch of text in one face."""

    text: str
    face: Face = Face()


def without_markup(field: str) -> str:
    """Return the text of a CSL-JSON field without its markup; `a<b>c` stays, and exponents stay raised."""
    while match := FIELD_MARKUP.search(field):
        before, inside = field[: match.start()], match["marked"] or match["plain"] or ""
        inside = raise_figures(before, inside) if match["tag"] == "sup" else inside
        field = before + inside + field[match.end() :]
    return field


def to_text(runs: Iterable[Run]) -> str:
    """Join runs as plain text; exponents stay raised, since `106` is not `10⁶`."""
    text = ""
    for script, neighbours in groupby(runs, key=lambda run: run.face.script):
        inside = "".join(run.text for run in neighbours)
        text += raise_figures(text, inside) if script == "sup" else inside
    return text


def to_markup(runs: Iterable[Run]) -> str:
    """Join runs as HTML markup."""
    out = []
    for text, face in runs:
        tags = ["i"] * face.italic + ["b"] * face.bold + [face.script] * bool(face.script)
        opening = "".join(f"<{tag}>" for tag in tags)
        closing = "".join(f"</{tag}>" for tag in reversed(tags))
        out.append(f"{opening}{html.escape(text, quote=False)}{closing}")
    return "".join(out)


def to_runs(markup: str) -> Sequence[Run]:
    """Split HTML markup into runs, for output that is neither HTML nor plain text (Discord, a terminal)."""
    runs: list[Run] = []
    face = Face()
    start = 0
    for tag in [*_TAG.finditer(markup), None]:
        append_run(runs, html.unescape(markup[start : tag.start() if tag else len(markup)]), face)
        if tag:
            start, face = tag.end(), _after_tag(face, tag[0])
    return runs


def append_run(runs: list[Run], text: str, face: Face) -> None:
    """Append text to a list of runs; text of the same face extends the last run."""
    if text and runs and runs[-1].face == face:
        runs[-1] = Run(runs[-1].text + text, face)
    elif text:
        runs.append(Run(text, face))


def _after_tag(face: Face, tag: str) -> Face:
    opens = not tag.startswith("</")
    match tag.strip("</>"):
        case "i":
            return face._replace(italic=opens)
        case "b":
            return face._replace(bold=opens)
        case script:
            return face._replace(script=script if opens else "")
