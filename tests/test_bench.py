"""The benchmarks run and tell what they are to tell; how fast is nobody's business here."""

import asyncio
import importlib
import json
import math
import pkgutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import tests.bench
from bot.findings.choice import Choice
from tests.bench import Figure, growth, middle
from tests.bench.__main__ import row
from tests.bench.findings import BEFORE, choice_figures
from tests.bench.plot import plot
from tests.bench.stampede import storm

SMALL = {
    "scan": {"runs": 1, "times": 2},
    "read": {"rounds": 1},
    "paste": {"runs": 1, "records": 2},
    "stampede": {"runs": 1, "pastes": 6, "records": 2, "channels": 3},
    "guilds": {"runs": 1, "guilds": 3, "records": 37, "cards": 5, "pastes": 2},
    "growth": {"sizes": (40, 80), "pastes": 2, "times": 1},
    "citation": {"loads": 1, "runs": 1, "times": 1},
    "card": {"times": 1},
    "findings": {"runs": 1, "times": 1},
}
"""What makes them short."""
LONG = {"paste", "guilds", "growth"}
"""They take seconds even so, for they start whole bots."""
FLOORS = {
    "scan": {"scan"},
    "read": {"read template"},
    "card": {"card"},
    "paste": {"paste: stored", "paste: fetched", "memory"},
    "stampede": {"stampede"},
    "guilds": {"guilds"},
    "findings": {"findings: model files", "findings: load", "findings: label an abstract and choose"},
}
"""Figures of each benchmark that must be measured, and must have a bound."""

NAMES = [one.name for one in pkgutil.iter_modules(tests.bench.__path__)]
BENCHES = [name for name in NAMES if hasattr(importlib.import_module(f"tests.bench.{name}"), "figures")]


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.storm if one in LONG else ()) for one in BENCHES])
def test_a_benchmark_runs(name: str, tmp_path: Path) -> None:
    """Each gives figures that are numbers, with names of their own, as JSON objects with the keys of all."""
    small = SMALL.get(name, {}) | ({"folder": tmp_path} if name == "growth" else {})
    rows = [json.loads(json.dumps(row(one))) for one in importlib.import_module(f"tests.bench.{name}").figures(**small)]
    assert len({one["name"] for one in rows}) == len(rows) > 0
    for one in rows:
        assert list(one) == ["name", "value", "unit", "floor", "ratio", "most", "ok"]
        assert math.isfinite(one["value"])
        assert one["value"] >= 0
        assert one["unit"]
    assert FLOORS.get(name, set()) <= {one["name"] for one in rows if one["most"] is not None}


def test_every_floor_has_its_benchmark() -> None:
    """What is promised is measured."""
    assert FLOORS.keys() | {"growth"} <= {*BENCHES}


def test_a_missed_floor_is_told() -> None:
    """The bound holds for the ratio, or for the value where there is no floor; of runs the middle ratio counts."""
    assert Figure("a", 3, "s", 2, 1.5).kept
    assert not Figure("a", 3.1, "s", 2, 1.5).kept
    assert not Figure("a", 11, "ms", most=10).kept
    runs = [Figure("a", 9, "s", 1), Figure("a", 2, "s", 1), Figure("a", 30, "s", 10)]
    assert middle(runs) == Figure("a", 30, "s", 10)


@pytest.mark.parametrize(
    ("quoted", "at_1", "at_2"),
    [((), 0, 0), ((1,), 100, 50), ((2,), 0, 0), ((2, 1), 0, 50), ((1, 2), 100, 50), ((1, 0), 100, 100)],
)
def test_right_is_what_a_card_quotes(quoted: tuple[int, ...], at_1: float, at_2: float) -> None:
    """A sentence that is ranked high and is not on the card is not right; a place that the card leaves empty is wrong."""
    rest = tuple(index for index in (1, 0, 2) if index not in quoted)
    figures = choice_figures([{"main": [1, 0], "ok": []}], lambda _: Choice(quoted, None, quoted + rest))
    assert (figures["at_1"], figures["at_2"]) == (at_1, at_2)


@pytest.mark.parametrize("name", ["read-abstracts.jsonl", "attribution.jsonl"])
def test_what_stood_before(name: str) -> None:
    """Of the sets that were read whole, the figures are printed beside what stood at the beginning."""
    figures = choice_figures([{"main": [0], "ok": []}], lambda _: Choice((0,), None, (0,)))
    told = {"at_1", "at_2", "best_on_card", "no_finding", "needs"}
    assert told <= BEFORE[name].keys() <= figures.keys()


def test_a_stampede() -> None:
    """Many pastes of few records at once: one fetch a record, and the right card once for each paste."""
    seen = asyncio.run(storm(24, 4, 12))
    assert (seen.fetches, seen.right) == (4, 24)


def test_a_plot(tmp_path: Path) -> None:
    """The plot is well-formed SVG with each line's name, and every point lies within it."""
    drawn = ET.fromstring(plot("Costs", "size", "ms", {"a < b": [(100, 0.2), (1000, 30)], "c": [(100, 5), (1000, 5)]}))  # noqa: S314
    assert "a < b" in {one.text for one in drawn.findall(".//{*}text")}
    circles = drawn.findall(".//{*}circle")
    assert len(circles) == 4
    assert all(0 < float(one.get("cx")) < 900 and 0 < float(one.get("cy")) < 520 for one in circles)
    assert growth.SIZES == (100, 1_000, 10_000, 100_000)
