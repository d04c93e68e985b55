"""Write a trained network as its model file: 8-bit steps, and what each step is worth."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from bot.findings.network import TOP
from bot.findings.tokens import pieces_of
from bot.findings.train.model import BUCKETS, Tagger
from bot.findings.train.texts import Style

SHARE_WITHIN = 0.9995
"""Share of the values within the range of the steps; the few beyond are clipped, so that the rest are finer."""

WAYS = ("forwards", "backwards")
Array = NDArray[np.float32]


def write_model(tagger: Tagger, samples: Sequence[list[list[str]]], path: Path) -> str:
    """Write the model file and give its SHA-256; `samples` are abstracts by which the steps of values are chosen."""
    words = list(tagger.index)
    with torch.no_grad():
        pieces = array(tagger.pieces.weight)
        shared = np.array([pieces[list(pieces_of(word, BUCKETS))].mean(axis=0) for word in words])
        vectors: Array = np.concatenate([array(tagger.vectors) + shared, pieces]).astype(np.float32)
        sentences = torch.cat([tagger.sentence_vectors(abstract) for abstract in samples])
        gates = gates_of(tagger.recur)
        places = array(tagger.places)
        style = array(tagger.styles)[Style.MEDLINE]
    width = tagger.shape.triples + tagger.shape.pairs
    step = step_of(vectors)
    sentence_step = step_of(array(sentences))
    arrays: dict[str, NDArray[Any]] = {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "vectors": _whole(vectors / np.float32(step)).astype(np.int8),
        "middle": np.array(step / sentence_step, np.float32),
        "sentence_step": np.array(1 / sentence_step, np.float32),
        **layer("triple", array(tagger.triple.weight).T, array(tagger.triple.bias), step),
        **layer("pair", array(tagger.pair.weight).T, array(tagger.pair.bias), step),
        **layer("output", array(tagger.output.weight).T, array(tagger.output.bias), 1 / TOP),
        **{name: array(getattr(tagger, name)) for name in ("transitions", "first", "last")},
    }
    known = width + vectors.shape[1]
    added = []
    for way, (given, given_bias, state, state_bias) in zip(WAYS, gates, strict=True):
        # The style is fixed when the model runs: what it adds goes into the bias.
        arrays |= layer(f"inputs.{way}", given[:known], given_bias + style @ given[known:], sentence_step)
        arrays |= layer(f"state.{way}", state, state_bias, 1 / TOP)
        added.append(places @ given[known:])
    arrays["places"] = np.stack(added, axis=1).astype(np.float32)
    return write_arrays(arrays, path)


def write_arrays(arrays: Mapping[str, NDArray[Any]], path: Path) -> str:
    """Write a model file and give its SHA-256."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def array(tensor: torch.Tensor) -> Array:
    """Give a tensor's numbers."""
    return np.asarray(tensor.detach().numpy(), np.float32)


def gates_of(recur: nn.GRU) -> list[tuple[Array, Array, Array, Array]]:
    """Give each way's weights and biases, of the input and of the state; weights are inputs x gates."""
    names = ("weight_ih_l0", "bias_ih_l0", "weight_hh_l0", "bias_hh_l0")
    ways = [[array(getattr(recur, name + suffix)) for name in names] for suffix in ("", "_reverse")]
    return [(given.T, given_bias, state.T, state_bias) for given, given_bias, state, state_bias in ways]


def step_of(values: Array) -> float:
    """Choose what a step is worth, so that nearly all values lie within `TOP` steps."""
    return float(np.quantile(np.abs(values), SHARE_WITHIN)) / TOP


def _whole(steps: Array) -> Array:
    return np.clip(np.rint(steps), -TOP, TOP)


def layer(name: str, weights: Array, bias: Array, step: float) -> dict[str, NDArray[Any]]:
    """Give a matrix (inputs x outputs) whose inputs come in steps worth `step`; each output has its own scale."""
    worth = np.maximum(np.abs(weights).max(axis=0), 1e-6) / TOP
    return {
        f"{name}.steps": _whole(weights / worth).astype(np.int8),
        f"{name}.scale": (worth * step).astype(np.float32),
        f"{name}.bias": bias.astype(np.float32),
    }
