"""The learned scores of sentences: linear in their words and in `bot.findings.features`, read from `choice.npz`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.findings.features import Features

CHOICE_MODEL = Path(__file__).with_name("choice.npz")
HEADS = ("importance", "finding", "needs", "conclusion", "others")
"""What is scored, as log odds: whether a sentence is among the main ones of its abstract; whether it is a finding of the
study; whether a finding is clear only with the sentence before it; whether experts would call it the abstract's claim;
whether it tells what others, or the authors earlier, found."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of what `bot.findings.features` tells of a sentence; each row holds one weight for each of `HEADS`."""

    grams: dict[str, int]
    gram_weights: NDArray[np.floating[Any]]
    """Held as they are in the file, since there are many."""
    columns: tuple[str, ...]
    column_weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path) -> "Ranker":
        """Read a file that `bot.findings.train.choice` wrote."""
        with np.load(path, allow_pickle=False) as file:
            grams, columns = (bytes(file[name]).decode().split("\n") for name in ("grams", "columns"))
            column_weights, bias = (file[name].astype(np.float64) for name in ("column_weights", "bias"))
            gram_weights = file["gram_weights"]
        return cls({gram: row for row, gram in enumerate(grams)}, gram_weights, tuple(columns), column_weights, bias)

    def scores(self, known: Features) -> NDArray[np.float64]:
        """Give sentences x `HEADS`, to four places, so that the last bit of no machine matters."""
        rows = [sorted(self.grams[gram] for gram in one if gram in self.grams) for one in known.grams]
        said = np.array([self.gram_weights[one].astype(np.float64).sum(axis=0) for one in rows])
        return np.asarray(np.round(said + known.table @ self.column_weights + self.bias, 4))


@cache
def shipped() -> Ranker:
    """Load the weights that ship with the package, once."""
    return Ranker.load(CHOICE_MODEL)
