"""`python -m tests.bench [NAME...]`: run the benchmarks, print JSON Lines, exit 1 where a bound is missed."""

import importlib
import json
import pkgutil
import sys

import tests.bench


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all that measure without data of their own."""
    found = [module.name for module in pkgutil.iter_modules(tests.bench.__path__)]
    missed = False
    for name in names or found:
        module = importlib.import_module(f"tests.bench.{name}")
        if not hasattr(module, "figures"):
            continue
        for figure in module.figures():
            ratio = None if not figure.floor else figure.value / figure.floor
            judged = figure.value if ratio is None else ratio
            kept = figure.most is None or judged <= figure.most
            missed |= not kept
            row = {"name": figure.name, "value": figure.value, "unit": figure.unit, "floor": figure.floor}
            print(json.dumps(row | {"ratio": ratio, "most": figure.most, "ok": kept}), flush=True)  # noqa: T201
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
