"""Fit the weights by which findings are chosen: five logistic regressions over the same features.

They learn from abstracts that were read whole and marked: `read-abstracts.jsonl`, `attribution.jsonl`, the old abstracts of
`dev-key.jsonl`, and those of `train.jsonl` and `unlabelled.jsonl` that our `marks.jsonl` marks; from the texts of
`invented.jsonl`, which we wrote; and from two kinds of texts made of the first: cut off before the first finding, and with
another abstract's findings told as others' words before the study begins.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.findings.attribution import names_own
from bot.findings.features import Features, features_of
from bot.findings.labels import label_sentences
from bot.findings.ranker import HEADS, Ranker
from bot.findings.sentences import split_sentences
from bot.findings.train.texts import rows

Row = Mapping[str, Any]
Numbers = NDArray[np.float64]

MARKED = Path(__file__).with_name("marks.jsonl")
"""Our marks, by `READING.md`, of texts of `train.jsonl` and `unlabelled.jsonl`: of each its ID (its title if it has none),
the count of its sentences, and the numbers of those that bear each mark."""
INVENTED = Path(__file__).with_name("invented.jsonl")
"""Invented texts with their marks: letters, protocols, case reports, debates, excerpts, where others' results stand too."""

LEAST_GRAMS = 5
"""Sentences that a run of words must stand in to have a weight."""
COLUMN_SIZE, GRAM_SIZE = 0.2, 0.5
"""Standard deviation that each column is scaled to, and the value of a run of words that occurs: the larger, the less its
weight is penalised."""
STRENGTHS = {"importance": 0.1, "finding": 0.3, "needs": 0.4, "conclusion": 0.1, "others": 0.2}
"""Inverse strength of the penalty on the squares of the weights."""
BEST = 2.0
"""Weight of an abstract's best sentence."""
WEIGHTS = {
    "importance": {"read": 1.0, "pilot": 1.0, "attribution": 1.0, "newer": 0.5, "invented": 0.5},
    "finding": {
        "read": 1.0,
        "newer": 1.0,
        "invented": 1.0,
        "attribution": 4.0,
        "cut": 1.0,
        "borrowed": 1.0,
        "claims": 0.15,
    },
    "needs": {"read": 1.0, "attribution": 1.0, "newer": 1.0, "invented": 1.0},
    "conclusion": {"read": 1.0, "pilot": 1.0, "attribution": 1.0, "claims": 0.5},
    "others": {"read": 1.0, "attribution": 1.0, "newer": 1.0, "invented": 1.0},
}
"""For each of `HEADS`, the kinds of texts that it is learned from, and their weights. Few texts tell of others' work, so in
learning what is a finding they weigh more; experts' claims weigh less, for experts mark fewer sentences."""
MARKS = {
    "importance": ("main",),
    "finding": ("main", "ok"),
    "needs": ("needs",),
    "conclusion": ("main",),
    "others": ("others",),
}
"""For each of `HEADS`, the marks that it learns to tell."""

LEAST_WEIGHT = 0.004
"""Below this a weight does not move a choice."""

OPENERS = (
    "Recently, Quist et al. (1) reported that {}",
    "Quist and colleagues have shown that {}",
    "It has been reported that {}",
    "Previous studies have shown that {}",
    "In a previous study we found that {}",
    "We have previously reported that {}",
    "Quist and Marlow (1991) found that {}",
    "Recent evidence suggests that {}",
    "In an earlier trial, {}",
    "Marlow (Quist et al., 2010) showed that {}",
    "Several studies have demonstrated that {}",
    "The authors of a recent trial observed that {}",
)
FOLLOWERS = (
    "{}",
    "They also found that {}",
    "Moreover, {}",
    "The authors conclude that {}",
    "Furthermore, {}",
    "{}",
    "In that study, {}",
)
"""Invented wordings that report a finding as somebody else's; `{}` stands for the finding."""


@dataclass(frozen=True, slots=True)
class Example:
    """An abstract to learn from."""

    kind: str
    """As in `WEIGHTS`."""
    row: Row
    known: Features


def marked(data: Path) -> list[tuple[str, Row]]:
    """Read the abstracts that people marked, each with its kind."""
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


