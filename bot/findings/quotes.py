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
"""Stands after a quotation that goes on in the abstract."""

MOST_SENTENCES, MOST_READ = 400, 50_000
"""Sentences and characters, several times those of the longest abstract: longer text is no abstract."""

_NUMBERING = re.compile(r"(?:\(?\d{1,2}[.)]|\d{1,2}(?=\s+[A-Z]))\s+(?=\S)")
_CLAUSE_END = re.compile(r"[;:,](?=\s)|(?=\s(?:and|but|whereas|while|although|which)\s)")
_LEAST_SHARE = 0.4
"""Of the room there is: what a shortened sentence must still fill to be worth quoting."""
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
    """The aim, where no finding is stated and the aim is."""
    foreign: bool = False
    """The abstract is not in English, so that nothing but its printed conclusions is quoted."""


def key_findings(abstract: Sequence[Paragraph], title: str = "", *, most: int = MOST, budget: int = MOST_QUOTED) -> Quotes:
    """Choose what an abstract says was found, at most `most` sentences and `budget` characters.

    Each text is an exact substring of its paragraph; one longer than the whole budget is cut where a clause ends and carries
    `CUT`.
    """
    if sum(len(one.text) for one in abstract) > MOST_READ or most < 1:
        return Quotes()
    sentences = [(one, one.text[start:end]) for one in abstract for start, end in split_sentences(one.text)]
    if not 0 < len(sentences) <= MOST_SENTENCES:
        return Quotes()
    texts, printed = [text for _, text in sentences], [one.label for one, _ in sentences]
    choice = _choose(texts, label_sentences(texts, printed), printed, title, most=most, budget=budget)

    def quotation(index: int) -> Finding:
        return Finding(_fit(texts[index], budget), printed[index])

    found = tuple(one for one in map(quotation, choice.quoted) if one.text)
    aim = quotation(choice.aim) if choice.aim is not None else None
    return Quotes(found, aim if aim and aim.text else None, not _in_english(texts))


def findings_of(row: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Answer one row of `python -m bot findings`.

    In: `{"id", "title", "sentences": [...]}` or `{"id", "title", "abstract": [{"label", "text"}]}`; the title may be left
    out. Out: `{"id", "sentences", "labels", "picks", "card", "aim"}`, the last three as indexes of sentences: `picks` are
    exactly `limit` where there are as many, `card` is what a full card quotes, both the most important first; `aim` is what
    it quotes as the aim, or None. Given sentences are not split. Raises BadTarget for a row of another shape.
    """
    title = row.get("title") or ""
    if not isinstance(title, str):
        raise BadTarget(f"row {row.get('id')}: title")
    if "sentences" in row:
        texts = row["sentences"]
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise BadTarget(f"row {row.get('id')}: sentences")
        printed: list[str | None] = [None] * len(texts)
    else:
        sentences = [(one, *span) for one in _paragraphs_of(row) for span in split_sentences(one.text)]
        texts = [one.text[start:end] for one, start, end in sentences]
        printed = [one.label for one, _, _ in sentences]
    labels = label_sentences(texts, printed)
    choice = _choose(texts, labels, printed, title, most=MOST, budget=MOST_QUOTED)
    return {
        "id": row.get("id"),
        "sentences": texts,
        "labels": [str(one.label) for one in labels],
        "picks": list(choice.ranked[:limit]),
        "card": list(choice.quoted),
        "aim": choice.aim,
    }


def _choose(
    texts: Sequence[str], labels: Sequence[Labelled], printed: Sequence[str | None], title: str, *, most: int, budget: int
) -> Choice:
    """Let the model choose; for an abstract that is not in English, take the printed conclusions."""
    if not _in_english(texts):
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


def _in_english(texts: Sequence[str]) -> bool:
    return is_english(" ".join(texts))


def _paragraphs_of(row: Mapping[str, Any]) -> list[Paragraph]:
    """Read a row's abstract. Raises BadTarget where it is no list of paragraphs."""
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
