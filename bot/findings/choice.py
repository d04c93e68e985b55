"""Which sentences to quote, the most important first: the one way for the card, the command and the measurements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.findings.attribution import Source, names_aim, whose
from bot.findings.features import Features, features_of
from bot.findings.labels import Label, Labelled
from bot.findings.ranker import Ranker, shipped

QUOTED = 640
"""Characters of all quotations of a card."""
MOST = 3
"""Quotations of a card."""
SAME = 0.75
"""Share of shared words at which one sentence repeats another."""
STATED = 0.5
"""Log odds of being a finding that one sentence at least must exceed, or the abstract states none."""
BEST, FURTHER = -1.0, 0.0
"""Log odds of being a finding that the most important sentence must exceed, and each further one."""
ALONE = -1.0
"""Log odds of needing the sentence before, up to which a sentence is clear on its own."""
LEANS = 0.3
"""How far a sentence falls in importance, for each step of log odds that it needs the one before."""
AIM = 0.4
"""Probability from which a sentence is the study's aim."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of the sentences of one abstract; for each sentence a number."""

    importance: NDArray[np.float64]
    finding: NDArray[np.float64]
    """Log odds that this study found it; far below zero for what is never a finding."""
    needs: NDArray[np.float64]
    """Log odds that it is not clear without the sentence before."""
    aim: NDArray[np.float64]
    """How surely it states the study's own aim, 0 to 1."""
    known: Features


@dataclass(frozen=True, slots=True)
class Choice:
    """Indexes of sentences."""

    quoted: tuple[int, ...]
    """What a card quotes, in its order; empty where no finding of this study is stated."""
    aim: int | None
    """What a card quotes as the aim where it quotes no finding."""
    ranked: tuple[int, ...]
    """All sentences, the most important first; begins with those quoted."""


def score_sentences(
    sentences: Sequence[str],
    labels: Sequence[Labelled],
    title: str = "",
    apart: Collection[int] = (),
    *,
    ranker: Ranker | None = None,
) -> Scores:
    """Score the sentences of one abstract; those that stand `apart` (under a label like FUNDING) are no findings."""
    known = features_of(sentences, labels, title, apart)
    importance, finding, needs = (ranker or shipped()).scores(known).T
    never = known.columns["end matter"] | known.columns["calls for work"]
    told = known.columns["told by others"]
    finding = np.where(never | told, -NEVER, finding)
    aims = [one.probability(Label.OBJECTIVE) + names_aim(text) for one, text in zip(labels, sentences, strict=True)]
    others = np.array(whose(sentences)) == Source.OTHERS
    aim = np.where(never | others, 0, np.array(aims) / 2)
    return Scores(importance - LEANS * np.maximum(needs, 0) - NEVER * (never | told), finding, needs, aim, known)


NEVER = 20.0
"""What end matter loses; more than all else can add up to."""


def choose(
    sentences: Sequence[str],
    labels: Sequence[Labelled],
    title: str = "",
    apart: Collection[int] = (),
    *,
    most: int = MOST,
    budget: int = QUOTED,
    ranker: Ranker | None = None,
) -> Choice:
    """Choose what a card quotes of one abstract: at most `most` sentences and `budget` characters, the first always."""
    if not sentences:
        return Choice((), None, ())
    scores = score_sentences(sentences, labels, title, apart, ranker=ranker)
    order = [int(index) for index in np.lexsort((np.arange(len(sentences)), -scores.importance))]
    quoted: list[int] = []
    for index in order if scores.finding.max() > STATED else ():
        group = _group(index, scores, quoted)
        room = budget - sum(len(sentences[one]) for one in [*quoted, *group])
        if not group or len(quoted) + len(group) > most or (room < 0 and len(quoted) + len(group) > 1):
            continue
        if not any(scores.known.alike(index, other) >= SAME for other in quoted):
            quoted += group
    best = int(scores.aim.argmax())
    aim = best if not quoted and scores.aim[best] >= AIM else None
    return Choice(tuple(quoted), aim, (*quoted, *(index for index in order if index not in quoted)))


def _group(index: int, scores: Scores, quoted: Sequence[int]) -> list[int]:
    """Give what is to be quoted for a sentence: itself, behind the one that it leans on; empty where that cannot be."""

    def fits(one: int) -> bool:
        return one not in quoted and scores.finding[one] > (FURTHER if quoted else BEST)

    if not fits(index):
        return []
    if scores.needs[index] <= ALONE or index - 1 in quoted[-1:]:
        return [index]
    alone = index > 0 and fits(index - 1) and scores.needs[index - 1] <= ALONE
    return [index - 1, index] if alone else []
