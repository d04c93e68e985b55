"""`python -m bot.findings.train DATA_DIR OUT`: train the label model on DATA_DIR's texts and write it to OUT."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Train on DATA's texts and write the model file OUT; prints how long each part took and the file's SHA-256."""
    parser = argparse.ArgumentParser(prog="python -m bot.findings.train", description=main.__doc__)
    parser.add_argument("data", type=Path, help="directory of train.jsonl and unlabelled.jsonl")
    parser.add_argument("out", type=Path, help="the model file to write")
    chosen = parser.parse_args(arguments)
    try:
        from bot.findings.train.recipe import train  # noqa: PLC0415  (so that --help needs no torch)
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing; training needs the extra: pip install 'precis-bot[train]'", file=sys.stderr)  # noqa: T201
        return 1
    return train(chosen.data, chosen.out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
