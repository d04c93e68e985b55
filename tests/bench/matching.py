"""`python -m tests.bench.matching DATA`: how well records are matched, through `python -m bot match` and DATA's stand-in.

Prints a JSON object a line: precision, recall by kind, traps, absent works, retractions, requests.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

CONTACT = "bench@precis.invalid"

Row = dict[str, Any]


@contextmanager
def stand_in(data: Path) -> Iterator[str]:
    """Run the stand-in for the services; gives its address."""
    command = [sys.executable, str(data / "standin.py"), "--works", str(data / "works.jsonl.gz"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def settings(site: str) -> dict[str, str]:
    """Give the environment in which the services are the stand-in."""
    urls = {f"{name.upper()}_URL": f"{site}/{name}" for name in ("europepmc", "crossref", "unpaywall")}
    return {**os.environ, **urls, "CONTACT": CONTACT}


def matched(queries: Path, site: str) -> list[Row]:
    """Run the command."""
    command = [sys.executable, "-m", "bot", "match", str(queries), "--limit-per-second", "0"]
    run = subprocess.run(command, env=settings(site), stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def outcome(query: Row, answer: Row) -> str:
    """Judge an answer: `right` needs one identifier right and none wrong; `silent` is no answer."""
    given = {key: answer[key] for key in ("doi", "pmid") if answer[key]}
    if not given:
        return "silent"
    wanted = {key: (query[key] or "").lower() for key in given}
    right = [wanted[key] == given[key].lower() for key in given if wanted[key]]
    return "right" if right and all(right) else "wrong"


def main(arguments: list[str]) -> int:
    """Print every figure; exit 1 where a bound of the issue is missed."""
    data = Path(arguments[0])
    queries = [json.loads(line) for line in (data / "dev.jsonl").read_text("utf-8").splitlines()]
    with stand_in(data) as site, tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "records.jsonl"
        records.write_text("".join(json.dumps({"id": q["id"], "record": q["record"]}) + "\n" for q in queries), "utf-8")
        began = time.perf_counter()
        answers = matched(records, site)
        seconds = time.perf_counter() - began
        asked = httpx.get(f"{site}/_log", trust_env=False).json()
    pairs = list(zip(queries, answers, strict=True))
    counts = Counter((query["kind"], outcome(query, answer)) for query, answer in pairs)
    total = Counter(outcome(query, answer) for query, answer in pairs)
    known = [query for query in queries if query["doi"] or query["pmid"]]
    precision = 100 * total["right"] / max(1, total["right"] + total["wrong"])
    recall = 100 * total["right"] / len(known)
    told = [(q["retracted"], a["retracted"]) for q, a in pairs if q["retracted"] is not None and outcome(q, a) == "right"]
    services = Counter(row["service"] for row in asked)
    report: list[Row] = [
        {"measure": "accepted", "count": total["right"] + total["wrong"], "right": total["right"]},
        {"measure": "precision", "value": round(precision, 2), "floor": 99.5},
        {"measure": "recall", "value": round(recall, 2), "floor": 93},
    ]
    for kind in ("citing", "made", "damaged"):
        of_kind = sum(query["kind"] == kind for query in known)
        report.append({"measure": f"recall: {kind}", "value": round(100 * counts[kind, "right"] / of_kind, 2)})
    for name, kind in (("traps", "trap"), ("absent", "absent")):
        of_kind = sum(query["kind"] == kind for query in queries)
        report.append({"measure": name, "wrong": counts[kind, "wrong"], "of": of_kind, "most": 0})
    report += [
        {"measure": "retraction", "wrong": sum(one != other for one, other in told), "of": len(told), "most": 0},
        {"measure": "requests", "mean_of_a_study": round(len(asked) / len(queries), 2), **services},
        {"measure": "seconds", "value": round(seconds, 1), "records": len(queries)},
    ]
    for line in report:
        print(json.dumps(line))  # noqa: T201
    wrong = any(line["wrong"] for line in report if "wrong" in line)
    return int(wrong or any(line["value"] < line["floor"] for line in report if "floor" in line))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
