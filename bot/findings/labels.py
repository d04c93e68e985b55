"""What each sentence of an abstract does: background, objective, methods, results or conclusions.

A label printed in the abstract is believed first: it narrows what its sentences may be, and the model decides the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np

from bot.findings.chain import probabilities
from bot.findings.matter import is_end_matter
from bot.findings.network import Network

MODEL = Path(__file__).with_name("model.npz")


class Label(StrEnum):
    """What a sentence does, in the order of the model's scores."""

    BACKGROUND = "BACKGROUND"
    OBJECTIVE = "OBJECTIVE"
    METHODS = "METHODS"
    RESULTS = "RESULTS"
    CONCLUSIONS = "CONCLUSIONS"


LABELS = tuple(Label)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence's label, and how likely each label is, in the order of `LABELS`, to four places."""

    label: Label
    probabilities: tuple[float, ...]

    def probability(self, label: Label) -> float:
        """Say how likely one label is."""
        return self.probabilities[LABELS.index(label)]


_OPENING = (Label.BACKGROUND, Label.OBJECTIVE)
_PRINTED = tuple(
    (re.compile(pattern, re.VERBOSE), frozenset(labels))
    for pattern, labels in (
        (r"BACKGROUND | INTRODUCTION | CONTEXT | RATIONALE | IMPORTANCE | SIGNIFICANCE", _OPENING),
        (r"\bAIMS?\b | OBJECTIVE | PURPOSE | \bGOALS?\b | HYPOTHES[IE]S | \bQUESTIONS?\b", _OPENING),
        (
            r"""METHOD | \bDESIGN | \bSETTING | PARTICIPANT | \bPATIENTS?\b | \bSUBJECTS?\b | MATERIAL | PROCEDURE
            | INTERVENTION | MEASURE | \bOUTCOMES?\b | DATA\ SOURCE
             | DATA\ EXTRACTION | STUDY\ SELECTION | REGISTRATION | STATISTICAL""",
            (Label.METHODS,),
        ),
        (r"RESULT | FINDING | OBSERVATION | SYNTHESIS | ADVERSE | \bSAFETY\b | \bCASE\b", (Label.RESULTS,)),
        (r"CONCLUSION | INTERPRETATION | IMPLICATION | DISCUSSION | \bCOMMENTS?\b | RELEVANCE", (Label.CONCLUSIONS,)),
    )
)
"""Printed labels, by a word of theirs, and what the sentences under them may be; one that names two sections allows both."""


def printed_labels(label: str | None) -> frozenset[Label]:
    """Say what the sentences under a printed label may be; all labels where there is none or it names no section."""
    found = [labels for pattern, labels in _PRINTED if label and pattern.search(label.upper())]
    return frozenset().union(*found) if found else frozenset(LABELS)


_APART = re.compile(
    r"FUND|SPONSOR|SUPPORT|ETHIC|DISCLOS|CONFLICT|COMPETING|ACKNOWLEDG|LIMITATION|KEY ?-?WORD|INDEX TERM|COPYRIGHT"
    r"|REGISTRATION|REGISTRY|REGISTERED|IDENTIFIER|AVAILABILITY|CORRESPONDENCE|CONTACT|LEVEL OF EVIDENCE|ABBREVIATION"
    r"|PROTOCOL|TRIAL NUMBER"
)
_FOUND = re.compile(r"RESULT|FINDING|CONCLUSION|INTERPRETATION")


def stands_apart(label: str | None) -> bool:
    """Say whether a printed label heads what is no section of a study (funding, ethics, limits, keywords)."""
    return bool(label and _APART.search(label.upper()) and not _FOUND.search(label.upper()))


@cache
def shipped() -> Network:
    """Load the model that ships with the package, once."""
    return Network.load(MODEL)


def label_sentences(
    sentences: Sequence[str], printed: Sequence[str | None] = (), *, model: Network | None = None
) -> list[Labelled]:
    """Label the sentences of one abstract, in order; `printed` is the label that each stands under, where one is printed.

    What is appended (rights, registration, keywords) has no say in what the sentences before it do.
    """
    network = model or shipped()
    permitted = [printed_labels(label) for label in printed or [None] * len(sentences)]
    body = len(sentences)
    while body and is_end_matter(sentences[body - 1]):
        body -= 1
    whole = _labelled(network, sentences, permitted)
    return whole if body in (0, len(sentences)) else [*_labelled(network, sentences[:body], permitted[:body]), *whole[body:]]


def _labelled(network: Network, sentences: Sequence[str], allowed: Sequence[frozenset[Label]]) -> list[Labelled]:
    permitted = np.array([[label in labels for label in LABELS] for labels in allowed], dtype=bool)
    permitted = permitted.reshape(len(sentences), len(LABELS))
    likely = probabilities(network.scores(sentences), network.transitions, network.first, network.last, permitted)
    return [Labelled(LABELS[int(row.argmax())], tuple(float(one) for one in row)) for row in likely]
