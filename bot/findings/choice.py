"""Which sentences to quote, the most important first.

Two ways to score a sentence, for two ways of writing. Where authors speak, a learned head (`bot.findings.weights`) adds up
cues, label probabilities and place: the end decides most. In the impersonal prose of older papers wordings decide: what is
concluded comes first, then the first sentence that reports an effect. In both, what is never a finding comes last.
"""

import re
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.findings.features import NAMES, Features, features_of, impersonal
from bot.findings.labels import Label, Labelled
from bot.findings.weights import WEIGHTS

NEVER = 20.0
"""What a veto costs; more than all else can add up to."""
SAME = 0.75
"""Share of shared words at which one sentence repeats another."""
FIRST = 2
"""Picks that the head, or for a trial's report the head and the best result, decide."""
STRUCTURED = 3
"""METHODS and RESULTS sentences, each, from which an abstract is a trial's report, whose best result is the second pick."""

_COMPARES = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs|relative to|placebo|controls?"
    r"|between (?:the )?(?:\w+ )?(?:groups?|arms?|treatments?|conditions?))\b",
    re.IGNORECASE,
)
_TESTED = re.compile(r"\bp ?[<=>]|significan|no difference|did not differ|similar|95 ?% ?CI|confidence", re.IGNORECASE)
_PRIMARY = re.compile(r"\bprimary (?:outcome|end ?point|efficacy)|\bmain outcome", re.IGNORECASE)
BASELINE = re.compile(
    r"\bbaseline (?:\w+ )?(?:characteristics|demographic|clinical|variables)|\bdemographic"
    r"|\b(?:mean|median|average) age\b|\bwell balanced"
    r"|\b(?:were|was) (?:recruited|enrolled|randomi[sz]ed|screened|included)\b",
    re.IGNORECASE,
)

Numbers = NDArray[np.float64]


def pick(sentences: Sequence[str], labels: Sequence[Labelled], k: int, apart: Collection[int] = ()) -> list[int]:
    """Choose `k` sentences of one abstract, or all where there are fewer: their indexes, the most important first.

    Those that stand `apart` (under a label like FUNDING) come last.
    """
    known = features_of(sentences, labels, apart)
    order = ranked(sentences, known)
    spread: list[int] = []
    for index in order:
        if len(spread) == k:
            break
        if not any(known.alike(index, chosen) >= SAME for chosen in spread):
            spread.append(index)
    first = frozenset(spread)
    return [*spread, *(index for index in order if index not in first)][:k]


def ranked(sentences: Sequence[str], known: Features) -> list[int]:
    """Rank all sentences of one abstract, the most important first."""
    if not sentences:
        return []
    old = impersonal(sentences)
    scores = (_worded(known) if old else known.table @ _HEAD) - NEVER * unfit(known)
    order = _descending(scores)
    results = _measured(sentences, known)
    seconds = _reported(known) if old else results if _is_trial(known) else []
    seconds = [index for index in seconds if index != order[0]]
    if seconds:
        order = [order[0], seconds[0], *(index for index in order[1:] if index != seconds[0])]
    return order if old else _best_results_first(order, results)


def _best_results_first(order: Sequence[int], results: Sequence[int]) -> list[int]:
    """Let results that come after the first two picks stand by what they measure, not by how late they were told."""
    later = frozenset(order[FIRST:])
    best = iter([index for index in results if index in later])
    places = frozenset(results)
    return [*order[:FIRST], *(next(best) if index in places else index for index in order[FIRST:])]


def _is_trial(known: Features) -> bool:
    labels = [one.label for one in known.labels]
    return min(labels.count(Label.METHODS), labels.count(Label.RESULTS)) >= STRUCTURED


def unfit(known: Features) -> NDArray[np.bool_]:
    """Say of each sentence whether it is never a finding: registration, rights, what others should do, what is discussed."""
    empty = known.has("discusses") & ~known.has("reports") & ~known.has("concludes")
    return np.asarray(known.has("vetoed") | known.has("calls") | empty)


_HEAD = np.array([WEIGHTS.get(name, 0.0) for name in NAMES])
_WORDINGS = {
    "concludes": 3.0,
    "infers": 1.0,
    "reports": 0.7,
    "works": -0.8,
    "aims": -2.0,
    "discusses": -1.5,
    "last": 0.6,
    "leans": -0.2,
    "likely conclusion": 2.0,
}


def _descending(scores: Numbers) -> list[int]:
    """Order indexes by score, highest first; of equals the later sentence."""
    return sorted(range(len(scores)), key=lambda index: (-round(float(scores[index]), 4), -index))


def _worded(known: Features) -> Numbers:
    """Score by wording."""
    return np.asarray(sum(weight * known.column(name) for name, weight in _WORDINGS.items()))


def _reported(known: Features) -> list[int]:
    """Give the sentences that report an effect and do nothing else, in their order."""
    other = known.has("works") | known.has("aims") | known.has("discusses") | known.has("backs") | known.has("leans")
    other |= known.column("likely method") > 0.9  # noqa: PLR2004  (surely a method)
    strict = known.has("reports") & ~other & ~unfit(known)
    loose = known.has("reports") & ~known.has("aims") & ~unfit(known)
    return [int(index) for index in np.flatnonzero(strict if strict.any() else loose)]


def _measured(sentences: Sequence[str], known: Features) -> list[int]:
    """Give the RESULTS sentences, the best first: what was compared, tested, primary."""
    labels = [one.label for one in known.labels]
    tests = [[bool(one.search(text)) for one in (_COMPARES, _TESTED, _PRIMARY, BASELINE)] for text in sentences]
    scores = 2 * known.column("likely result") + np.array(tests, float) @ np.array([1.0, 1.3, 0.8, -1.5])
    scores -= 0.8 * known.column("works") + 0.05 * np.arange(len(sentences)) + NEVER * unfit(known)
    return [index for index in _descending(scores) if labels[index] is Label.RESULTS]
