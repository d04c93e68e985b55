"""Score sentences with linear models over `bot.findings.features`; their learned weights are in `choice.npz`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.findings.features import Features

CHOICE_MODEL = Path(__file__).with_name("choice.npz")
HEADS = ("importance", "finding", "needs", "conclusion", "others")
"""What the models score, as log odds: that a sentence is among the main ones of its abstract; that it is a finding of the
study; that it is clear only with the sentence before it; that experts would call it the abstract's claim; that it tells what
others, or the authors earlier, found."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weights of linear models: for each run of words and each column of `Features`, one weight for each of `HEADS`."""

    grams: dict[str, int]
    """The row in `gram_weights` of each run of words."""
    gram_weights: NDArray[np.floating[Any]]
    """Loaded in the 16 bits of the file, to save memory: there are many."""
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
        """Give log odds, sentences x `HEADS`, rounded to four places so that all machines give the same."""
        rows = [sorted(self.grams[gram] for gram in one if gram in self.grams) for one in known.grams]
        said = np.array([self.gram_weights[one].astype(np.float64).sum(axis=0) for one in rows])
        return np.asarray(np.round(said + known.table @ self.column_weights + self.bias, 4))


@cache
def shipped() -> Ranker:
    """Load the weights that ship with the package, once."""
    return Ranker.load(CHOICE_MODEL)
