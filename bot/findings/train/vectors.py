"""Initial word vectors: the words beside each word, by positive pointwise mutual information and SVD.

Levy & Goldberg (2014), "Neural word embedding as implicit matrix factorization": on a few million words it serves as well as
a trained embedding, and takes seconds.
"""

from collections.abc import Iterable

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

WINDOW = 4
"""Words to each side that count, the nearer the more."""
SMOOTHING = 0.75
SPREAD = 0.25
"""Standard deviation of the vectors' numbers."""


def word_vectors(texts: Iterable[list[list[str]]], words: list[str], size: int) -> NDArray[np.float32]:
    """Make a vector of `size` numbers for each word."""
    index = {word: row for row, word in enumerate(words)}
    gap = [-1] * WINDOW
    stream = np.array([row for sentences in texts for one in sentences for row in [*(index.get(w, -1) for w in one), *gap]])
    counts = scipy.sparse.csr_matrix((len(words), len(words)))
    for distance in range(1, WINDOW + 1):
        left, right = stream[:-distance], stream[distance:]
        known = (left >= 0) & (right >= 0)
        weights = np.full(int(known.sum()), (WINDOW + 1 - distance) / WINDOW)
        beside = scipy.sparse.coo_matrix((weights, (left[known], right[known])), shape=counts.shape).tocsr()
        counts = counts + beside + beside.T
    totals = np.asarray(counts.sum(axis=1)).ravel()
    smoothed = totals**SMOOTHING
    pairs = counts.tocoo()
    information = np.log(pairs.data / (totals[pairs.row] * (smoothed / smoothed.sum())[pairs.col]))
    positive = information > 0
    matrix = scipy.sparse.csr_matrix((information[positive], (pairs.row[positive], pairs.col[positive])), shape=counts.shape)
    left_vectors, strengths, _ = randomized_svd(matrix, size, n_iter=4, random_state=0)
    vectors = left_vectors * np.sqrt(strengths)
    return np.asarray(vectors * (SPREAD / vectors.std()), np.float32)
