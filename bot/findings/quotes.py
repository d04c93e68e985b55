"""The key findings of an abstract, as a card quotes them, and as `python -m bot findings` answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from bot.core.card import MOST_QUOTED, Finding
from bot.core.errors import BadTarget
from bot.core.record import Paragraph
from bot.findings.choice import MOST, Choice, choose
from bot.findings.labels import Labelled, label_sentences
from bot.findings.language import is_english
from bot.findings.sections import Label, printed_labels, stands_apart
from bot.findings.sentences import split_sentences

CUT = " […]"
"""Stands after a quotation that was shortened."""

MOST_SENTENCES, MOST_READ = 400, 50_000
"""Sentences and characters, several times those of the longest abstract: a longer text is no abstract."""

_NUMBERING = re.compile(r"(?:\(?\d{1,2}[.)]|\d{1,2}(?=\s+[A-Z]))\s+(?=\S)")
_CLAUSE_END = re.compile(r"[;:,](?=\s)|(?=\s(?:and|but|whereas|while|although|which)\s)")
_LEAST_SHARE = 0.4
"""Share of the available characters that a shortened sentence must still fill to be quoted."""
_CUT_OFF = re.compile(
    r"""
    \b(?: the|an?|of|and|or|that            # "showed that"
        | to|in|with|by                     # "a rise in"
        | was|were|is|are|be|been|has|have  # "newts were"
        | for|from|on|at|as|which|than|but|not
        | [b-z] )$                          # the beginning of a word
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The end of a sentence whose rest is missing. A missing full stop alone tells nothing: many records lack the last one."""
_TRUNCATED = re.compile(r"\babstract truncated\b", re.IGNORECASE)
_FOUND = {Label.RESULTS, Label.CONCLUSIONS}


@dataclass(frozen=True, slots=True)
class Quotes:
    """What a card quotes of an abstract."""

    findings: tuple[Finding, ...] = ()
    """The most important first; empty where the abstract states no finding of its study."""
    aim: Finding | None = None
    """The aim of the study, if the abstract states it and states no finding."""
    foreign: bool = False
    """Whether the abstract is not in English; then only what it prints under a label such as CONCLUSIONS is quoted."""


def key_findings(abstract: Sequence[Paragraph], title: str = "", *, most: int = MOST, budget: int = MOST_QUOTED) -> Quotes:
    """Choose what an abstract says was found, at most `most` sentences and `budget` characters.

    Each text is an exact substring of its paragraph; one longer than the whole budget is cut where a clause ends and carries
    `CUT`.
    """
    if most < 1:
        return Quotes()
    sentences = _sentences(abstract)
    choice = _choose(sentences, label_sentences(*_apart(sentences)), title, most=most, budget=budget)
    found = [Finding(_fit(one.text, budget), one.label) for one in sentences]
    aim = found[choice.aim] if choice.aim is not None else None
    return Quotes(tuple(found[index] for index in choice.quoted), aim, not _in_english(sentences))


def findings_of(row: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Answer one row of `python -m bot findings`.

    In: `{"id", "title", "sentences": [...]}` or `{"id", "title", "abstract": [{"label", "text"}]}`; the title may be left
    out. Out: `{"id", "sentences", "labels", "picks", "card", "aim"}`, the last three as indexes of sentences: `picks` are
    the `limit` best sentences (all if there are fewer), those of `card` first; `card` is what a full card quotes; both have
    the most important first; `aim` is what a card quotes as the aim, or None. Given sentences are not split. A text
    that is longer than any abstract is treated as empty. Raises BadTarget for a row of another shape.
    """
    title = row.get("title") or ""
    if not isinstance(title, str):
        raise BadTarget(f"row {row.get('id')}: title")
    if "sentences" in row:
        texts = row["sentences"]
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise BadTarget(f"row {row.get('id')}: sentences")
        sentences = _bounded([Paragraph(text) for text in texts])
    else:
        sentences = _sentences(_paragraphs_of(row))
    labels = label_sentences(*_apart(sentences))
    choice = _choose(sentences, labels, title, most=MOST, budget=MOST_QUOTED)
    return {
        "id": row.get("id"),
        "sentences": [one.text for one in sentences],
        "labels": [str(one.label) for one in labels],
        "picks": list(choice.ranked[:limit]),
        "card": list(choice.quoted),
        "aim": choice.aim,
    }


