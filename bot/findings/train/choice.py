"""Train the network that scores sentences for the choice of findings, from texts with their marks.

Training starts from the weights of the label network that is installed; its word vectors stay as they are. The columns of
`bot.findings.features` go into the recurrent net, so that a sentence that names its source affects the scores of its
neighbours, and into the output layer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bot.findings.features import features_of
from bot.findings.labels import MODEL, label_sentences, vocabulary
from bot.findings.network import PLACES, TOP, Floats, place_features, read_arrays
from bot.findings.ranker import HEADS, REACH, columns_in_steps
from bot.findings.train.export import WAYS, array, gates_of, layer, step_of, write_arrays
from bot.findings.train.fit import descend
from bot.findings.train.marked import Row, marked

SEED = 0
EPOCHS = 10
RATE, DECAY = 1.5e-3, 1e-2
DROP_WORDS, DROP_VALUES, DROP_COLUMNS = 0.1, 0.5, 0.3
"""Shares that are dropped out in training."""
UNIT = 40
"""Steps of a word vector that count as 1 in training."""
BEST = 2.0
"""Factor for the weight of a text's best sentence."""
WEIGHTS = {
    "importance": {"read": 1.0, "pilot": 1.0, "attribution": 1.0, "newer": 1.0, "invented": 0.5},
    "finding": {"read": 1.0, "newer": 1.0, "invented": 1.0, "attribution": 3.0, "claims": 0.15, "part": 1.0},
    "needs": {"read": 2.5, "attribution": 2.5, "newer": 2.5, "invented": 2.5},
    "conclusion": {"read": 1.0, "pilot": 1.0, "attribution": 1.0, "claims": 1.0},
    "others": {"read": 1.0, "attribution": 2.0, "newer": 1.0, "invented": 1.0, "part": 1.0},
    "aim": {"attribution": 2.0, "newer": 1.0, "invented": 1.0},
}
"""For each of `HEADS`, the kinds of texts that it is learned from, and their weights. Claims weigh less: experts mark fewer
sentences."""
MARKS = {
    "importance": ("main",),
    "finding": ("main", "ok"),
    "needs": ("needs",),
    "conclusion": ("main",),
    "others": ("others",),
    "aim": ("aim",),
}
"""For each of `HEADS`, the marks that count as yes."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A text to learn from."""

    padded: Tensor
    """As `Vocabulary.padded` gives the words, in units of `UNIT` steps."""
    lengths: Tensor
    columns: Tensor
    """In standard deviations."""
    wanted: Tensor
    """Sentences x `HEADS`: 1 where a sentence bears the mark."""
    weights: Tensor
    """Sentences x `HEADS`: 0 where the marks do not say whether the answer is yes."""


