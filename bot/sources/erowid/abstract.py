"""The text below the source line: the abstract's paragraphs, and the notes of the site's editors.

| printed                                       | kept as    | why                                            |
|-----------------------------------------------|------------|------------------------------------------------|
| `They woke.`                                  | paragraph  |                                                |
| `[Excerpt] They woke.`                        | excerpt    |                                                |
| `They woke.(ABSTRACT TRUNCATED AT 250 WORDS)` | truncated  |                                                |
| `NOTE: Retracted by authors in 1999.`         | retraction | see `retraction`                               |
| `Notes # : See there.`                        | note       | with all that follows, except keywords         |
| `Note: See there.`                            | note       |                                                |
| `[13 pages]`                                  | note       | alone, or at the end of a paragraph            |
| `(45 references)`                             | note       | the same                                       |
| `© 1999 Made Up.`                             | note       | the same                                       |
| `Comment in: J X. 1999;1:2.`                  | note       |                                                |
| `PMID: 1234567`                               | note       |                                                |
| `[Article in German]`                         | note       |                                                |
| `Department of X, University of Y, Z.`        | note       | an affiliation, as the first or last paragraph |
| `University of Nowhere.`                      | note       | the same, as the last                          |
| `Key Words: goats; milk`                      | keywords   |                                                |
| `Key words goats, milk`                       | keywords   | a list, and no sentence                        |
| `Key words were shown.`                       | paragraph  | a sentence                                     |

A label is taken off its paragraph (see `labels`). Lines that a `<br>` or a newline breaks in mid-sentence are joined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise

from bot.core.record import Paragraph
from bot.sources.erowid.affiliations import OPENS_AFFILIATION, VERB, is_affiliation, is_place
from bot.sources.erowid.html_lines import Line
from bot.sources.erowid.printf import undo_printf
from bot.sources.erowid.repairs import read_artefacts
from bot.sources.erowid.retraction import is_retraction, part_retraction
from bot.sources.labels import label_alone, split_at_labels

_HEADING = re.compile(r"\A(?:Abstract|ABSTRACT)\s*(?::\s*|\s(?=[A-Z\[]))")
_EXCERPT = re.compile(r"\W{0,3}\[\s*excerpts?\b[^\]]{0,40}\]\s*:?\s*", re.IGNORECASE)
_TRUNCATED = re.compile(r"\s*[(\[]\s?ABSTRACT TRUNCATED[^)\]]{0,40}[)\]]", re.IGNORECASE)
_NOTES = re.compile(r"(?:editor'?s )?notes?\s*(?:#\s*:?|:|$)\s*", re.IGNORECASE)
_NOTES_INSIDE = re.compile(r"(?<=\S)\s+(?=Notes?\s*#\s*:)")
_KEYWORDS = re.compile(
    r"""
    (?:additional\ )?key[ -]?words(?:\ and\ phrases)?\s*(?:\#\s*)?  # `Additional key words and phrases`, `Key-words #`
    (?:[:.]\s*|$)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_KEYWORDS_INSIDE = re.compile(
    r"""
    (?<=[.!?)\]])\s*                                    # behind a sentence
    (?=(?:Key\ ?[Ww]ords|KEY\ ?WORDS|Keywords)\s*:)
    """,
    re.VERBOSE,
)
_KEYWORDS_BARE = re.compile(r"key[ -]?words\s+(?=[^.:]*[,;][^.:]*\.?$)", re.IGNORECASE)
_RIGHTS_INSIDE = re.compile(
    r"""
    (?<=[.!?)\]])\s+                              # behind a sentence
    (?=
        (?:\u00a9|\([Cc]\)|Copyright)\ ?          # `©`, `(C)`, `Copyright`
        (?:\u00a9\ ?|\([Cc]\)\ ?)?[12][0-9]{3}\b  # `(C) 1998`
    )
    """,
    re.VERBOSE,
)
_LENGTH_AT_END = re.compile(
    r"""
    \s*(?P<note>
        [\[(]\s?[0-9]+\ (?:
            pages? | pp?\.?               # `(12 pp.)`
            | refs?\.? | references       # `[45 refs]`
            | figures? | tables?
        )\s?[\])]
    )\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOTE = re.compile(
    r"""
    \[[^\]]{1,80}\]\.?$                                                              # `[Article in German]`
    | \([0-9]+\ (?:pages|refs?\.?|references)\)\.?$                                  # `(45 references)`
    | (?:doi|pmid|pmcid)\b                                                           # identifiers
    | (?:copyright\b|\u00a9)\W                                                       # rights
    | (?:
        (?:comments?|erratum|republished|update|retraction)\ (?:in|on|for|from|of)   # `Comment in: …`
        | publication\ types? | mesh(?:\ terms)?                                     # PubMed's words
        | full\ text | available\ (?:at|from|online)                                 # where to read it
        | correspondence(?:\ to)? | e-?mail | authors?'?\ (?:affiliations?|address)  # whom to write to
    )\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MID_SENTENCE = re.compile(r"[^.!?:)\]\"\u201d]$")
_SHORTEST_WRAP = 40
_WIDEST_WRAP = 132
_NEARLY = 0.8


@dataclass(slots=True)
class Body:
    """The content of a record's page below its authors, title and source."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    excerpt: bool = False
    truncated: bool = False
    notes: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    retraction: str | None = None
    repairs: list[str] = field(default_factory=list)


def read_body(body: list[Line], before_heading: list[Line]) -> Body:
    """Read the lines between the source line and the comments; `before_heading` may hold notes, but no abstract."""
    found = Body()
    for line in before_heading:
        keywords = _KEYWORDS.match(line.text)
        if keywords:
            found.keywords += _keywords(line.text[keywords.end() :])
        elif is_editorial(line.text):
            _take_note(found, line.text)
    texts: list[str] = []
    in_notes = in_keywords = False
    for number, printed in enumerate(_parted(_unwrapped(body))):
        text, repairs = read_artefacts(printed)
        found.repairs += [repair for repair in repairs if repair not in found.repairs]
        heading = None if number else _HEADING.match(text)
        text = _take_marks(found, text[heading.end() :] if heading else text)
        keywords = _KEYWORDS.match(text) or _bare_keywords(text)
        if keywords:
            in_keywords = keywords.end() == len(text)
            found.keywords += _keywords(text[keywords.end() :])
        elif in_notes or _NOTES.match(text) or _NOTE.match(text) or is_retraction(text):
            in_notes = in_notes or _opens_notes(text, after_text=bool(texts))
            _take_note(found, text)
        elif in_keywords:
            in_keywords = False
            found.keywords += _keywords(text)
        elif text:
            texts.append(text)
    affiliations = []
    first = texts.pop(0) if len(texts) > 1 and OPENS_AFFILIATION.match(texts[0]) and is_affiliation(texts[0]) else None
    while texts and (is_affiliation(texts[-1]) or (len(texts) > 1 and is_place(texts[-1]))):
        affiliations.append(texts.pop())
    at = int(found.retraction is not None)
    found.notes[at:at] = [*([first] if first else []), *reversed(affiliations)]
    texts, repairs = undo_printf(texts)
    found.repairs += repairs
    found.paragraphs = list(_labelled(texts))
    return found


def is_editorial(text: str) -> bool:
    """Whether a line is a note or keywords by the site's editors; such a line may cite a work, but is no source line."""
    return any(shape.match(text) for shape in (_NOTES, _NOTE, _KEYWORDS)) or is_retraction(text)


def _unwrapped(lines: list[Line]) -> Iterator[str]:
    """Join wrapped lines; a paragraph break or a label starts a new text."""
    group: list[str] = []
    for line in lines:
        if line.firm and group:
            yield from _joined(group)
            group = []
        group.append(line.text)
    yield from _joined(group)


def _joined(group: list[str]) -> Iterator[str]:
    """Join lines that continue the one before; in a wrapped text, also a line after one of full width."""
    width = max((len(text) for text in group), default=0)
    wrapped = width <= _WIDEST_WRAP and sum(_runs_on(one, two) for one, two in pairwise(group)) > 1
    joined = group[:1]
    for previous, text in pairwise(group):
        if _runs_on(previous, text) or (wrapped and len(previous) > width * _NEARLY and not _opens(text)):
            joined.append(text)
        else:
            yield " ".join(joined)
            joined = [text]
    if joined:
        yield " ".join(joined)


def _runs_on(previous: str, text: str) -> bool:
    """Whether the line `text` continues the line before it."""
    if label_alone(previous) or _opens(text):
        return False
    return text[0].islower() or (len(previous) >= _SHORTEST_WRAP and bool(_MID_SENTENCE.search(previous)))


def _opens(text: str) -> bool:
    """Whether a line opens a section, notes or keywords."""
    if _NOTES.match(text) or _KEYWORDS.match(text) or _NOTE.match(text) or label_alone(text):
        return True
    return split_at_labels(text[:120])[0][0] is not None


def _parted(paragraphs: Iterator[str]) -> Iterator[str]:
    """Split notes, a retraction and keywords from the text before them."""
    for paragraph in chain.from_iterable(map(part_retraction, paragraphs)):
        if "\u00a9" in paragraph or "opyright" in paragraph or "(c)" in paragraph.casefold():
            yield from _RIGHTS_INSIDE.split(paragraph)
            continue
        if "#" in paragraph or "Key" in paragraph or "KEY" in paragraph:
            for piece in _NOTES_INSIDE.split(paragraph):
                yield from _KEYWORDS_INSIDE.split(piece)
        else:
            yield paragraph


def _opens_notes(text: str, *, after_text: bool) -> bool:
    """Whether all text after this one is notes, too: after `Notes #`, `Notes` alone, or `Notes` below the abstract."""
    notes = _NOTES.match(text)
    return notes is not None and ("#" in notes[0] or notes.end() == len(text) or after_text)


def _take_note(found: Body, text: str) -> None:
    """Add a note without its heading; a note of a retraction keeps its heading."""
    notes = _NOTES.match(text)
    bare = text[notes.end() :] if notes else text.lstrip("#: ")
    announced = text if notes and "#" not in notes[0] else bare
    if found.retraction is None and is_retraction(announced):
        found.retraction = announced
        found.notes.insert(0, announced)
    elif bare:
        found.notes.append(bare)


def _keywords(text: str) -> list[str]:
    words = text.rstrip(". ").split(";" if ";" in text else ",")
    return [word.strip() for word in words if word.strip()]


def _take_marks(found: Body, text: str) -> str:
    """Take the site editors' marks off a paragraph, record them in `found`, and give the rest of the text."""
    excerpt = _EXCERPT.match(text)
    if excerpt:
        found.excerpt = True
        text = text[excerpt.end() :]
    if ("TRUNCATED" in text or "runcated" in text) and _TRUNCATED.search(text):
        found.truncated = True
        text = _TRUNCATED.sub("", text).strip()
    length = _LENGTH_AT_END.search(text, max(0, len(text) - 60)) if text.endswith(("]", ")", ".")) else None
    if length:
        found.notes.append(length["note"])
        text = text[: length.start()]
    return text


def _bare_keywords(text: str) -> re.Match[str] | None:
    """Match `Key words goats, milk`: a list, not a sentence."""
    match = _KEYWORDS_BARE.match(text)
    return match if match and not VERB.search(text) else None


def _labelled(texts: list[str]) -> Iterator[Paragraph]:
    """Yield the paragraphs with their labels; a label without text belongs to the next paragraph."""
    pending: str | None = None
    for text in texts:
        for label, part in split_at_labels(text) if text else ():
            if not part:
                pending = label
            else:
                yield Paragraph(part, label or pending)
                pending = None
