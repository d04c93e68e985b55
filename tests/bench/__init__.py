"""Benchmarks: each module's `figures()` yields what it measured; `python -m tests.bench` prints them, a JSON object a line.

A ratio is taken within one run, against a floor measured beside it, so that a slow machine slows both.
"""

import statistics
import time
from collections.abc import Callable
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


def median_seconds(work: Callable[[], object], *, runs: int = 7, times: int = 1) -> float:
    """Time `work`, called `times` times in a run: the median over the runs, in seconds a call."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(times):
            work()
        took.append((time.perf_counter() - start) / times)
    return statistics.median(took)
