"""Run a trained network over the sentences of an abstract: with numpy alone, and with the same answer on every machine.

Words -> vectors -> convolutions over two and three words -> their maxima over each sentence, and its mean vector -> a
recurrent net (GRU) over the sentences, both ways -> scores of each sentence. Two networks share the word vectors: one for
the labels (`bot.findings.labels`), and one for the choice of findings (`bot.findings.ranker`), which also reads columns of
numbers about each sentence, in the recurrent net and in the output layer.

Weights are 8-bit integers ("steps"), and so is what is multiplied with them, in float32: every sum of such products is below
2**24 and is therefore exact, in whatever order a machine adds. The rest is computed element by element, and tanh and sigmoid
are read from tables. So differences in rounding between machines cannot change what is made of the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from bot.findings.tokens import pieces_of, words_of

Floats = NDArray[np.float32]

TOP = 127
"""The largest number of steps in 8 bits; larger values are clipped to it."""
TABLE_STEPS = 256
"""Entries per unit in the tables of tanh and sigmoid."""
TABLE_REACH = 8
"""The tables go from minus this to plus this; beyond, the two curves are taken as flat."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A linear layer: 8-bit `steps` (inputs x outputs, held as float32); for each output a factor, `scale`, and a `bias`."""

    steps: Floats
    scale: Floats
    bias: Floats

    def __call__(self, given: Floats) -> Floats:
        """Apply the layer to rows of whole numbers, none larger than `TOP` in size."""
        return self.worth(given @ self.steps)

    def worth(self, sums: Floats) -> Floats:
        """Turn sums of steps into values."""
        return sums * self.scale + self.bias


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The vectors of words, in steps."""

    words: dict[str, int]
    vectors: NDArray[np.int8]
    """A row for each word, then one for each bucket of `pieces_of`; turned into floats when used."""

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read it from a model file that `bot.findings.train.export` wrote."""
        with np.load(path, allow_pickle=False) as file:
            words, vectors = bytes(file["words"]).decode().split("\n"), file["vectors"]
        return cls({word: row for row, word in enumerate(words)}, vectors)

    def _vectors_of(self, words: Sequence[str]) -> Floats:
        """Give words x steps; a word without a vector of its own gets the mean of its pieces'."""
        rows = [self.words.get(word, -1) for word in words]
        found = np.asarray(self.vectors[rows], np.float32)
        for place in (place for place, row in enumerate(rows) if row < 0):
            pieces = pieces_of(words[place], len(self.vectors) - len(self.words))
            sums = self.vectors[[len(self.words) + piece for piece in pieces]].sum(axis=0, dtype=np.float32)
            found[place] = whole(sums / np.float32(len(pieces)))
        return found

    def padded(self, sentences: Sequence[str]) -> tuple[Floats, NDArray[np.int64]]:
        """Give the vectors of all words, a blank row before, between and after the sentences; and each sentence's length."""
        words = [words_of(sentence) for sentence in sentences]
        lengths = np.array([len(one) for one in words])
        rows = np.zeros((lengths.sum() + len(lengths) + 1, self.vectors.shape[1]), np.float32)
        blank = np.cumsum(lengths + 1)[:-1]
        rows[np.delete(np.arange(1, len(rows) - 1), blank - 1)] = self._vectors_of([word for one in words for word in one])
        return rows, lengths