class Chooser(nn.Module):  # type: ignore[misc, unused-ignore]  # torch is an extra: where it is absent, Module is Any
    """The network as it learns: the same sums as `bot.findings.network`, with gradients and dropout."""

    def __init__(self, columns: int, begun: Mapping[str, NDArray[Any]]) -> None:
        """Begin with the weights of a model file, `begun`."""
        super().__init__()
        triples, pairs = (begun[f"{name}.steps"].shape for name in ("triple", "pair"))
        self.triple, self.pair = nn.Linear(*triples), nn.Linear(*pairs)
        value = 1 / float(begun["sentence_step"])
        self.middle = UNIT * float(begun["middle"]) * value
        sentence, gates = begun["inputs.forwards.steps"].shape
        states = gates // 3
        self.recur = nn.GRU(sentence + PLACES + columns, states, batch_first=True, bidirectional=True)
        self.output = nn.Linear(2 * states + columns, len(HEADS))
        nn.init.zeros_(self.output.weight)
        with torch.no_grad():
            for name, one in (("triple", self.triple), ("pair", self.pair)):
                one.weight.copy_(UNIT * _weights(begun, name).T)
                one.bias.copy_(torch.from_numpy(begun[f"{name}.bias"]))
            for place, (way, suffix) in enumerate(zip(WAYS, ("", "_reverse"), strict=True)):
                given = getattr(self.recur, "weight_ih_l0" + suffix)
                given[:, :sentence] = _weights(begun, f"inputs.{way}").T / value
                given[:, sentence : sentence + PLACES] = torch.from_numpy(begun["places"][:, place]).T
                nn.init.normal_(given[:, sentence + PLACES :], 0, 0.02)
                getattr(self.recur, "bias_ih_l0" + suffix).copy_(torch.from_numpy(begun[f"inputs.{way}.bias"]))
                getattr(self.recur, "weight_hh_l0" + suffix).copy_(TOP * _weights(begun, f"state.{way}").T)
                getattr(self.recur, "bias_hh_l0" + suffix).copy_(torch.from_numpy(begun[f"state.{way}.bias"]))

    def sentence_vectors(self, texts: Sequence[Example]) -> Tensor:
        """Give a vector for each sentence: the largest value of each convolution, and the mean word."""
        lengths = torch.cat([one.lengths for one in texts])
        padded = torch.cat([one.padded for one in texts])
        if self.training:
            padded = functional.dropout(padded, DROP_WORDS) * (torch.rand(len(padded), 1) >= DROP_WORDS)
        # Before each sentence stands a blank row, and at the end of each text another.
        number = torch.repeat_interleave(torch.arange(len(texts)), torch.tensor([len(one.lengths) for one in texts]))
        blanks = torch.arange(len(lengths)) + 1 + number
        rows = torch.arange(int(lengths.sum())) + torch.repeat_interleave(blanks, lengths)
        around = torch.cat([padded[rows - 1], padded[rows], padded[rows + 1]], 1)
        triples, pairs = self.triple(around), self.pair(around[:, padded.shape[1] :])
        largest = torch.segment_reduce(functional.relu(torch.cat([triples, pairs], 1)), "max", lengths=lengths)
        return torch.cat([largest, torch.segment_reduce(padded[rows], "mean", lengths=lengths) * self.middle], 1)

    def forward(self, texts: Sequence[Example]) -> Tensor:
        """Score sentences: the sentences of all texts x `HEADS`, as log odds."""
        counts = [len(one.lengths) for one in texts]
        vectors = functional.dropout(self.sentence_vectors(texts), DROP_VALUES, self.training)
        places = torch.zeros(len(vectors), PLACES)
        places.scatter_(1, torch.from_numpy(np.concatenate([place_features(count) for count in counts])), 1.0)
        columns = torch.cat([one.columns for one in texts])
        given = torch.cat([vectors, places, functional.dropout(columns, DROP_COLUMNS, self.training)], 1)
        packed = nn.utils.rnn.pack_sequence(torch.split(given, counts), enforce_sorted=False)
        held, _ = nn.utils.rnn.pad_packed_sequence(self.recur(packed)[0], batch_first=True)
        states = torch.cat([row[:count] for row, count in zip(held, counts, strict=True)])
        states = functional.dropout(states, DROP_VALUES, self.training)
        return self.output(torch.cat([states, functional.dropout(columns, DROP_COLUMNS, self.training)], 1))

    def loss(self, texts: Sequence[Example]) -> Tensor:
        """Give the weighted cross-entropy of all scores, per sentence."""
        wanted, weights = (torch.cat([getattr(one, name) for one in texts]) for name in ("wanted", "weights"))
        total = functional.binary_cross_entropy_with_logits(self(texts), wanted, weight=weights, reduction="sum")
        return total / len(wanted)


