"""The key findings of an abstract: which sentences are quoted, how many, and how long."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.card import Finding
from bot.core.record import Paragraph
from bot.findings.choice import BASELINE, SAME, pick, ranked, unfit
from bot.findings.features import Features, features_of, impersonal
from bot.findings.labels import Label, Labelled, label_sentences
from bot.findings.sentences import split_sentences

CUT = " […]"
"""Stands after a quotation that goes on in the abstract."""

_NUMBERING = re.compile(r"(?:\(?\d{1,2}[.)]|\d{1,2}(?=\s+[A-Z]))\s+(?=\S)")
_CLAUSE_END = re.compile(r"[;:,](?=\s)|(?=\s(?:and|but|whereas|while|although|which)\s)")
_TOLD = re.compile(r"(?!.*\b(?:is|are|often|usually|can)\b).*\b(?:was|were|had|did|rose|fell|led|[a-z]+ed)\b", re.DOTALL)
"""Told in the past, as one's own finding is; a generality stands in the present."""
_LEAST_SHARE = 0.4
"""Of the room there is: what a shortened sentence must still fill to be worth quoting."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    paragraph: Paragraph
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.paragraph.text[self.start : self.end]


def key_findings(abstract: Sequence[Paragraph], *, most: int = 4, budget: int = 700) -> tuple[Finding, ...]:
    """Choose what an abstract says was found, at most `most` sentences and `budget` characters, in the abstract's order.

    Each text is an exact substring of its paragraph; one longer than the whole budget is cut where a clause ends and carries
    `CUT`. Empty where the abstract states no finding.
    """
    sentences = [_Sentence(one, start, end) for one in abstract for start, end in split_sentences(one.text)]
    if not sentences or most < 1:
        return ()
    texts = [one.text for one in sentences]
    labels = label_sentences(texts, [one.paragraph.label for one in sentences])
    known = features_of(texts, labels)
    never = unfit(known)
    old = impersonal(texts)
    chosen: list[int] = []
    quoted: dict[int, str] = {}
    room = budget
    for index in ranked(texts, known):
        if never[index] or not (len(texts) == 1 or _finds(known, index, told=old and bool(_TOLD.match(texts[index])))):
            continue
        if len(chosen) >= _FREE and BASELINE.search(texts[index]):
            continue
        if any(known.alike(index, other) >= SAME for other in chosen) or _dangles(known, index, chosen):
            continue
        text = _quotable(texts[index])
        if len(text) > room and not chosen:
            text = _shorten(text, room)
        if not text or len(text) > room:
            continue
        chosen.append(index)
        quoted[index] = text
        room -= len(text)
        if len(chosen) == most:
            break
    return tuple(Finding(quoted[index], sentences[index].paragraph.label) for index in sorted(chosen))


def findings_of(row: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Answer one row of `python -m bot findings`.

    In: `{"id", "sentences": [...]}` or `{"id", "abstract": [{"label", "text"}]}`. Out: `{"id", "sentences", "labels",
    "picks"}`; picks are indexes, the most important first. Given sentences are not split, and exactly `limit` are picked
    where there are as many.
    """
    if "sentences" in row:
        texts = [str(text) for text in row["sentences"]]
        printed: list[str | None] = [None] * len(texts)
    else:
        paragraphs = [Paragraph(str(one["text"]), one.get("label")) for one in row["abstract"]]
        spans = [(one, *span) for one in paragraphs for span in split_sentences(one.text)]
        texts = [one.text[start:end] for one, start, end in spans]
        printed = [one.label for one, _, _ in spans]
    labels = label_sentences(texts, printed)
    picks = pick(texts, labels, limit)
    return {"id": row.get("id"), "sentences": texts, "labels": [str(one.label) for one in labels], "picks": picks}


def _finds(known: Features, index: int, *, told: bool) -> bool:
    """Whether a sentence may be quoted as a finding: it is likely one, or says so, and is no aim, method or generality."""
    if known.has("aims")[index] and not known.has("concludes")[index]:
        return False
    if (known.has("backs")[index] or known.has("discusses")[index]) and not (
        known.has("concludes")[index] or known.has("measures")[index]
    ):
        return False
    labelled: Labelled = known.labels[index]
    likely = labelled.probability(Label.RESULTS) + labelled.probability(Label.CONCLUSIONS)
    if likely >= _LIKELY:
        return bool(known.has("reports")[index] or known.has("concludes")[index] or not known.has("works")[index])
    says = known.has("concludes")[index] or known.has("announces")[index] or (told and known.has("reports")[index])
    return bool(says and likely >= _POSSIBLE and not known.has("works")[index] and not known.has("backs")[index])


_LIKELY = 0.5
_POSSIBLE = 0.02
"""Old abstracts open with the finding, where the model, taught by newer ones, expects the background."""


def _dangles(known: Features, index: int, chosen: Sequence[int]) -> bool:
    """Whether a further quotation leans on a sentence that is not quoted ("It was longer in these animals.")."""
    leaning = known.has("leans")[index] and not known.has("concludes")[index]
    return len(chosen) >= _FREE and bool(leaning) and index - 1 not in chosen


_FREE = 2
"""Picks that are quoted even where they lean on their neighbour: what is most important goes first."""


def _quotable(text: str) -> str:
    """Leave out the number that a summary's point opens with."""
    numbering = _NUMBERING.match(text)
    return text[numbering.end() :] if numbering else text


def _shorten(text: str, room: int) -> str:
    """Cut a sentence at the last end of a clause that leaves room for the mark; empty where too little would be left."""
    ends = [
        match.start()
        for match in _CLAUSE_END.finditer(text)
        if match.start() + len(CUT) <= room and _closed(text[: match.start()])
    ]
    return text[: ends[-1]] + CUT if ends and ends[-1] >= _LEAST_SHARE * room else ""


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")
