import json
from pathlib import Path

from bot.findings import LABELS, Label
from bot.findings.train.texts import Style, labelled_abstracts, plain_texts, vocabulary


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_labelled_abstracts(tmp_path: Path) -> None:
    """A complete abstract's labels are sure; an incomplete one's leave open what its headings do, unless it is a plan."""
    row = {
        "sentences": ["Rats slept.", "They woke."],
        "labels": ["METHODS", "CONCLUSIONS"],
        "complete": True,
        "source": "ASR",
    }
    plan = {"sentences": ["Rats will sleep.", "They will wake."], "complete": False, "source": "EI"}
    sure, loose, planned = labelled_abstracts(write(tmp_path / "train.jsonl", row, row | {"complete": False}, row | plan))
    allowed = [{label for label, may in zip(LABELS, one.permitted[0], strict=True) if may} for one in (sure, loose, planned)]
    assert allowed == [{Label.METHODS}, {Label.METHODS, Label.RESULTS}, {Label.METHODS}]
    assert (sure.style, planned.style) == (Style.MEDLINE, Style.HOUSE)


def test_vocabulary(tmp_path: Path) -> None:
    """Words seen often enough have vectors, the most frequent first, ties by the alphabet."""
    texts = plain_texts(write(tmp_path / "unlabelled.jsonl", {"text": "Rats sleep. Rats sleep. Rats sleep. Cats wake."}))
    assert vocabulary(texts) == ["rats", "sleep"]
