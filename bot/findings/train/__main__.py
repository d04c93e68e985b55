"""`python -m bot.findings.train DATA OUT`: learn from DATA's texts and write the model files to the directory OUT."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Train the network for the choice of findings, or with --labels the one for the labels; prints the file's SHA-256.

    The first begins with the label network that is installed: where that changes, both are trained, one after the other.
    """
    parser = argparse.ArgumentParser(prog="python -m bot.findings.train", description=main.__doc__)
    parser.add_argument("data", type=Path, help="directory of read-abstracts.jsonl, train.jsonl and the others")
    parser.add_argument("out", type=Path, help="directory for choice.npz and model.npz")
    parser.add_argument("--labels", action="store_true", help="train the label network (25 minutes)")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.labels:
            from bot.findings.train.recipe import train  # noqa: PLC0415  (so that nothing else needs scikit-learn)

            train(chosen.data, chosen.out / "model.npz")
            return 0
        from bot.findings.train.choice import train_choice  # noqa: PLC0415  (so that --help needs no torch)

        print(train_choice(chosen.data, chosen.out / "choice.npz"))  # noqa: T201
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing; training needs the extra: pip install 'precis-bot[train]'", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