def made(data: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Make texts of abstracts that were read: cut off before the first finding; with others' findings told first."""
    for number, row in enumerate(data):
        found = sorted({*row["main"], *row["ok"]})
        first = found[0] if found else 0
        if first > 1:
            yield "cut", {**row, "sentences": row["sentences"][:first], "main": [], "ok": [], "needs": []}
        start = next((i for i, text in enumerate(row["sentences"][:first]) if names_own(text)), None)
        if start is not None:
            yield "borrowed", _borrow(row, start, _akin(row, data), number)


def _akin(row: Row, data: Sequence[Row]) -> Row:
    """Find the abstract whose title is most like another's."""
    words = set(row["title"].lower().split())
    return max(
        (other for other in data if other["id"] != row["id"] and other["main"]),
        key=lambda other: (
            len(words & set(other["title"].lower().split())) / (5 + len(other["title"].split())),
            other["id"],
        ),
    )


def _borrow(row: Row, start: int, donor: Row, number: int) -> Row:
    """Put another abstract's findings, as others' words, before the sentence where this study begins."""
    found = sorted({*donor["main"], *donor["ok"]})[: 1 + number % 4]
    told = []
    for place, index in enumerate(found):
        frame = OPENERS[number % len(OPENERS)] if place == 0 else FOLLOWERS[(number + place) % len(FOLLOWERS)]
        text = donor["sentences"][index]
        told.append(frame.format(text if frame == "{}" else text[:1].lower() + text[1:]))
    head = row["sentences"][: min(start, number % 3)]
    whole = number % 2 == 0
    first = min((*row["main"], *row["ok"]))
    tail = row["sentences"][start : None if whole else first]
    shift = len(head) + len(told) - start
    marks = {name: [i + shift for i in row[name]] if whole else [] for name in ("main", "ok", "needs")}
    return {**row, "sentences": [*head, *told, *tail], **marks}


def learn(texts: Sequence[tuple[str, Row]]) -> Ranker:
    """Fit all heads on marked texts, each with its kind, and on what is made of those that were read whole."""
    read = [row for kind, row in texts if kind == "read"]
    examples = [Example(kind, row, _features(row)) for kind, row in [*texts, *made(read)]]
    plain = [one for one in examples if one.kind not in {"claims", "cut", "borrowed"}]
    counts = Counter(gram for one in plain for grams in one.known.grams for gram in grams)
    grams = {
        gram: place for place, gram in enumerate(sorted(gram for gram, count in counts.items() if count >= LEAST_GRAMS))
    }
    scale = COLUMN_SIZE / (np.vstack([one.known.table for one in plain]).std(axis=0) + 1e-6)
    weights = np.column_stack([_fit(examples, head, grams, scale) for head in HEADS])
    columns = len(scale)
    return Ranker(
        grams,
        weights[columns:-1] * GRAM_SIZE,
        tuple(plain[0].known.columns),
        weights[:columns] * scale[:, None],
        weights[-1],
    )


def _fit(examples: Sequence[Example], head: str, grams: Mapping[str, int], scale: Numbers) -> Numbers:
    """Fit one head: weights of columns, of grams, and the bias."""
    examples = [one for one in examples if one.kind in WEIGHTS[head]]
    wanted = np.concatenate([_marks(one.row, MARKS[head]) for one in examples])
    weights = np.concatenate([_weights(one, head) for one in examples])
    table = np.vstack([one.known.table for one in examples]) * scale
    said = [[grams[gram] for gram in sorted(one) if gram in grams] for example in examples for one in example.known.grams]
    starts = np.cumsum([0, *map(len, said)])
    flat = np.array([place for one in said for place in one])
    matrix = scipy.sparse.csr_matrix((np.full(len(flat), GRAM_SIZE), flat, starts), shape=(len(said), len(grams)))
    sheet = scipy.sparse.hstack([scipy.sparse.csr_matrix(table), matrix]).tocsr()
    used = weights > 0
    model = LogisticRegression(C=STRENGTHS[head], solver="liblinear", random_state=0, tol=1e-8, max_iter=10_000)
    model.fit(sheet[used], wanted[used], sample_weight=weights[used])
    return np.append(model.coef_[0], model.intercept_[0])


def _marks(row: Row, names: Sequence[str]) -> Numbers:
    marks = np.zeros(len(row["sentences"]))
    marks[[index for name in names for index in row.get(name, ())]] = 1
    return marks


def _weights(one: Example, head: str) -> Numbers:
    """Give the weight of each sentence of a text, 0 where its marks do not tell what is learned."""
    if head == "needs" or (head == "others" and one.kind == "read"):
        weights = _marks(one.row, ("main", "ok"))  # only findings were looked at
    elif head == "finding" and one.kind == "claims":
        weights = _marks(one.row, ("main",))  # the others may be findings too
    else:
        weights = np.ones(len(one.row["sentences"]))
    if one.row["main"] and head in {"importance", "conclusion"}:
        weights[one.row["main"][0]] *= BEST
    return WEIGHTS[head][one.kind] * weights


def _features(row: Row) -> Features:
    return features_of(row["sentences"], label_sentences(row["sentences"]), row.get("title") or "")


def write_ranker(ranker: Ranker, path: Path) -> str:
    """Write the weights and give the file's SHA-256; runs of words that weigh less than `LEAST_WEIGHT` are left out."""
    kept = np.abs(ranker.gram_weights).max(axis=1) >= LEAST_WEIGHT
    grams = [gram for gram, keep in zip(ranker.grams, kept, strict=True) if keep]
    np.savez_compressed(
        path,
        grams=np.frombuffer("\n".join(grams).encode(), np.uint8),
        gram_weights=ranker.gram_weights[kept].astype(np.float16),
        columns=np.frombuffer("\n".join(ranker.columns).encode(), np.uint8),
        column_weights=ranker.column_weights.astype(np.float32),
        bias=ranker.bias.astype(np.float32),
    )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def train_choice(data: Path, out: Path) -> str:
    """Fit on all the marked texts in `data`, write the file `out` and give its SHA-256."""
    return write_ranker(learn(marked(data)), out)
