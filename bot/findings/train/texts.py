"""The training texts, as words and as the labels that each sentence may have."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
"""Occurrences that earn a word its own vector."""

_LOOSE = {
    Label.BACKGROUND: {Label.BACKGROUND, Label.OBJECTIVE},
    Label.OBJECTIVE: {Label.BACKGROUND, Label.OBJECTIVE, Label.METHODS, Label.RESULTS},
    Label.METHODS: {Label.METHODS, Label.RESULTS},
    Label.RESULTS: {Label.RESULTS, Label.CONCLUSIONS},
    Label.CONCLUSIONS: {Label.CONCLUSIONS},
}
"""What a sentence may be under a heading whose abstract does not keep all five apart ("Methods and results")."""


@dataclass(frozen=True, slots=True)
class Abstract:
    """One abstract: words of each sentence, which labels each may have (sentences x labels), whose headings it follows."""

    words: list[list[str]]
    permitted: NDArray[np.bool_]
    medline: bool
    """Headings as journals at large choose them, and not the house style of a few open-access publishers."""


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
        sets = [{label} if row["complete"] else _LOOSE[label] for label in labels]
        permitted = np.array([[label in one for label in LABELS] for one in sets])
        abstracts.append(Abstract([words_of(s) for s in row["sentences"]], permitted, medline=row["source"] == "ASR"))
    return abstracts


def plain_texts(path: Path) -> list[list[list[str]]]:
    """Read `unlabelled.jsonl`: the words of each sentence of each abstract."""
    return [[words_of(row["text"][start:end]) for start, end in split_sentences(row["text"])] for row in rows(path)]


def vocabulary(texts: Iterable[list[list[str]]]) -> list[str]:
    """Choose the words with a vector of their own: the most frequent, ties by the alphabet."""
    counts = Counter(word for sentences in texts for words in sentences for word in words)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in ranked[:MOST_KNOWN] if counts[word] >= LEAST_COUNT]
