"""`python -m bot.findings.train.head DATA_DIR`: fit the weights of `bot.findings.weights` and print that file.

A softmax over the sentences of each abstract of `dev-key.jsonl` (the sentences that people marked share the probability),
with a penalty on the squares of the weights, each by its column's spread.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.findings.features import NAMES, features_of
from bot.findings.labels import label_sentences
from bot.findings.train.texts import rows

PENALTY = 1.5e-2

Numbers = NDArray[np.float64]


def learn(tables: list[Numbers], shares: list[Numbers]) -> dict[str, float]:
    """Fit the weights: tables are sentences x `NAMES`, shares each sentence's part of its abstract's marks."""
    table = np.concatenate(tables)
    spread = table.std(axis=0) + 1e-6
    table = table / spread
    lengths = [len(one) for one in tables]
    starts = np.cumsum([0, *lengths[:-1]])
    owner = np.repeat(np.arange(len(tables)), lengths)
    share = np.concatenate(shares)

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = table @ weights
        scores = scores - np.maximum.reduceat(scores, starts)[owner]
        totals = np.add.reduceat(np.exp(scores), starts)[owner]
        value = -(share * (scores - np.log(totals))).sum() / len(tables) + PENALTY * weights @ weights
        return float(value), table.T @ (np.exp(scores) / totals - share) / len(tables) + 2 * PENALTY * weights

    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x / spread
    return {name: round(float(weight), 3) for name, weight in zip(NAMES, found, strict=True)}


def lesson(row: dict[str, Any]) -> tuple[Numbers, Numbers]:
    """Give one abstract's table and shares."""
    sentences = row["sentences"]
    share = np.array([float(index in row["key"]) for index in range(len(sentences))])
    table = features_of(sentences, label_sentences(sentences)).table
    return table, share / share.sum()


def main(arguments: list[str]) -> int:
    """Fit on all of DATA_DIR's `dev-key.jsonl` and print the weights as Python."""
    lessons = [lesson(row) for row in rows(Path(arguments[0]) / "dev-key.jsonl") if row["key"]]
    weights = learn([table for table, _ in lessons], [share for _, share in lessons])
    print("WEIGHTS =", json.dumps(weights, indent=4))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
