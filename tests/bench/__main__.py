"""`python -m tests.bench [NAME...]`: run the benchmarks, print JSON Lines, exit 1 where a bound is missed."""

import importlib
import json
import pkgutil
import sys
import warnings
from pathlib import Path

import tests.bench
from bot.logs import set_up_logs
from tests.bench import Figure

FIGURES = Path("build/bench/figures.jsonl")
"""Where the last run's lines stay, beside the plots."""


def row(figure: Figure) -> dict[str, object]:
    """Give a figure as one JSON object."""
    told = {"name": figure.name, "value": figure.value, "unit": figure.unit, "floor": figure.floor, "ratio": figure.ratio}
    return told | {"most": figure.most, "ok": figure.kept}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all that measure without data of their own."""
    set_up_logs("ERROR")
    warnings.simplefilter("ignore")
    missed, lines = False, []
    for name in names or [module.name for module in pkgutil.iter_modules(tests.bench.__path__)]:
        module = importlib.import_module(f"tests.bench.{name}")
        if not hasattr(module, "figures"):
            continue
        for figure in module.figures():
            missed |= not figure.kept
            line = json.dumps(row(figure))
            print(line, flush=True)  # noqa: T201
            lines.append(line)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
