"""The texts that the choice learns from, with their marks.

They are `read-abstracts.jsonl`, `attribution.jsonl`, the old abstracts and the claims of `dev-key.jsonl`, the abstracts of
`train.jsonl` and `unlabelled.jsonl` that our `marks.jsonl` marks, and the invented texts of `invented.jsonl`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.findings.sentences import split_sentences
from bot.findings.train.texts import rows

Row = Mapping[str, Any]

MARKED = Path(__file__).with_name("marks.jsonl")
"""Our marks, by `READING.md`, of texts of `train.jsonl` and `unlabelled.jsonl`: of each its ID (its title if it has none),
the count of its sentences, and the numbers of those that bear each mark."""
INVENTED = Path(__file__).with_name("invented.jsonl")
"""Invented texts with their marks: studies; and letters, protocols, case reports and excerpts with others' results."""


def marked(data: Path) -> list[tuple[str, Row]]:
    """Read the marked texts, each with its kind."""
    keys = (
        row
        | {"main": row["key"], "ok": [index for index in row.get("acceptable", []) if index not in row["key"]], "needs": []}
        for row in rows(data / "dev-key.jsonl")
        if row["key"]
    )
    return [
        *(("read", row) for row in rows(data / "read-abstracts.jsonl")),
        *(("attribution", row) for row in rows(data / "attribution.jsonl")),
        *(("pilot" if row["set"] == "old-pilot" else "claims", row) for row in keys),
        *(("newer", row) for row in newer(data)),
        *(("invented", row) for row in rows(INVENTED)),
    ]


def newer(data: Path) -> Iterator[Row]:
    """Give the abstracts of `train.jsonl` and `unlabelled.jsonl` that we marked; their texts are in `data` alone.

    Raises ValueError where a text is split into more or fewer sentences than when it was marked.
    """
    texts = {row["id"] or row["title"]: row for name in ("train", "unlabelled") for row in rows(data / f"{name}.jsonl")}
    for marks in rows(MARKED):
        row = texts[marks["id"]]
        sentences = row.get("sentences") or [row["text"][start:end] for start, end in split_sentences(row["text"])]
        if len(sentences) != marks["sentences"]:
            raise ValueError(f"{marks['id']}: {marks['sentences']} sentences were marked, and there are {len(sentences)}")
        yield {**marks, "title": row["title"], "sentences": sentences}
