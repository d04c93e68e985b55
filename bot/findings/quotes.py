"""The key findings of an abstract: which sentences are quoted, how many, and how long."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.card import Finding
from bot.core.errors import BadTarget
from bot.core.record import Paragraph
from bot.findings.choice import BASELINE, SAME, pick, ranked, unfit
from bot.findings.features import Features, features_of, impersonal
from bot.findings.labels import Label, label_sentences
from bot.findings.sections import printed_labels, stands_apart
from bot.findings.sentences import split_sentences

CUT = " […]"
"""Stands after a quotation that goes on in the abstract."""

MOST_SENTENCES, MOST_READ = 400, 50_000
"""Sentences and characters, several times those of the longest abstract: what is longer is none, and would cost much."""

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
    if sum(len(one.text) for one in abstract) > MOST_READ:
        return ()
    sentences = [_Sentence(one, start, end) for one in abstract for start, end in split_sentences(one.text)]
    if not 0 < len(sentences) <= MOST_SENTENCES or most < 1:
        return ()
    texts = [one.text for one in sentences]
    labels = label_sentences(texts, [one.paragraph.label for one in sentences])
    apart = {index for index, one in enumerate(sentences) if stands_apart(one.paragraph.label)}
    if len(texts) > 1 and not _STOPPED.search(texts[-1]):
        apart.add(len(texts) - 1)
    known = features_of(texts, labels, apart)
    never = unfit(known)
    finds = ~never if len(texts) == 1 else ~never & _finding(texts, [one.paragraph.label for one in sentences], known)
    order = ranked(texts, known)
    chosen: list[int] = []
    quoted: dict[int, str] = {}
    room = budget
    leaning = (known.has("leans") | np.array([bool(_OTHERS.match(text)) for text in texts])) & ~known.has("concludes")
    for index in _supported(order, leaning, finds):
        if not finds[index] or index in chosen or (len(chosen) >= _FREE and BASELINE.search(texts[index])):
            continue
        # A further quotation that leans on a sentence that is not quoted says nothing ("It was longer in these animals.").
        dangles = chosen and leaning[index] and index - 1 not in chosen
        if dangles or any(known.alike(index, other) >= SAME for other in chosen):
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
    where there are as many. Raises BadTarget for a row of another shape.
    """
    if "sentences" in row:
        texts = row["sentences"]
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise BadTarget(f"row {row.get('id')}: sentences")
        printed: list[str | None] = [None] * len(texts)
    else:
        paragraphs = _paragraphs_of(row)
        spans = [(one, *span) for one in paragraphs for span in split_sentences(one.text)]
        texts = [one.text[start:end] for one, start, end in spans]
        printed = [one.label for one, _, _ in spans]
    labels = label_sentences(texts, printed)
    picks = pick(texts, labels, limit, {index for index, label in enumerate(printed) if stands_apart(label)})
    return {"id": row.get("id"), "sentences": texts, "labels": [str(one.label) for one in labels], "picks": picks}


def _paragraphs_of(row: Mapping[str, Any]) -> list[Paragraph]:
    """Read a row's abstract. Raises BadTarget where it is no list of paragraphs."""
    abstract = row.get("abstract")
    if not isinstance(abstract, list) or not all(
        isinstance(one, dict) and isinstance(one.get("text"), str) and isinstance(one.get("label"), str | None)
        for one in abstract
    ):
        raise BadTarget(f"row {row.get('id')}: abstract")
    return [Paragraph(one["text"], one.get("label")) for one in abstract]


def _finding(texts: Sequence[str], printed: Sequence[str | None], known: Features) -> NDArray[np.bool_]:
    """Say of each sentence whether it may be quoted as a finding.

    It must say so itself, by a wording, or stand under a printed label of findings; and be no aim, method or generality.
    """
    concludes, reports, works = known.has("concludes"), known.has("reports"), known.has("works")
    past = known.has("backs") | known.has("discusses") | np.array([bool(_HISTORY.search(text)) for text in texts])
    out = known.has("aims") & ~concludes
    out |= past & ~concludes & ~known.has("measures")
    out |= np.array([bool(_CAVEAT.search(text)) for text in texts])
    cued = concludes | reports | np.array([bool(_STATES.search(text)) for text in texts])
    for cue in ("infers", "announces", "denies", "measures", "advises"):
        cued |= known.has(cue)
    cued |= np.array([printed_labels(label) <= _FOUND for label in printed])
    likely = np.array([one.probability(Label.RESULTS) + one.probability(Label.CONCLUSIONS) for one in known.labels])
    told = np.array([bool(_TOLD.match(text)) for text in texts]) & impersonal(texts)
    says = (concludes | known.has("announces") | (told & reports)) & ~works & ~known.has("backs") & (likely >= _POSSIBLE)
    says |= np.array([bool(_COUNTED.match(text)) and not BASELINE.search(text) for text in texts]) & ~works
    return np.asarray(~out & (((likely >= _LIKELY) & cued & (reports | concludes | ~works)) | says))


_LIKELY = 0.5
_POSSIBLE = 0.02
"""Old abstracts open with the finding, where the model, taught by newer ones, expects the background."""
_FOUND = frozenset({Label.RESULTS, Label.CONCLUSIONS})
_STATES = re.compile(
    r"\b(?:than|but not|only|always|never|no longer|all|most|none|both|every|in (?:\w+ ){0,3}(?:of|out of) \d+)\b|\d"
    r"|\b(?:effective|reliable|valid|safe|toxic|lethal|potent|rare|frequent|equal|similar|identical|different|complete|marked)\b",
    re.IGNORECASE,
)
"""Compares, counts, or ascribes."""
_COUNTED = re.compile(
    r"(?:\W|\d)*(?:of|among) (?:the )?\d+ [^.;,]{3,80}, \d+ (?:\([^)]*\) )?(?:was|were|had|[a-z]+ed)\b", re.IGNORECASE
)
"""How many of how many: `Of 60 patients, 30 were abstinent.`"""
_HISTORY = re.compile(
    r"\b(?:in|since|until|before) (?:the )?(?:1[5-9]|20)\d\d\b(?!.*\d ?%)"
    r"|\b(?:trials|studies|articles|papers|records|reports)\b[^.;]{0,40}"
    r" (?:was|were) (?:found|identified|included|retrieved)\b",
    re.IGNORECASE,
)
"""What was done long ago by others, or how many papers were found."""
_CAVEAT = re.compile(
    r"^\W*(?:however, )?(?:the |our )?(?:main |major |several )?(?:limitations?|weakness(?:es)?|strengths?)\b"
    r"|\bwith caution\b"
    r"|\bsample\b.{0,40}\b(?:too )?small\b|\bexpected to (?:end|begin|start|be completed)\b",
    re.IGNORECASE,
)
"""Says how far to trust the findings, or what is planned."""
_OTHERS = re.compile(r"^(?:\W|\d)*the (?:others?|rest|remainder|remaining)\b", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?\u2026:;][\"'\u201d\u2019»)\]]*(?:\s?[\[(]?\d[\d,\u2013-]*[\])]?)?$")
"""A sentence that came to its end; the last of an abstract cut off does not."""


def _supported(order: Sequence[int], leaning: NDArray[np.bool_], finds: NDArray[np.bool_]) -> Iterator[int]:
    """Go through the order; before a sentence that leans on a finding comes the finding it leans on."""
    for index in order:
        if leaning[index] and finds[index] and index and finds[index - 1]:
            yield index - 1
        yield index


_FREE = 2
"""Picks that may tell who took part."""


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
