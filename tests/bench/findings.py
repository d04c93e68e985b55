"""`python -m tests.bench.findings DATA`: how well findings are split, labelled and chosen, beside plain baselines.

Prints a JSON object a line. Without DATA (as `python -m tests.bench` runs it) `figures()` times what ships.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bot.findings import LABELS, Label, label_sentences, pick, split_sentences
from bot.findings.labels import MODEL
from bot.findings.network import Network
from tests.bench import Figure, median_seconds
from tests.findings.endings import KEPT, SEEN

Row = dict[str, Any]
FINDING = (Label.RESULTS, Label.CONCLUSIONS)
CUE_WORDS = re.compile(
    r"\b(?:conclu\w+|suggest\w*|indicat\w+|demonstrat\w+|show(?:s|ed|n)?|thus|therefore|found|results?|significant\w*)\b",
    re.IGNORECASE,
)
INVENTED = [
    "Little is known of how the made-up compound acts on sleep.",
    "We gave 5 mg/kg of it to twelve rats and recorded their sleep for six hours.",
    "REM latency rose from 42.5 to 61.0 min (p < 0.05).",
    "Total sleep time did not change.",
    "We conclude that the compound delays REM sleep.",
]


def rows(path: Path) -> list[Row]:
    """Read a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def f1(right: int, given: int, wanted: int) -> float:
    """Give F1 in per cent."""
    return 200 * right / max(1, given + wanted)


def label_figures(data: list[Row]) -> dict[str, object]:
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


Chooser = Callable[[list[str]], list[int]]


def cue_words(sentences: list[str]) -> list[int]:
    """Rank by how many cue words a sentence has; of equals the later."""
    return sorted(range(len(sentences)), key=lambda i: (-len(CUE_WORDS.findall(sentences[i])), -i))


CHOOSERS: dict[str, Chooser] = {
    "first": lambda sentences: list(range(len(sentences))),
    "last": lambda sentences: list(range(len(sentences)))[::-1],
    "cue words": cue_words,
    "precis": lambda sentences: pick(sentences, label_sentences(sentences), 2),
}


def choice_figures(data: list[Row], choose: Chooser) -> dict[str, float]:
    """Share right at 1 and at 2, and of abstracts with a hit among 2; abstracts in which nothing is marked do not count."""
    data = [row for row in data if row["key"]]
    at_1 = at_2 = hit = 0.0
    for row in data:
        picks, key = choose(row["sentences"])[:2], set(row["key"])
        at_1 += picks[0] in key
        at_2 += len(key & set(picks)) / 2
        hit += bool(key & set(picks))
    return {name: 100 * value / len(data) for name, value in (("at_1", at_1), ("at_2", at_2), ("hit_at_2", hit))}


def ending_figures(data: list[Row], endings: Sequence[str]) -> dict[str, float]:
    """Of abstracts with a right first pick, those that keep it, and that have no ending among two, once one is appended."""
    kept = clean = tried = 0
    for number, row in enumerate(data):
        sentences, key = row["sentences"], set(row["key"])
        if not key & set(CHOOSERS["precis"](sentences)[:1]):
            continue
        for ending in (endings[(2 * number + one) % len(endings)] for one in range(2)):
            picks = CHOOSERS["precis"]([*sentences, ending])
            tried, kept, clean = tried + 1, kept + (picks[0] in key), clean + (len(sentences) not in picks)
    return {"kept_at_1": 100 * kept / max(1, tried), "clean_at_2": 100 * clean / max(1, tried)}


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


def figures() -> Iterator[Figure]:
    """Size, load and speed of what ships, against the issue's bounds."""
    yield Figure("findings: model file", MODEL.stat().st_size / 1e6, "MB", most=3)
    yield Figure("findings: load", median_seconds(lambda: Network.load(MODEL), runs=5), "s", most=0.1)
    work = median_seconds(lambda: label_sentences(INVENTED * 2), times=20)
    yield Figure("findings: label an abstract", 1000 * work, "ms", most=5)


def main(arguments: list[str]) -> int:
    """Print every figure of the issue's "Measured"; the head was fitted on these very rows of `dev-key.jsonl`."""
    data = Path(arguments[0])
    report: list[dict[str, object]] = [
        {"measure": "split", "set": "sentences.txt", "f1": boundary_f1(passages(data / "sentences.txt"))},
        {
            "measure": "split",
            "set": "train.jsonl",
            "f1": boundary_f1([row["sentences"] for row in rows(data / "train.jsonl")]),
        },
        {"measure": "labels", "set": "dev-labels.jsonl", **label_figures(rows(data / "dev-labels.jsonl"))},
    ]
    keys = rows(data / "dev-key.jsonl")
    for name in sorted({row["set"] for row in keys}):
        chosen = [row for row in keys if row["set"] == name]
        report += [
            {"measure": "choice (fitted on these rows)", "set": name, "by": by, **choice_figures(chosen, one)}
            for by, one in CHOOSERS.items()
        ]
    for name, endings in (("seen", SEEN), ("kept", KEPT)):
        report.append({"measure": "endings", "set": name, **ending_figures(keys[::4], endings)})
    report += [{"measure": one.name, "value": one.value, "unit": one.unit, "most": one.most} for one in figures()]
    for line in report:
        rounded = {key: round(value, 2) if isinstance(value, float) else value for key, value in line.items()}
        print(json.dumps(rounded))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
