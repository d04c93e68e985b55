"""Which sentences to quote, the most important first: the one way for the card, the command and the measurements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.findings.attribution import names_aim
from bot.findings.features import features_of
from bot.findings.labels import Label, Labelled
from bot.findings.matter import announces, body_length
from bot.findings.ranker import Ranker, shipped

QUOTED = 640
"""Characters of all quotations of a card."""
MOST = 3
"""Quotations of a card."""
SAME = 0.75
"""Share of shared words at which one sentence repeats another."""
STATED, STATED_BESIDE_OTHERS = -0.5, 0.8
"""Log odds of being a finding that one sentence at least must exceed, or the abstract states none: surer where the text also
tells of others' work or of plans."""
CONCLUSION, FURTHER = -0.5, 0.7
"""Log odds of being a finding that the conclusion must exceed, and each further quotation; the first must be no veto."""
CLEAR_FIRST, CLEAR_CONCLUSION, CLEAR_FURTHER = 0.0, -1.0, -1.5
"""Log odds of needing the sentence before, up to which a sentence is quoted alone."""
LEANS = 0.3
"""How far a sentence falls in importance, for each step of log odds that it needs the one before."""
LAST = 1.5
"""What the last sentence gains as the conclusion where it says that it concludes; half of it where not."""
NEVER = 20.0
"""What a sentence loses that is never a finding; more than all else can add up to."""
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
    conclusion: NDArray[np.float64]
    """How surely it is the claim that the abstract ends in."""
    aim: NDArray[np.float64]
    """How surely it states the study's own aim, 0 to 1."""
    beside_others: bool
    """The text tells of others' work or of plans."""
    stems: tuple[frozenset[str], ...]
    """The telling words of each sentence before the end matter."""


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
    """Score the sentences of one abstract; those that stand `apart` (say, under the label METHODS) are no findings."""
    body = body_length(sentences)
    if not body:
        nothing = np.full(len(sentences), -NEVER)
        return Scores(nothing, nothing, nothing, nothing, nothing, False, ())
    labels = labels[:body]
    known = features_of(sentences[:body], labels, title, apart)
    importance, finding, needs, conclusion = (ranker or shipped()).scores(known).T
    # Few texts to learn from tell of others' work, so these two weigh more than was learned.
    finding = finding - known.has("tells on") - known.has("others, own later")
    never = known.has("end matter") | known.has("calls for work") | known.has("told by others")
    never |= known.has("tells on") & known.has("before own")
    never |= np.array([announces(text) for text in sentences[:body]])
    aims = np.array(
        [one.probability(Label.OBJECTIVE) + names_aim(text) for one, text in zip(labels, sentences, strict=False)]
    )
    others = known.has("told by others")
    conclusion += LAST * known.has("last") * (1 + known.has("concludes")) / 2
    end = (0, len(sentences) - body)
    return Scores(
        np.pad(importance - LEANS * np.maximum(needs + 1, 0) - NEVER * never, end, constant_values=-2 * NEVER),
        np.pad(np.where(never, -NEVER, finding), end, constant_values=-NEVER),
        np.pad(needs, end),
        np.pad(conclusion, end, constant_values=-NEVER),
        np.pad(np.where(others, 0, aims / 2), end),
        bool((known.has("others") | known.has("plans")).any()),
        known.stems,
    )


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
    order = _descending(scores.importance)
    card = _Card(sentences, scores, most, budget)
    if scores.finding.max() > (STATED_BESIDE_OTHERS if scores.beside_others else STATED):
        next((index for index in order if card.add(index, 0 if scores.beside_others else -NEVER / 2, CLEAR_FIRST)), None)
        # An abstract's conclusion has a place, unless it is among the most important anyway.
        next((index for index in _descending(scores.conclusion) if card.add(index, CONCLUSION, CLEAR_CONCLUSION)), None)
        for index in order:
            card.add(index, FURTHER, CLEAR_FURTHER)
    quoted = card.in_order(order)
    best = int(scores.aim.argmax())
    aim = best if not quoted and scores.aim[best] >= AIM else None
    return Choice(quoted, aim, (*quoted, *(index for index in order if index not in quoted)))


class _Card:
    """Quotations as they are added: groups of a sentence and, before it, the one that it leans on."""

    def __init__(self, sentences: Sequence[str], scores: Scores, most: int, budget: int) -> None:
        self._sentences, self._scores, self._most, self._room = sentences, scores, most, budget
        self._groups: dict[int, tuple[int, ...]] = {}

    def add(self, index: int, finding: float, clear: float) -> bool:
        """Add a sentence whose log odds suffice, where there is room; True where it is on the card, then or before."""
        if index in self._quoted():
            return True
        group: tuple[int, ...] = (index,)
        if self._scores.needs[index] > clear:
            group = (index,) if index - 1 in self._quoted() else (index - 1, index)
        cost = sum(len(self._sentences[one]) for one in group)
        fits = len(self._quoted()) + len(group) <= self._most and (cost <= self._room or not self._quoted())
        if not fits or group[0] < 0 or any(self._scores.finding[one] <= finding or self._repeats(one) for one in group):
            return False
        if len(group) > 1 and self._scores.needs[group[0]] > clear:
            return False
        self._groups[index] = group
        self._room -= cost
        return True

    def in_order(self, order: Sequence[int]) -> tuple[int, ...]:
        """Give what is quoted, the most important group first; what leans on a sentence comes right after it."""
        rank = {index: place for place, index in enumerate(order)}
        leaning = {index for index, group in self._groups.items() if len(group) == 1 and self._leans(index)}
        found: list[int] = []
        for index in sorted(self._groups, key=rank.__getitem__):
            if index not in leaning:
                for one in self._groups[index]:
                    found += [one, *([one + 1] if one + 1 in leaning else [])]
        return tuple(found)

    def _leans(self, index: int) -> bool:
        return self._scores.needs[index] > CLEAR_FURTHER and index - 1 in self._quoted()

    def _quoted(self) -> set[int]:
        return {one for group in self._groups.values() for one in group}

    def _repeats(self, index: int) -> bool:
        words = self._scores.stems
        shared = (len(words[index] & words[one]) / (min(len(words[index]), len(words[one])) or 1) for one in self._quoted())
        return any(share >= SAME for share in shared)


def _descending(scores: NDArray[np.float64]) -> list[int]:
    return [int(index) for index in np.lexsort((np.arange(len(scores)), -scores))]
