"""Choose the sentences to quote, the most important first; cards, `python -m bot findings` and the benchmark use this."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.card import MOST_QUOTED
from bot.findings.announcements import announces, calls_for_work
from bot.findings.attribution import names_aim, sets_out, told_by_others
from bot.findings.features import features_of
from bot.findings.labels import Label, Labelled
from bot.findings.matter import body_length
from bot.findings.ranker import Ranker, shipped

MOST = 3
"""Quotations of a full card, at most."""
SAME = 0.8
"""Two sentences repeat each other if they share so much of the longer one's words."""
OTHERS = -1.0
"""Log odds above which a sentence is taken to tell what others found: a probability of 27 %."""
STATED = 0.0
"""An abstract states a finding if a sentence's log odds of being one exceed this."""
WRONG, UNCLEAR = 1.1, 2.5
"""Costs of quoting a sentence that is no finding, and one that is unclear alone; a main sentence is worth 1."""
AHEAD = 0.3
"""Lead in log odds of concluding, over all sentences that would be quoted otherwise, above which the surest conclusion is
chosen second."""
CLEAR = 0.0
"""Log odds of needing the sentence before, above which a sentence is quoted only together with it."""
NEVER = 20.0
"""Taken off the scores of a sentence that cannot be a finding; more than any score can make up for."""
AIM = 0.4
"""Value of `Scores.aim` from which a sentence may be quoted as the study's aim."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one abstract; the arrays hold a number for each sentence."""

    importance: NDArray[np.float64]
    """Log odds that it is among the main sentences of the abstract."""
    finding: NDArray[np.float64]
    """Log odds that it is a finding of this study; `-NEVER` if it cannot be one."""
    needs: NDArray[np.float64]
    """Log odds that it is not clear without the sentence before."""
    conclusion: NDArray[np.float64]
    """Log odds that it is the claim of the abstract, as a rule its conclusion; `-NEVER` if it cannot be a finding."""
    aim: NDArray[np.float64]
    """How surely it states the study's own aim, 0 to 1: the mean of what the network, the label and the wording say."""
    stems: tuple[frozenset[str], ...]
    """`Features.stems` of each sentence before the end matter, by which repetitions are found."""

    @property
    def worth(self) -> NDArray[np.float64]:
        """Expected worth of quoting each sentence."""
        return _likely(self.importance) - WRONG * (1 - _likely(self.finding)) - UNCLEAR * _likely(self.needs)


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
    """Score the sentences of one abstract; those in `apart` (say, printed under METHODS) cannot be findings."""
    body = body_length(sentences)
    while body and calls_for_work(sentences[body - 1]):
        body -= 1  # what follows the last finding does not change how those before it are read
    if not body:
        nothing = np.full(len(sentences), -NEVER)
        return Scores(nothing, nothing, nothing, nothing, nothing, ())
    sentences, labels, rest = sentences[:body], labels[:body], len(sentences) - body
    known = features_of(sentences, labels, title, apart)
    importance, finding, needs, conclusion, told, sought = (ranker or shipped()).scores(sentences, known).T
    others = (told > OTHERS) | [told_by_others(text) for text in sentences]
    never = known.has("end matter") | known.has("calls for work") | others
    never |= np.array([announces(text) for text in sentences])
    named = np.array([names_aim(text) for text in sentences])
    labelled = np.array([one.probability(Label.OBJECTIVE) for one in labels])
    aims = (_likely(sought) + named + labelled) / 3
    start = max((i for i, text in enumerate(sentences) if sets_out(text)), default=0)
    if np.where(never, -NEVER, finding)[start:].max() <= STATED:
        never[:start] = True  # the text was cut off after its aim: what stands before is others' work
    end = np.ones(rest)
    return Scores(
        np.append(importance - NEVER * never, -2 * NEVER * end),
        np.append(np.where(never, -NEVER, finding), -NEVER * end),
        np.append(needs, 0 * end),
        np.append(np.where(never, -NEVER, conclusion), -NEVER * end),
        np.append(np.where(others, 0, aims), 0 * end),
        known.stems,
    )


def choose(
    sentences: Sequence[str],
    labels: Sequence[Labelled],
    title: str = "",
    apart: Collection[int] = (),
    *,
    most: int = MOST,
    budget: int = MOST_QUOTED,
    ranker: Ranker | None = None,
) -> Choice:
    """Choose what a card quotes of one abstract: at most `most` sentences and `budget` characters; the first may be longer.

    A card of fewer than `MOST` sentences quotes the first ones of a full card. On a full card, a sentence that needs another
    stands after it; so the first sentence is always clear alone.
    """
    if not sentences:
        return Choice((), None, ())
    scores = score_sentences(sentences, labels, title, apart, ranker=ranker)
    order = _descending(scores.importance)
    card = _Card(sentences, scores, max(most, MOST), budget)
    if scores.finding.max() > STATED:
        card.fill()
    quoted = card.in_order(order)[:most]
    best = int(scores.aim.argmax())
    aim = best if not quoted and scores.aim[best] >= AIM else None
    return Choice(quoted, aim, (*quoted, *(index for index in order if index not in quoted)))


class _Card:
    """The quotations of one card while they are chosen, with its limits of sentences and characters."""

    def __init__(self, sentences: Sequence[str], scores: Scores, most: int, budget: int) -> None:
        self._sentences, self._scores, self._most, self._room = sentences, scores, most, budget
        self._quoted: list[int] = []

    def fill(self) -> None:
        """Choose sentences as long as there is room.

        First the one of the highest worth; then the surest conclusion (see `AHEAD`); then all others whose worth is above 0.
        """
        worth, conclusion = self._scores.worth, self._scores.conclusion
        order = _descending(worth)
        if not any(self._add(index) for index in order):
            return
        worthy = [index for index in order if worth[index] > 0]
        last = int(conclusion.argmax())
        if conclusion[last] > conclusion[[*self._quoted, *worthy[: self._most]]].max() + AHEAD:
            self._add(last)
        for index in worthy:
            self._add(index)

    def _add(self, index: int) -> bool:
        """Add a sentence, and before it those that it needs; False if one of them may not be quoted or there is no room."""
        group = [index]
        while group[0] >= 0 and self._scores.needs[group[0]] > CLEAR and group[0] - 1 not in self._quoted:
            group = [group[0] - 1, *group]
        cost = sum(len(self._sentences[one]) for one in group)
        first = not self._quoted
        if len(self._quoted) + len(group) > self._most or (cost > self._room and not first) or group[0] < 0:
            return False
        if any(one in self._quoted or self._scores.finding[one] <= -NEVER / 2 or self._repeats(one) for one in group):
            return False
        self._quoted += group
        self._room -= cost
        return True

    def in_order(self, order: Sequence[int]) -> tuple[int, ...]:
        """Give what is quoted, the most important first; a sentence that needs the one before it stands right after it."""
        found: list[int] = []
        for index in order:
            if index in self._quoted and not self._follows(index):
                found.append(index)
                while found[-1] + 1 in self._quoted and self._follows(found[-1] + 1):
                    found.append(found[-1] + 1)
        return tuple(found)

    def _follows(self, index: int) -> bool:
        return bool(self._scores.needs[index] > CLEAR) and index - 1 in self._quoted

    def _repeats(self, index: int) -> bool:
        words = self._scores.stems
        shared = (len(words[index] & words[one]) / (max(len(words[index]), len(words[one])) or 1) for one in self._quoted)
        return any(share >= SAME for share in shared)


def _likely(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _descending(scores: NDArray[np.float64]) -> list[int]:
    return [int(index) for index in np.lexsort((np.arange(len(scores)), -scores))]
