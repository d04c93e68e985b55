"""What each sentence of an abstract does: background, objective, methods, results or conclusions.

A label printed in the abstract limits which labels its sentences may have; the model decides between these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bot.findings.chain import probabilities
from bot.findings.matter import body_length
from bot.findings.network import Network
from bot.findings.sections import LABELS, Label, printed_labels

__all__ = ["LABELS", "MODEL", "Label", "Labelled", "label_sentences", "shipped"]

MODEL = Path(__file__).with_name("model.npz")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence's label, and how likely each label is, in the order of `LABELS`, to four places."""

    label: Label
    probabilities: tuple[float, ...]

    def probability(self, label: Label) -> float:
        """Give the probability of one label, 0 to 1."""
        return self.probabilities[LABELS.index(label)]


@cache
def shipped() -> Network:
    """Load the model that ships with the package, once."""
    return Network.load(MODEL)


def label_sentences(sentences: Sequence[str], printed: Sequence[str | None] = ()) -> list[Labelled]:
    """Label the sentences of one abstract, in order; `printed` is the label that each stands under, where one is printed.

    End matter (rights, registration, keywords) does not influence the labels of the sentences before it.
    """
    network = shipped()
    permitted = [printed_labels(label) for label in printed or [None] * len(sentences)]
    body = body_length(sentences)
    whole = _labelled(network, sentences, permitted)
    return whole if body in (0, len(sentences)) else [*_labelled(network, sentences[:body], permitted[:body]), *whole[body:]]


def _labelled(network: Network, sentences: Sequence[str], allowed: Sequence[frozenset[Label]]) -> list[Labelled]:
    permitted = np.array([[label in labels for label in LABELS] for labels in allowed], dtype=bool)
    permitted = permitted.reshape(len(sentences), len(LABELS))
    likely = probabilities(network.scores(sentences), network.transitions, network.first, network.last, permitted)
    return [Labelled(LABELS[int(row.argmax())], tuple(float(one) for one in row)) for row in likely]