def _sentences(abstract: Sequence[Paragraph]) -> list[Paragraph]:
    """Split an abstract into sentences, each under its label."""
    whole = _bounded(abstract)
    return _bounded([Paragraph(one.text[start:end], one.label) for one in whole for start, end in split_sentences(one.text)])


def _bounded(parts: Sequence[Paragraph]) -> list[Paragraph]:
    """Give the parts of a text; empty if they are more than MOST_SENTENCES, or longer than MOST_READ together."""
    return list(parts) if len(parts) <= MOST_SENTENCES and sum(len(one.text) for one in parts) <= MOST_READ else []


def _apart(sentences: Sequence[Paragraph]) -> tuple[list[str], list[str | None]]:
    """Give the texts of sentences and their printed labels as two lists."""
    return [one.text for one in sentences], [one.label for one in sentences]


def _choose(sentences: Sequence[Paragraph], labels: Sequence[Labelled], title: str, *, most: int, budget: int) -> Choice:
    """Choose what a card quotes; a sentence that is too long for the card and cannot be shortened is left out."""
    choice = _choose_any(sentences, labels, title, most=most, budget=budget)
    quoted = tuple(index for index in choice.quoted if _fit(sentences[index].text, budget))
    aim = choice.aim if choice.aim is not None and _fit(sentences[choice.aim].text, budget) else None
    return Choice(quoted, aim, (*quoted, *(index for index in choice.ranked if index not in quoted)))


def _choose_any(sentences: Sequence[Paragraph], labels: Sequence[Labelled], title: str, *, most: int, budget: int) -> Choice:
    """Let the model choose; for an abstract that is not in English, take the printed conclusions."""
    texts, printed = _apart(sentences)
    if not _in_english(sentences):
        places = range(len(texts))
        conclusions = [i for i in places if printed_labels(printed[i]) == {Label.CONCLUSIONS}][:most]
        lengths = accumulate(len(texts[i]) for i in conclusions)
        quoted = tuple(i for i, used in zip(conclusions, lengths, strict=True) if used <= budget or i == conclusions[0])
        return Choice(quoted, None, (*quoted, *(i for i in places if i not in quoted)))
    end = len(texts) - 1 - bool(_TRUNCATED.search("".join(texts[-1:])))
    cut_off = end > 0 and (_CUT_OFF.search(texts[end]) or (end < len(texts) - 1 and texts[end][-1:] not in ".!?"))
    kept = [i for i in range(len(texts)) if not stands_apart(printed[i]) and not (cut_off and i == end)]
    barred = {place for place, i in enumerate(kept) if not printed_labels(printed[i]) & _FOUND}
    choice = choose([texts[i] for i in kept], [labels[i] for i in kept], title, barred, most=most, budget=budget)
    return Choice(
        tuple(kept[place] for place in choice.quoted),
        kept[choice.aim] if choice.aim is not None else None,
        (*(kept[place] for place in choice.ranked), *(i for i in range(len(texts)) if i not in kept)),
    )


def _in_english(sentences: Sequence[Paragraph]) -> bool:
    return is_english(" ".join(one.text for one in sentences))


def _paragraphs_of(row: Mapping[str, Any]) -> list[Paragraph]:
    """Read a row's abstract. Raises BadTarget if it is not a list of paragraphs."""
    abstract = row.get("abstract")
    if not isinstance(abstract, list) or not all(
        isinstance(one, dict) and isinstance(one.get("text"), str) and isinstance(one.get("label"), str | None)
        for one in abstract
    ):
        raise BadTarget(f"row {row.get('id')}: abstract")
    return [Paragraph(one["text"], one.get("label")) for one in abstract]


def _fit(text: str, room: int) -> str:
    """Drop the number that a listed point begins with, and cut text that is too long at the end of a clause.

    Empty if too little would be left.
    """
    numbering = _NUMBERING.match(text)
    text = text[numbering.end() :] if numbering else text
    if len(text) <= room:
        return text
    ends = [
        match.start()
        for match in _CLAUSE_END.finditer(text)
        if match.start() + len(CUT) <= room and _closed(text[: match.start()])
    ]
    return text[: ends[-1]] + CUT if ends and ends[-1] >= _LEAST_SHARE * room else ""


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")