def parts(texts: Sequence[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Take an excerpt of one to three sentences from each journal abstract, so that short texts are learned from too."""
    journals = [row for kind, row in texts if kind in {"read", "newer"}]
    for number, row in enumerate(journals):
        start, length = number % len(row["sentences"]), 1 + number % 3
        kept = range(start, min(start + length, len(row["sentences"])))
        marks = {
            name: [index - start for index in row.get(name, ()) if index in kept]
            for name in ("main", "ok", "needs", "others", "aim")
        }
        yield "part", {**row, "sentences": [row["sentences"][index] for index in kept], **marks}


def learn(texts: Sequence[tuple[str, Row]], path: Path) -> str:
    """Fit on marked texts, each with its kind, write the model file and give its SHA-256: four minutes on one core."""
    texts = [*texts, *parts(texts)]
    known = [features_of(row["sentences"], label_sentences(row["sentences"]), row.get("title") or "") for _, row in texts]
    tables = np.vstack([one.table for one, (kind, _) in zip(known, texts, strict=True) if kind not in {"claims", "part"}])
    mean, deviation = tables.mean(axis=0).astype(np.float32), (tables.std(axis=0) + 1e-3).astype(np.float32)
    examples = [
        _example(kind, row, columns_in_steps(one, mean, deviation) * np.float32(REACH / TOP))
        for (kind, row), one in zip(texts, known, strict=True)
    ]
    torch.set_num_threads(1)  # the sums of more threads differ in their last bits
    torch.manual_seed(SEED)
    chooser = Chooser(len(mean), read_arrays(MODEL))
    optimizer = torch.optim.AdamW(chooser.parameters(), lr=RATE, weight_decay=DECAY)
    descend(chooser, chooser.loss, examples, optimizer, [RATE], epochs=EPOCHS, seed=SEED)
    with torch.no_grad():
        sentence_step = step_of(array(chooser.sentence_vectors(examples[::10])))
    names = np.frombuffer("\n".join(known[0].columns).encode(), np.uint8)
    return write_arrays({"names": names, "mean": mean, "deviation": deviation, **_arrays(chooser, sentence_step)}, path)


def _example(kind: str, row: Row, columns: Floats) -> Example:
    padded, lengths = vocabulary().padded(row["sentences"])
    wanted = np.column_stack([_bear(row, MARKS[head]) for head in HEADS])
    weights = np.column_stack([_weigh(kind, row, head) for head in HEADS])
    given = (padded / UNIT, lengths, columns, wanted.astype(np.float32), weights.astype(np.float32))
    return Example(*map(torch.from_numpy, given))


def _bear(row: Row, names: Sequence[str]) -> NDArray[np.float64]:
    """Give 1 for each sentence that bears one of the marks."""
    marks = np.zeros(len(row["sentences"]))
    marks[[index for name in names for index in row.get(name, ())]] = 1
    return marks


def _weigh(kind: str, row: Row, head: str) -> NDArray[np.float64]:
    """Give the weight of each sentence of a text, 0 where its marks do not say whether the answer is yes."""
    if head == "needs" or (head == "others" and kind in {"read", "part"}):
        weights = _bear(row, ("main", "ok"))  # only findings were looked at
    elif head == "finding" and kind == "claims":
        weights = _bear(row, ("main",))  # the others may be findings too
    else:
        weights = np.ones(len(row["sentences"]))
    if row["main"] and head in {"importance", "conclusion"}:
        weights[row["main"][0]] *= BEST
    return WEIGHTS[head].get(kind, 0) * weights


def _weights(arrays: Mapping[str, NDArray[Any]], name: str) -> Tensor:
    return torch.from_numpy(arrays[f"{name}.steps"].astype(np.float32) * arrays[f"{name}.scale"])


def _arrays(chooser: Chooser, sentence_step: float) -> dict[str, NDArray[Any]]:
    """Give what `Network.load` reads."""
    column_step = REACH / TOP
    arrays: dict[str, NDArray[Any]] = {
        "middle": np.array(chooser.middle / UNIT / sentence_step, np.float32),
        "sentence_step": np.array(1 / sentence_step, np.float32),
        **layer("triple", array(chooser.triple.weight).T, array(chooser.triple.bias), 1 / UNIT),
        **layer("pair", array(chooser.pair.weight).T, array(chooser.pair.bias), 1 / UNIT),
    }
    output = array(chooser.output.weight).T
    width, states = chooser.triple.out_features + chooser.pair.out_features, 2 * chooser.recur.hidden_size
    known = width + chooser.pair.in_features // 2
    places = []
    for way, (given, given_bias, state, state_bias) in zip(WAYS, gates_of(chooser.recur), strict=True):
        steps = np.concatenate([given[:known] * sentence_step, given[known + PLACES :] * column_step])
        arrays |= layer(f"inputs.{way}", steps.astype(np.float32), given_bias, 1)
        arrays |= layer(f"state.{way}", state, state_bias, 1 / TOP)
        places.append(given[known : known + PLACES])
    steps = np.concatenate([output[:states] / TOP, output[states:] * column_step])
    arrays |= layer("output", steps.astype(np.float32), array(chooser.output.bias), 1)
    return arrays | {"places": np.stack(places, axis=1).astype(np.float32)}


def train_choice(data: Path, out: Path) -> str:
    """Fit on all the marked texts in `data`, write the file `out` and give its SHA-256."""
    return learn(marked(data), out)