@lru_cache(4)
def _padded(vocabulary: Vocabulary, sentences: tuple[str, ...]) -> tuple[Floats, NDArray[np.int64]]:
    """Cache the words of the last few abstracts, since labelling and choosing both read them."""
    return vocabulary.padded(sentences)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A trained network, as read from its file."""

    vocabulary: Vocabulary
    pair: Layer
    triple: Layer
    middle: Floats
    """Factor that turns steps of word vectors into steps of the sentence vector: one number."""
    sentence_step: Floats
    """Factor that turns values into steps of the sentence vector: one number."""
    inputs: tuple[Layer, Layer]
    """The recurrent net's layers for its input, sentence vector and columns, forwards and backwards; outputs: the gates
    reset, update and new."""
    state: Layer
    """The recurrent net's two layers for its state, stacked: forwards, backwards."""
    places: Floats
    """What each of `place_features` adds to the gates, forwards and backwards: features x 2 x gates."""
    output: Layer
    """For the states, both ways, and the columns."""

    @classmethod
    def load(cls, path: Path, vocabulary: Vocabulary) -> "Network":
        """Read a model file that `bot.findings.train.export` wrote."""
        arrays = read_arrays(path)

        def layer(name: str) -> Layer:
            return Layer(arrays[f"{name}.steps"].astype(np.float32), arrays[f"{name}.scale"], arrays[f"{name}.bias"])

        def both(one: Layer, other: Layer) -> Layer:
            steps, scale, bias = zip((one.steps, one.scale, one.bias), (other.steps, other.scale, other.bias), strict=True)
            return Layer(np.stack(steps), np.stack(scale)[:, None], np.stack(bias)[:, None])

        return cls(
            vocabulary,
            layer("pair"),
            layer("triple"),
            arrays["middle"],
            arrays["sentence_step"],
            (layer("inputs.forwards"), layer("inputs.backwards")),
            both(layer("state.forwards"), layer("state.backwards")),
            arrays["places"],
            layer("output"),
        )

    def scores(self, sentences: Sequence[str], columns: Floats | None = None) -> NDArray[np.float64]:
        """Score the sentences of one abstract: sentences x scores. `columns`, if the network has any, are in steps."""
        if not sentences:
            return np.zeros((0, self.output.steps.shape[1]))
        columns = np.zeros((len(sentences), 0), np.float32) if columns is None else columns
        with threads().limit(limits=1, user_api="blas"):  # for products so small, a second core costs more than it saves
            vectors = self._sentence_vectors(*_padded(self.vocabulary, tuple(sentences)))
            places = self.places[place_features(len(sentences))].sum(axis=1, dtype=np.float32)
            states = self._recur(np.concatenate([vectors, columns], axis=1), places)
            return self.output(np.concatenate([states, columns], axis=1)).astype(np.float64)

    def _sentence_vectors(self, padded: Floats, lengths: NDArray[np.int64]) -> Floats:
        starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]]) + 1
        # The triples are of each word with both its neighbours.
        triples = np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1) @ self.triple.steps
        pairs = np.concatenate([padded[:-1], padded[1:]], axis=1) @ self.pair.steps
        # Where each sentence's rows start and end; the last sentence reaches to the end.
        bounds = np.stack([starts, starts + lengths], axis=1).ravel()[:-1]
        rows = [
            self.triple.worth(np.maximum.reduceat(triples, bounds - 1)[::2]),
            self.pair.worth(np.maximum.reduceat(pairs, bounds)[::2]),
        ]
        largest = np.maximum(np.concatenate(rows, axis=1), 0) * self.sentence_step
        means = np.add.reduceat(padded, bounds)[::2] / lengths[:, None].astype(np.float32) * self.middle
        return whole(np.concatenate([largest, means], axis=1))

    def _recur(self, given: Floats, places: Floats) -> Floats:
        """Run gated recurrent nets both ways at once (Cho et al. 2014, laid out as PyTorch's GRU); give states in steps."""
        forwards, backwards = (layer(given) + places[:, way] for way, layer in enumerate(self.inputs))
        gates = np.stack([forwards, backwards[::-1]], axis=1)[:, :, None]
        size = gates.shape[-1] // 3
        held = np.zeros((2, 1, size), np.float32)
        states = np.zeros((len(gates), 2, size), np.float32)
        for position, now in enumerate(gates):
            kept = self.state(whole(held * np.float32(TOP)))
            gated = _sigmoid(now[..., : 2 * size] + kept[..., : 2 * size])
            reset, update = gated[..., :size], gated[..., size:]
            new = _tanh(now[..., 2 * size :] + reset * kept[..., 2 * size :])
            held = new + update * (held - new)
            states[position] = held[:, 0]
        return whole(np.concatenate([states[:, 0], states[::-1, 1]], axis=1) * np.float32(TOP))


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of a model file, without those of a vocabulary."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files if name not in {"words", "vectors"}}


@cache
def threads() -> ThreadpoolController:
    """Find the libraries that multiply matrices, once."""
    return ThreadpoolController()


def place_features(count: int) -> NDArray[np.int64]:
    """Give four features of each sentence's place: its tenth of the text, its rank from either end, how many there are."""
    rank = np.arange(count)
    from_end = count - 1 - rank
    many = np.full(count, min(3, count // 5))
    columns = [rank * 10 // max(count, 1), 10 + np.minimum(rank, 5), 16 + np.minimum(from_end, 5), 22 + many]
    return np.stack(columns, axis=1)


PLACES = 26
"""The indexes that `place_features` gives are below this."""


def whole(values: Floats) -> Floats:
    """Round values to whole steps, none larger than `TOP` in size."""
    return np.minimum(np.maximum(np.rint(values), -TOP), TOP).astype(np.float32)


def _table(values: NDArray[np.float64]) -> Floats:
    return np.round(values, 4).astype(np.float32)


_GRID = np.arange(-TABLE_REACH * TABLE_STEPS, TABLE_REACH * TABLE_STEPS + 1) / TABLE_STEPS
_TANH = _table(np.tanh(_GRID))
_SIGMOID = _table(1 / (1 + np.exp(-_GRID)))


def _look_up(table: Floats, values: Floats) -> Floats:
    reach = TABLE_REACH * TABLE_STEPS
    place = np.minimum(np.maximum(np.rint(values * np.float32(TABLE_STEPS)), -reach), reach).astype(np.int64) + reach
    return np.asarray(table[place])


def _tanh(values: Floats) -> Floats:
    return _look_up(_TANH, values)


def _sigmoid(values: Floats) -> Floats:
    return _look_up(_SIGMOID, values)
