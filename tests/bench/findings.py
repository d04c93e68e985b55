"""`python -m tests.bench.findings DATA`: how well findings are split, labelled and chosen, beside plain baselines.

Prints a JSON object a line. Sets that the choice was trained on are measured by five-fold cross-validation, which needs the
extra `train`. Without DATA (as `python -m tests.bench` runs it) `figures()` times what ships.
"""

import json
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bot.findings import LABELS, Label, choose, label_sentences, split_sentences
from bot.findings.choice import Choice
from bot.findings.labels import MODEL, Labeller
from bot.findings.network import Vocabulary
from bot.findings.ranker import CHOICE_MODEL, Ranker
from bot.findings.train.marked import marked
from tests.bench import Figure, median_seconds
from tests.findings.endings import KEPT, SEEN
from tests.findings.invented import INVENTED as KEPT_APART

Row = Mapping[str, Any]
ChooseFrom = Callable[[Row], Choice]
FINDING = (Label.RESULTS, Label.CONCLUSIONS)
FOLDS = 5
INVENTED = [
    "Little is known of how the made-up compound acts on sleep.",
    "We gave 5 mg/kg of it to twelve rats and recorded their sleep for six hours.",
    "REM latency rose from 42.5 to 61.0 min (p < 0.05).",
    "Total sleep time did not change.",
    "We conclude that the compound delays REM sleep.",
]
BEFORE: dict[str, dict[str, float]] = {
    "read-abstracts.jsonl": {"at_1": 63.3, "at_2": 58.0, "best_on_card": 52.1, "no_finding": 6.9, "needs": 10.0},
    "attribution.jsonl": {
        "at_1": 60.9,
        "at_2": 52.2,
        "main_on_card": 69.6,
        "best_on_card": 56.5,
        "no_finding": 45.3,
        "needs": 9.3,
        "quote_others": 11,
        "quote_where_none": 11,
        "of_none": 17,
    },
    "claims-train": {"at_1": 96.6, "at_2": 66.1},
    "claims-validation": {"at_1": 96.7, "at_2": 68.4},
    "old-pilot": {"at_1": 90.0, "at_2": 78.8},
}
"""What the choice by two routes reached (commit 553fedd, November 2026): the measure to beat."""


def rows(path: Path) -> list[Row]:
    """Read a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def f1(right: int, given: int, wanted: int) -> float:
    """Give F1 in per cent."""
    return 200 * right / max(1, given + wanted)


def label_figures(data: Sequence[Row]) -> dict[str, Any]:
    """Weighted F1, F1 by class, RESULTS and CONCLUSIONS against the rest, and milliseconds, on labelled abstracts."""
    took, found = [], []
    for row in data:
        start = time.perf_counter()
        found += [one.label for one in label_sentences(row["sentences"])]
        took.append(time.perf_counter() - start)
    true = [Label(label) for row in data for label in row["labels"]]
    pairs = list(zip(found, true, strict=True))
    by_class = {one: f1(pairs.count((one, one)), found.count(one), true.count(one)) for one in LABELS}
    both = sum(a in FINDING and b in FINDING for a, b in pairs)
    return {
        "weighted_f1": sum(by_class[one] * true.count(one) for one in LABELS) / len(true),
        "f1": {str(one): round(value, 1) for one, value in by_class.items()},
        "finding_f1": f1(both, sum(one in FINDING for one in found), sum(one in FINDING for one in true)),
        "ms_an_abstract": 1000 * median(took),
    }


def last(row: Row) -> Choice:
    """Choose the last sentences."""
    order = tuple(range(len(row["sentences"])))[::-1]
    return Choice(order[:3], None, order)


def precis(row: Row, ranker: Ranker | None = None) -> Choice:
    """Choose as a card does."""
    sentences = row["sentences"]
    return choose(sentences, label_sentences(sentences), row.get("title") or "", ranker=ranker)


def choice_figures(data: Sequence[Row], choose_from: ChooseFrom) -> dict[str, float]:
    """Judge choices by marks: `main` the best first, `ok`, and where they are marked `needs` and `others`.

    Shares in per cent: the first quotation in `main`; the first two, each, and one of the two; a main sentence, and the
    best, on the card; of the sentences quoted, those that are no finding and those that need the one before. A place among
    the first two that the card leaves empty counts as wrong, whatever is ranked next: nobody sees it. Counts of cards: those
    that quote others, and those that quote something where there is no finding.
    """
    marked = [row for row in data if row["main"]]
    total = dict.fromkeys(("at_1", "at_2", "hit_at_2", "main_on_card", "best_on_card"), 0.0)
    quoted = no_finding = needs = others = nothing = 0
    for row in data:
        picks, main = choose_from(row).quoted, set(row["main"])
        card = set(picks)
        quoted += len(card)
        no_finding += len(card - main - set(row["ok"]))
        needs += len(card & set(row.get("needs", ())))
        others += bool(card & set(row.get("others", ())))
        nothing += bool(card) and not main
        if main:
            total["at_1"] += bool(main & set(picks[:1]))
            total["at_2"] += len(main & set(picks[:2])) / 2
            total["hit_at_2"] += bool(main & set(picks[:2]))
            total["main_on_card"] += bool(main & card)
            total["best_on_card"] += row["main"][0] in card
    shares = {name: 100 * value / max(1, len(marked)) for name, value in total.items()}
    wrong = {"no_finding": 100 * no_finding / max(1, quoted), "needs": 100 * needs / max(1, quoted)}
    empty = {"quote_others": others, "quote_where_none": nothing, "of_none": len(data) - len(marked)}
    return {"abstracts": len(data), **shares, **wrong, **empty}


def cross_validated(data: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Measure each kind of marked text with weights learned from the other four fifths."""
    from bot.findings.train.choice import learn  # noqa: PLC0415 - needs the extra `train`

    texts = marked(data)
    with TemporaryDirectory() as held:
        files = [Path(held, f"{fold}.npz") for fold in range(FOLDS)]
        for fold, file in enumerate(files):
            learn([one for one in texts if _fold(one[1]) != fold], file)
        rankers = [Ranker.load(file) for file in files]
    for kind in dict.fromkeys(kind for kind, _ in texts):
        chosen = [row for one, row in texts if one == kind]
        yield kind, choice_figures(chosen, lambda row: precis(row, rankers[_fold(row)]))


