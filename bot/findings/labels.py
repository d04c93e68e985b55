"""What each sentence of an abstract does: background, objective, methods, results or conclusions.

A label printed in the abstract limits which labels its sentences may have; the model decides between these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.findings.chain import probabilities
from bot.findings.matter import body_length
from bot.findings.network import Network, Vocabulary, read_arrays
from bot.findings.sections import LABELS, Label, printed_labels

__all__ = ["LABELS", "MODEL", "Label", "Labelled", "Labeller", "label_sentences", "shipped", "vocabulary"]

MODEL = Path(__file__).with_name("model.npz")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence's label, and how likely each label is, in the order of `LABELS`, to four places."""

    label: Label
    probabilities: tuple[float, ...]

    def probability(self, label: Label) -> float:
        """Give the probability of one label, 0 to 1."""
        return self.probabilities[LABELS.index(label)]


@dataclass(frozen=True, slots=True, eq=False)
class Labeller:
    """The network that scores the labels, and what `bot.findings.chain` adds for the order of labels."""

    network: Network
    transitions: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path, vocabulary: Vocabulary) -> "Labeller":
        """Read a model file that `bot.findings.train.export` wrote."""
        arrays = read_arrays(path)
        order = (arrays[name].astype(np.float64) for name in ("transitions", "first", "last"))
        return cls(Network.load(path, vocabulary), *order)


@cache
def vocabulary() -> Vocabulary:
    """Load the words that ship with the package, once."""
    return Vocabulary.load(MODEL)


@cache
def shipped() -> Labeller:
    """Load the model that ships with the package, once."""
    return Labeller.load(MODEL, vocabulary())


def label_sentences(sentences: Sequence[str], printed: Sequence[str | None] = ()) -> list[Labelled]:
    """Label the sentences of one abstract, in order; `printed` is the label that each stands under, where one is printed.

    End matter (rights, registration, keywords) does not influence the labels of the sentences before it.
    """
    permitted = [printed_labels(label) for label in printed or [None] * len(sentences)]
    body = body_length(sentences)
    whole = _labelled(sentences, permitted)
    return whole if body in (0, len(sentences)) else [*_labelled(sentences[:body], permitted[:body]), *whole[body:]]


def _labelled(sentences: Sequence[str], allowed: Sequence[frozenset[Label]]) -> list[Labelled]:
    permitted = np.array([[label in labels for label in LABELS] for labels in allowed], dtype=bool)
    permitted = permitted.reshape(len(sentences), len(LABELS))
    model = shipped()
    likely = probabilities(model.network.scores(sentences), model.transitions, model.first, model.last, permitted)
    return [Labelled(LABELS[int(row.argmax())], tuple(float(one) for one in row)) for row in likely]
