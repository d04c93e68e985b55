"""What is known of each sentence when the findings are chosen: cues, label probabilities, place, company."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.findings.cues import CUES, VETOES, calls
from bot.findings.labels import LABELS, Label, Labelled
from bot.findings.matter import is_end_matter
from bot.findings.tokens import words_of

NAMES = (
    *CUES,
    *("vetoed", "calls", "last", "second last", "third last", "first", "opening"),
    *("likely result", "likely conclusion", "likely method", "likely opening", "log conclusion", "log finding"),
    *("short", "long", "first finding", "last and result", "shared words", "last without cue", "first to conclude"),
    "only one to conclude",
)
"""The columns of `Features.table`, which `bot.findings.weights` weighs."""

_SHORT, _LONG, _FEW = 10, 45, 4
"""Words: a short sentence, a long one, and too few to say anything."""
_PLAIN_WORD = 3
"""Letters of words that mean little: "the", "in", "of"."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of the sentences of one abstract."""

    table: NDArray[np.float64]
    """Sentences x `NAMES`."""
    words: tuple[frozenset[str], ...]
    """The telling words of each sentence."""
    labels: tuple[Labelled, ...]

    def column(self, name: str) -> NDArray[np.float64]:
        """Give one column."""
        return np.asarray(self.table[:, NAMES.index(name)])

    def has(self, name: str) -> NDArray[np.bool_]:
        """Say of each sentence whether it has a feature."""
        return self.column(name) > 0

    def alike(self, one: int, other: int) -> float:
        """Give the share of the shorter sentence's telling words that stand in the other, 0 to 1."""
        fewest = min(len(self.words[one]), len(self.words[other]))
        return len(self.words[one] & self.words[other]) / fewest if fewest else 0.0


def features_of(sentences: Sequence[str], labels: Sequence[Labelled], apart: Collection[int] = ()) -> Features:
    """Look at the sentences of one abstract; `labels` are what `label_sentences` gave, `apart` are surely no finding."""
    count = len(sentences)
    cues = np.array([[bool(cue.search(text)) for cue in CUES.values()] for text in sentences], float).reshape(
        count, len(CUES)
    )
    likely = np.array([one.probabilities for one in labels]).reshape(count, len(LABELS))
    conclusion, result, method = (likely[:, LABELS.index(one)] for one in (Label.CONCLUSIONS, Label.RESULTS, Label.METHODS))
    finding = conclusion + result
    lengths = [len(text.split()) for text in sentences]
    vetoed = np.array(
        [
            index in apart or bool(VETOES.search(text)) or is_end_matter(text) or length < _FEW
            for index, (text, length) in enumerate(zip(sentences, lengths, strict=True))
        ],
        bool,
    )
    calling = np.array([calls(text) for text in sentences], bool)
    words = tuple(frozenset(word for word in words_of(text) if len(word) > _PLAIN_WORD) for text in sentences)
    seen = Counter(word for one in words for word in one)
    # Places are counted from the end over sentences that could be findings: registration and rights stand last.
    live = [i for i in range(count) if not vetoed[i] and not calling[i]] or [count - 1]
    from_end = {index: rank for rank, index in enumerate(reversed(live))}
    rank = np.array([from_end.get(i, count) for i in range(count)])
    concludes = cues[:, list(CUES).index("concludes")]
    place = np.arange(count)
    first_finding = next((i for i in range(count) if finding[i] > 1 / 2 and not vetoed[i]), -1)
    first_to_conclude = next((i for i in range(count) if concludes[i]), -1)
    shared = [sum(seen[word] > 1 for word in one) / len(one) if one else 0.0 for one in words]
    columns = (
        *(vetoed, calling, rank == 0, rank == 1, rank == 2, place == 0, place < count / 3),  # noqa: PLR2004
        *(result, conclusion, method, 1 - finding - method, np.log(conclusion + 0.02), np.log(finding + 0.02)),
        *(np.array(lengths) < _SHORT, np.array(lengths) > _LONG, place == first_finding, (rank == 0) * result, shared),
        *((rank == 0) * (not concludes.any()), place == first_to_conclude, concludes * (concludes.sum() == 1)),
    )
    table = np.column_stack([cues, *(np.asarray(column, float) for column in columns)])
    return Features(table, words, tuple(labels))


_FIRST_PERSON = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_NEWER_WORDS = re.compile(
    r"\b(?:here|novel|genes?|genetic\w*|genom\w*|signall?ing|pathways?|expression|mediated|[cmt]?i?RNAs?|apopto\w+|biomarkers?"
    r"|nano\w+|transgenic|knock-?out|algorithms?|software|MRI|PCR|stem cells?|cytokines?|silico|online|web|databases?"
    r"|meta-analys[ei]s|sequencing|mutations?|mutants?|proteom\w+|phylogen\w+|robust|platforms?|strateg(?:y|ies)"
    r"|networks?|oxidative stress|CT"
    r"|tomography|laparoscop\w+|simulations?|endoscop\w+)\b",
    re.IGNORECASE,
)
_NEWER_MEASURES = re.compile(r"\b(?:outcomes?|risk|95 ?%|CI|cohorts?|retrospective\w*|odds|hazard|OR|HR|models?)\b")
_OLDER_UNITS = re.compile(r"micrograms?\b|\+/-|degrees? C\b|\bmu[gm]\b|less than 0|greater than 0|\d X 10|\d--\d")


def impersonal(sentences: Sequence[str]) -> bool:
    """Whether the abstract is written as most were before about 1990: nobody speaks, plain letters, units spelt out.

    Such abstracts open with a finding as often as they close with one, and wordings tell more of them than places do.
    """
    text = " ".join(sentences)
    points = 1.0 + 3 * bool(_OLDER_UNITS.search(text))
    points -= 2 * bool(_FIRST_PERSON.search(text)) + 3 * (not text.isascii())
    points -= 1.5 * bool(_NEWER_WORDS.search(text)) + 1.5 * bool(_NEWER_MEASURES.search(text))
    return points > 0
