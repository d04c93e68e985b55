"""Score sentences for the choice of findings: by a network that reads the columns of `bot.findings.features` too."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.findings.features import Features
from bot.findings.labels import vocabulary
from bot.findings.network import TOP, Floats, Network, read_arrays, whole

CHOICE_MODEL = Path(__file__).with_name("choice.npz")
HEADS = ("importance", "finding", "needs", "conclusion", "others", "aim")
"""What the network scores, as log odds: that a sentence is among the main ones of its abstract; that it is a finding of the
study; that it is clear only with the sentence before it; that experts would call it the abstract's claim; that it tells what
others, or the authors earlier, found; that it states the study's own aim."""
REACH = 4.0
"""Standard deviations from the mean at which a column's numbers are cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """The network, and the mean and the standard deviation of each column in the texts that it learned from."""

    network: Network
    names: tuple[str, ...]
    """Of the columns, in the order of `Features.columns`."""
    mean: Floats
    deviation: Floats

    @classmethod
    def load(cls, path: Path) -> "Ranker":
        """Read a file that `bot.findings.train.choice` wrote."""
        arrays = read_arrays(path)
        names = tuple(bytes(arrays["names"]).decode().split("\n"))
        return cls(Network.load(path, vocabulary()), names, arrays["mean"], arrays["deviation"])

    def scores(self, sentences: Sequence[str], known: Features) -> NDArray[np.float64]:
        """Give sentences x `HEADS`."""
        return self.network.scores(sentences, columns_in_steps(known, self.mean, self.deviation))


def columns_in_steps(known: Features, mean: Floats, deviation: Floats) -> Floats:
    """Give sentences x columns in steps, so that `REACH` standard deviations are `TOP` steps."""
    return whole((known.table.astype(np.float32) - mean) / deviation * np.float32(TOP / REACH))


@cache
def shipped() -> Ranker:
    """Load the weights that ship with the package, once."""
    return Ranker.load(CHOICE_MODEL)
