"""The training texts, as words and as the labels that each sentence may have."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.findings.labels import LABELS, Label
from bot.findings.sentences import split_sentences
from bot.findings.tokens import words_of

MOST_KNOWN = 12_000
"""Words with a vector of their own."""
LEAST_COUNT = 3
"""Occurrences that a word needs to get a vector of its own."""

_WILL = re.compile(r"\bwill\b")
_LOOSE = {
    Label.BACKGROUND: {Label.BACKGROUND, Label.OBJECTIVE},
    Label.OBJECTIVE: {Label.BACKGROUND, Label.OBJECTIVE, Label.METHODS, Label.RESULTS},
    Label.METHODS: {Label.METHODS, Label.RESULTS},
    Label.RESULTS: {Label.RESULTS, Label.CONCLUSIONS},
    Label.CONCLUSIONS: {Label.CONCLUSIONS},
}
"""What a sentence may be under a heading whose abstract does not keep all five apart ("Methods and results")."""


class Style(IntEnum):
    """Whose headings an abstract follows: what one house calls background, another calls the objective."""

    HOUSE = 0
    """The house style of a few open-access publishers."""
    MEDLINE = 1
    """Journals at large; the model runs in this style."""
    PLAIN = 2
    """No headings: labels are other taggers' opinion."""


@dataclass(frozen=True, slots=True)
class Abstract:
    """One abstract: words of each sentence, which labels each may have (sentences x labels), whose headings it follows."""

    words: list[list[str]]
    permitted: NDArray[np.bool_]
    style: Style


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def labelled_abstracts(path: Path) -> list[Abstract]:
    """Read `train.jsonl`; an incomplete abstract's sentences may have any label that its headings leave open."""
    abstracts = []
    for row in rows(path):
        labels = [Label(label) for label in row["labels"]]
        sure = row["complete"]
        loose = _LOOSE | ({Label.METHODS: {Label.METHODS}} if _plans(row["sentences"]) else {})
        sets = [{label} if sure else loose[label] for label in labels]
        permitted = np.array([[label in one for label in LABELS] for one in sets])
        style = Style.MEDLINE if row["source"] == "ASR" else Style.HOUSE
        abstracts.append(Abstract([words_of(s) for s in row["sentences"]], permitted, style))
    return abstracts


def _plans(sentences: list[str]) -> bool:
    """Whether an abstract is a protocol: what will be done, and so no results under its methods."""
    return sum(bool(_WILL.search(sentence)) for sentence in sentences) > 1


def plain_texts(path: Path) -> list[list[list[str]]]:
    """Read `unlabelled.jsonl`: the words of each sentence of each abstract."""
    return [[words_of(row["text"][start:end]) for start, end in split_sentences(row["text"])] for row in rows(path)]


def vocabulary(texts: Iterable[list[list[str]]]) -> list[str]:
    """Choose the words with a vector of their own: the most frequent, ties by the alphabet."""
    counts = Counter(word for sentences in texts for words in sentences for word in words)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in ranked[:MOST_KNOWN] if counts[word] >= LEAST_COUNT]
