"""Turn the scores of labels into probabilities that take account of which label usually follows which.

A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001), by the forward-backward algorithm.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Permitted = NDArray[np.bool_]

_NEVER = -1e4


def probabilities(
    scores: FloatArray, transitions: FloatArray, first: FloatArray, last: FloatArray, permitted: Permitted
) -> FloatArray:
    """Give each label's probability for each sentence, rounded to four places so that all machines give the same.

    `scores` and `permitted` are sentences x labels; labels that are not `permitted`, by what the abstract prints, get 0.
    """
    if not len(scores):
        return scores
    scores = np.where(permitted, scores, scores + _NEVER)
    forwards = [first + scores[0]]
    for given in scores[1:]:
        forwards.append(_sum(forwards[-1][:, None] + transitions, 0) + given)
    backwards = [last]
    for given in scores[:0:-1]:
        backwards.append(_sum(transitions + given + backwards[-1], 1))
    joint = np.array(forwards) + np.array(backwards[::-1])
    return np.asarray(np.round(np.exp(joint - _sum(joint, 1)[:, None]), 4))


def _sum(logarithms: FloatArray, axis: int) -> FloatArray:
    """Give the logarithm of a sum of numbers that are given as logarithms."""
    top = logarithms.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(logarithms - top).sum(axis=axis)) + np.squeeze(top, axis))
