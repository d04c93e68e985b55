"""Abstracts as services send them: marked-up text to paragraphs with their labels.

| sent                                                                     | paragraphs                        |
|--------------------------------------------------------------------------|-----------------------------------|
| `<h4>Aim</h4>To sleep.<h4>Results</h4>We slept.`                         | AIM: To sleep. RESULTS: We slept. |
| `<jats:sec><jats:title>Aim:</jats:title><jats:p>To sleep.</jats:p></jats:sec>` | AIM: To sleep.              |
| `<jats:title>Abstract</jats:title><jats:p>We slept.</jats:p>`            | We slept.                         |
| `<p><b>Aim:</b> To sleep.</p>`, `AIM: To sleep.`                         | AIM: To sleep.                    |
| `<h4>Aim</h4><p>To sleep.</p><p>Well.</p>`                               | AIM: To sleep. Well.              |
| `<jats:p>Abstract We slept.</jats:p>`, `ABSTRACT: We slept.`             | We slept.                         |
"""

import re
from collections.abc import Iterable, Iterator

from bot.core.record import Paragraph
from bot.sources.labels import split_at_labels
from bot.sources.rich_text import HEADINGS, Token, plain_of, tokens

_NO_LABEL = frozenset({"", "ABSTRACT", "SUMMARY", "UNLABELLED", "UNASSIGNED", "GRAPHICAL ABSTRACT"})
"""Headings that name the whole abstract, not a section of it."""
_TRUNCATED = re.compile(r"\s*[(\[]\s?ABSTRACT TRUNCATED[^)\]]{0,40}[)\]]", re.IGNORECASE)
_HEADED = re.compile(r"\A(?:Abstract|ABSTRACT)(?:\s*[:.\u2013\u2014]\s*|\s)(?=[A-Z0-9])")
"""Such a heading on the same line as the text; `Abstract thinking` is no heading."""
_PARAGRAPHS = frozenset({"p", "br", "div", "sec", "li", "list-item"})


def read_abstract(value: str) -> tuple[Paragraph, ...]:
    """Read an abstract with headings."""
    return labelled(_sections(tokens(value)))


def labelled(sections: Iterable[tuple[str | None, str]]) -> tuple[Paragraph, ...]:
    """Make paragraphs of pairs of label and text; a text without a label is cut at the labels inside it."""
    found: list[Paragraph] = []
    pending: str | None = None
    for heading, text in sections:
        label = as_label(heading)
        said = text if found or label else _HEADED.sub("", text)
        for inner, part in [(label, said)] if label else split_at_labels(said) if said else ():
            if part:
                found.append(Paragraph(part, inner or pending))
            pending = None if part else inner or pending
    return tuple(found)


def as_label(heading: str | None) -> str | None:
    """Give a heading in capitals; None for one that names the whole abstract."""
    label = " ".join((heading or "").upper().split()).rstrip(" :.-")
    return None if label in _NO_LABEL else label


def without_mark(paragraphs: tuple[Paragraph, ...]) -> tuple[tuple[Paragraph, ...], bool]:
    """Remove PubMed's mark of a truncated abstract; also give whether there was one."""
    texts = [_TRUNCATED.sub("", one.text).strip() for one in paragraphs]
    truncated = texts != [one.text for one in paragraphs]
    kept = [Paragraph(text, one.label) for one, text in zip(paragraphs, texts, strict=True) if text]
    return (tuple(kept), True) if truncated else (paragraphs, False)


def _sections(found: Iterator[Token]) -> Iterator[tuple[str | None, str]]:
    """Cut at headings and paragraphs; give each text with the heading before it, or None."""
    heading: str | None = None
    inside: list[Token] = []
    for tag, what in found:
        if tag in HEADINGS or tag in _PARAGRAPHS:
            text = plain_of(inside)
            inside = []
            if tag in HEADINGS and what == "close":
                heading = text
            elif text:
                yield heading, text
                heading = None
        else:
            inside.append((tag, what))
    if text := plain_of(inside):
        yield heading, text