def _fold(row: Mapping[str, Any]) -> int:
    return zlib.crc32(row["id"].encode()) % FOLDS


def ending_figures(data: Sequence[Row], endings: Sequence[str]) -> dict[str, float]:
    """Of abstracts with a right first pick, those that keep it, and that have no ending among two, once one is appended."""
    kept = clean = tried = 0
    for number, row in enumerate(data):
        main = set(row["main"])
        if not main & set(precis(row).ranked[:1]):
            continue
        for ending in (endings[(2 * number + one) % len(endings)] for one in range(2)):
            picks = precis({**row, "sentences": [*row["sentences"], ending]}).ranked[:2]
            tried, kept, clean = tried + 1, kept + (picks[0] in main), clean + (len(row["sentences"]) not in picks)
    return {"kept_at_1": 100 * kept / max(1, tried), "clean_at_2": 100 * clean / max(1, tried)}


def keyed(path: Path) -> list[Row]:
    """Read `dev-key.jsonl` with the marks' usual names."""
    return [{**row, "main": row["key"], "ok": row.get("acceptable", [])} for row in rows(path)]


def boundary_f1(passages: list[list[str]]) -> float:
    """F1 of the inner boundaries of passages, each given as its sentences."""
    right = given = wanted = 0
    for sentences in passages:
        text, true, at = " ".join(sentences), set(), -1
        for sentence in sentences[:-1]:
            at += len(sentence) + 1
            true.add(at)
        found = {end for _, end in split_sentences(text)[:-1]}
        right, given, wanted = right + len(true & found), given + len(found), wanted + len(true)
    return f1(right, given, wanted)


def passages(path: Path) -> list[list[str]]:
    """Read the hard passages, a bar at each true boundary."""
    lines = path.read_text("utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]


def figures(runs: int = 5, times: int = 20) -> Iterator[Figure]:
    """Size, load and speed of what ships, against the issue's bounds."""
    yield Figure("findings: model files", (MODEL.stat().st_size + CHOICE_MODEL.stat().st_size) / 1e6, "MB", most=3)
    load = median_seconds(lambda: (Labeller.load(MODEL, Vocabulary.load(MODEL)), Ranker.load(CHOICE_MODEL)), runs=runs)
    yield Figure("findings: load", load, "s", most=0.1)
    number = count()  # so that no sentence was met before, and none of what is held helps
    work = median_seconds(lambda: precis({"sentences": [f"{text} {next(number)}" for text in INVENTED * 2]}), times=times)
    yield Figure("findings: label an abstract and choose", 1000 * work, "ms", most=5)


def report(data: Path) -> Iterator[dict[str, object]]:
    """Give every figure of the model card, each as soon as it is measured."""
    yield {"measure": "split", "set": "sentences.txt", "f1": boundary_f1(passages(data / "sentences.txt"))}
    texts = [row["sentences"] for row in rows(data / "train.jsonl")]
    yield {"measure": "split", "set": "train.jsonl", "f1": boundary_f1(texts)}
    yield {"measure": "labels", "set": "dev-labels.jsonl", **label_figures(rows(data / "dev-labels.jsonl"))}
    keys = keyed(data / "dev-key.jsonl")
    sets: dict[str, list[Row]] = {name: rows(data / name) for name in ("read-abstracts.jsonl", "attribution.jsonl")}
    sets |= {name: [row for row in keys if row["set"] == name] for name in sorted({row["set"] for row in keys})}
    for name, chosen in sets.items():
        yield {"measure": "choice", "set": name, "by": "last", **choice_figures(chosen, last)}
        if name in BEFORE:
            yield {"measure": "choice", "set": name, "by": "before", **BEFORE[name]}
    for kind, one in cross_validated(data):
        yield {"measure": "choice", "set": f"{kind}, five-fold", "by": "precis", **one}
    yield {"measure": "choice", "set": "invented, kept apart", "by": "precis", **choice_figures(KEPT_APART, precis)}
    for name, endings in (("seen", SEEN), ("kept", KEPT)):
        yield {"measure": "endings", "set": name, **ending_figures(keys[::4], endings)}
    for figure in figures():
        yield {"measure": figure.name, "value": figure.value, "unit": figure.unit, "most": figure.most}


def main(arguments: list[str]) -> int:
    """Print every figure of the model card as a JSON object a line."""
    for line in report(Path(arguments[0])):
        rounded = {key: round(value, 1) if isinstance(value, float) else value for key, value in line.items()}
        print(json.dumps(rounded), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
