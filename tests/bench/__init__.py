"""Benchmarks: each module's `figures()` yields what it measured; `python -m tests.bench` prints them, a JSON object a line.

A ratio is taken within one run, against a floor measured beside it, so that a slow machine slows both; of several runs the
one with the middle ratio is told. `figures` takes no arguments, or keywords that make it smaller, which the tests use.
"""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `ratio` is `value / floor`, and `most` what it may be."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    most: float | None = None
    """The bound on the ratio, or on the value where there is no floor."""

    @property
    def ratio(self) -> float | None:
        """The value against its floor; None where there is none."""
        return None if self.floor is None else self.value / self.floor

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        ratio = self.ratio
        return self.most is None or (self.value if ratio is None else ratio) <= self.most


def middle(figures: Iterable[Figure]) -> Figure:
    """Give the figure with the middle ratio of several runs, the lower one of two."""
    ranked = sorted(figures, key=lambda figure: figure.value if figure.ratio is None else figure.ratio)
    return ranked[(len(ranked) - 1) // 2]


def median_seconds(work: Callable[[], object], *, runs: int = 7, times: int = 1) -> float:
    """Time `work`, called `times` times in a run: the median over the runs, in seconds a call."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(times):
            work()
        took.append((time.perf_counter() - start) / times)
    return statistics.median(took)
