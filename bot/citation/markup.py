"""Runs of text in one face, and the markup that carries them: `<i>`, `<b>`, `<sup>`, `<sub>`, all else HTML-escaped."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.citation.parts import Face


class Run(NamedTuple):
    """A stretch of text in one face."""

    text: str
    face: Face = Face()


_TAG = re.compile(r"</?(?:i|b|sup|sub)>")


def to_text(runs: Iterable[Run]) -> str:
    """Give runs as plain text."""
    return "".join(run.text for run in runs)


def to_markup(runs: Iterable[Run]) -> str:
    """Give runs as markup, each in its own tags."""
    out = []
    for text, face in runs:
        tags = ["i"] * face.italic + ["b"] * face.bold + [face.script] * bool(face.script)
        opening = "".join(f"<{tag}>" for tag in tags)
        closing = "".join(f"</{tag}>" for tag in reversed(tags))
        out.append(f"{opening}{html.escape(text, quote=False)}{closing}")
    return "".join(out)


def to_runs(markup: str) -> Sequence[Run]:
    """Split markup into runs again, for what draws neither HTML nor plain text (Discord, a terminal)."""
    runs: list[Run] = []
    face = Face()
    start = 0
    for tag in [*_TAG.finditer(markup), None]:
        text = html.unescape(markup[start : tag.start() if tag else len(markup)])
        if text and runs and runs[-1].face == face:
            runs[-1] = Run(runs[-1].text + text, face)
        elif text:
            runs.append(Run(text, face))
        if tag:
            start, face = tag.end(), _turned(face, tag[0])
    return runs


def _turned(face: Face, tag: str) -> Face:
    opens = not tag.startswith("</")
    match tag.strip("</>"):
        case "i":
            return face._replace(italic=opens)
        case "b":
            return face._replace(bold=opens)
        case script:
            return face._replace(script=script if opens else "")
