"""Run the label model: with numpy alone, and with the same answer on every machine.

Words -> vectors -> convolutions over two and three words -> their maxima over each sentence, and its mean vector -> a
recurrent net (GRU) over the sentences, both ways -> scores of the five labels for each sentence, for `bot.findings.chain`.

Weights are 8-bit integers ("steps"), and so is what is multiplied with them, in float32: every sum of such products is below
2**24 and is therefore exact, in whatever order a machine adds. The rest is computed element by element, and tanh and sigmoid
are read from tables. So differences in rounding between machines cannot change a label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Layer:
    """A linear layer: 8-bit `steps` (inputs x outputs, held as float32); for each output a factor, `scale`, and a `bias`."""

    steps: Floats
    scale: Floats
    bias: Floats

    def __call__(self, whole: Floats) -> Floats:
        """Apply the layer to rows of whole numbers, none larger than `TOP` in size."""
        return self.worth(whole @ self.steps)

    def worth(self, sums: Floats) -> Floats:
        """Turn sums of steps into values."""
        return sums * self.scale + self.bias


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The trained network, as read from its file."""

    words: dict[str, int]
    vectors: NDArray[np.int8]
    """A row of steps for each word, then one for each bucket of `pieces_of`; turned into floats when used."""
    pair: Layer
    triple: Layer
    middle: Floats
    """Factor that turns steps of word vectors into steps of the sentence vector: one number."""
    sentence_step: Floats
    """Factor that turns values into steps of the sentence vector: one number."""
    inputs: tuple[Layer, Layer]
    """The recurrent net's layers for its input, forwards and backwards; outputs: the gates reset, update and new."""
    state: Layer
    """The recurrent net's two layers for its state, stacked: forwards, backwards."""
    places: Floats
    """What each of `place_features` adds to the gates, forwards and backwards: features x 2 x gates."""
    output: Layer
    transitions: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    threads: ThreadpoolController

    @classmethod
    def load(cls, path: Path) -> "Network":
        """Read a model file that `bot.findings.train.export` wrote."""
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}

        def layer(name: str) -> Layer:
            return Layer(arrays[f"{name}.steps"].astype(np.float32), arrays[f"{name}.scale"], arrays[f"{name}.bias"])

        def both(one: Layer, other: Layer) -> Layer:
            steps, scale, bias = zip((one.steps, one.scale, one.bias), (other.steps, other.scale, other.bias), strict=True)
            return Layer(np.stack(steps), np.stack(scale)[:, None], np.stack(bias)[:, None])

        vocabulary = bytes(arrays["words"]).decode().split("\n")
        return cls(
            {word: row for row, word in enumerate(vocabulary)},
            arrays["vectors"],
            layer("pair"),
            layer("triple"),
            arrays["middle"],
            arrays["sentence_step"],
            (layer("inputs.forwards"), layer("inputs.backwards")),
            both(layer("state.forwards"), layer("state.backwards")),
            arrays["places"],
            layer("output"),
            arrays["transitions"].astype(np.float64),
            arrays["first"].astype(np.float64),
            arrays["last"].astype(np.float64),
            ThreadpoolController(),
        )

    def scores(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Score the five labels for each sentence of one abstract: sentences x labels."""
        if not sentences:
            return np.zeros((0, len(self.first)))
        return self.output(self.states(sentences)).astype(np.float64)

    def states(self, sentences: Sequence[str]) -> Floats:
        """Give the recurrent net's states at each sentence, forwards and backwards, in steps: sentences x states. Cached."""
        return _states(self, tuple(sentences))

    def read(self, sentences: Sequence[str]) -> Floats:
        """Compute `states` without the cache."""
        with self.threads.limit(limits=1, user_api="blas"):  # for products so small, a second core costs more than it saves
            whole = self._sentence_vectors([words_of(sentence) for sentence in sentences])
            places = self.places[place_features(len(sentences))].sum(axis=1, dtype=np.float32)
            return self._recur(whole, places)

    def _sentence_vectors(self, sentences: list[list[str]]) -> Floats:
        lengths = np.array([len(words) for words in sentences])
        starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]]) + 1
        padded = np.zeros((int(starts[-1] + lengths[-1] + 1), self.vectors.shape[1]), np.float32)
        padded[np.delete(np.arange(1, len(padded) - 1), starts[1:] - 2)] = self._vectors(
            [w for one in sentences for w in one]
        )
        # A blank row stands before, between and after the sentences; the triples are of each word with both its neighbours.
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
        return _whole(np.concatenate([largest, means], axis=1))

    def _vectors(self, words: list[str]) -> Floats:
        rows = [self.words.get(word, -1) for word in words]
        found = np.asarray(self.vectors[rows], np.float32)
        for place in (place for place, row in enumerate(rows) if row < 0):
            pieces = pieces_of(words[place], len(self.vectors) - len(self.words))
            sums = self.vectors[[len(self.words) + piece for piece in pieces]].sum(axis=0, dtype=np.float32)
            found[place] = _whole(sums / np.float32(len(pieces)))
        return found

    def _recur(self, whole: Floats, places: Floats) -> Floats:
        """Run gated recurrent nets both ways at once (Cho et al. 2014, laid out as PyTorch's GRU); give states in steps."""
        forwards, backwards = (layer(whole) + places[:, way] for way, layer in enumerate(self.inputs))
        gates = np.stack([forwards, backwards[::-1]], axis=1)[:, :, None]
        size = gates.shape[-1] // 3
        held = np.zeros((2, 1, size), np.float32)
        states = np.zeros((len(gates), 2, size), np.float32)
        for position, given in enumerate(gates):
            kept = self.state(_whole(held * np.float32(TOP)))
            gated = _sigmoid(given[..., : 2 * size] + kept[..., : 2 * size])
            reset, update = gated[..., :size], gated[..., size:]
            new = _tanh(given[..., 2 * size :] + reset * kept[..., 2 * size :])
            held = new + update * (held - new)
            states[position] = held[:, 0]
        return _whole(np.concatenate([states[:, 0], states[::-1, 1]], axis=1) * np.float32(TOP))


@lru_cache(4)
def _states(network: Network, sentences: tuple[str, ...]) -> Floats:
    """Cache the states of the last few abstracts, since labelling and choosing both use them."""
    return network.read(sentences)


def place_features(count: int) -> NDArray[np.int64]:
    """Give four features of each sentence's place: its tenth of the text, its rank from either end, how many there are."""
    rank = np.arange(count)
    from_end = count - 1 - rank
    many = np.full(count, min(3, count // 5))
    columns = [rank * 10 // max(count, 1), 10 + np.minimum(rank, 5), 16 + np.minimum(from_end, 5), 22 + many]
    return np.stack(columns, axis=1)


PLACES = 26
"""The indexes that `place_features` gives are below this."""


def _whole(values: Floats) -> Floats:
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
