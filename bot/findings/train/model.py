"""The label network as it learns: the same sums as `bot.findings.network`, with gradients and dropout."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.findings.labels import LABELS
from bot.findings.network import PLACES, place_features
from bot.findings.tokens import pieces_of
from bot.findings.train.texts import Style

BUCKETS = 4096
"""Rows that the pieces of words share."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network's layers, and shares that are dropped out in training."""

    triples: int = 200
    pairs: int = 100
    states: int = 96
    places: int = 32
    drop_words: float = 0.25
    drop_values: float = 0.55
    drop_sentences: float = 0.05


class Tagger(nn.Module):  # type: ignore[misc, unused-ignore]  # torch is an extra: where it is absent, Module is Any
    """Word vectors, convolutions, a recurrent net over sentences, a chain of labels."""

    def __init__(self, words: list[str], vectors: Tensor, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.index = {word: row for row, word in enumerate(words)}
        width = vectors.shape[1]
        self.vectors = nn.Parameter(vectors.clone())
        self.pieces = nn.EmbeddingBag(BUCKETS, width, mode="mean")
        nn.init.normal_(self.pieces.weight, 0, 0.1)
        self.triple = nn.Linear(3 * width, shape.triples)
        self.pair = nn.Linear(2 * width, shape.pairs)
        self.places = nn.Parameter(torch.randn(PLACES, shape.places) * 0.3)
        self.styles = nn.Parameter(torch.zeros(len(Style), shape.places))
        sentence = shape.triples + shape.pairs + width
        self.recur = nn.GRU(sentence + shape.places, shape.states, batch_first=True, bidirectional=True)
        self.output = nn.Linear(2 * shape.states, len(LABELS))
        self.alone = nn.Linear(sentence, len(LABELS))
        self.transitions = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        self.first = nn.Parameter(torch.zeros(len(LABELS)))
        self.last = nn.Parameter(torch.zeros(len(LABELS)))

    def word_vectors(self, words: list[str]) -> Tensor:
        """Give the vector of each of some words: its own, where it has one, and the mean of its pieces."""
        unique = {word: row for row, word in enumerate(dict.fromkeys(words))}
        pieces = [pieces_of(word, BUCKETS) for word in unique]
        offsets = torch.tensor(np.cumsum([0, *(len(one) for one in pieces[:-1])]))
        shared = self.pieces(torch.tensor([piece for one in pieces for piece in one]), offsets)
        own = torch.tensor([self.index.get(word, -1) for word in words])
        known = own >= 0
        if self.training:
            known &= torch.rand(len(words)) >= self.shape.drop_words
        inverse = torch.tensor([unique[word] for word in words])
        return functional.embedding(own.clamp(min=0), self.vectors) * known[:, None] + functional.embedding(inverse, shared)

    def sentence_vectors(self, sentences: list[list[str]]) -> Tensor:
        """Give a vector for each sentence: the largest value of each convolution, and the mean word."""
        vectors = self.word_vectors([word for words in sentences for word in words])
        if self.training:
            vectors = functional.dropout(vectors, 0.15)
        lengths = torch.tensor([len(words) for words in sentences])
        # A blank row before and after each sentence, so that no convolution crosses from one to the next.
        rows = torch.arange(len(vectors)) + 1 + 2 * torch.repeat_interleave(torch.arange(len(lengths)), lengths)
        padded = torch.zeros(len(vectors) + 2 * len(lengths), vectors.shape[1]).index_copy(0, rows, vectors)
        triples = functional.relu(self.triple(torch.cat([padded[:-2], padded[1:-1], padded[2:]], 1)))[rows - 1]
        pairs = functional.relu(self.pair(torch.cat([padded[:-1], padded[1:]], 1)))[rows]
        largest = torch.segment_reduce(torch.cat([triples, pairs], 1), "max", lengths=lengths)
        return torch.cat([largest, torch.segment_reduce(vectors, "mean", lengths=lengths)], 1)

    def forward(self, abstracts: Sequence[list[list[str]]], styles: Sequence[Style]) -> tuple[Tensor, Tensor]:
        """Score labels: abstracts x sentences x labels (padded), and sentences x labels by the sentence alone."""
        counts = [len(sentences) for sentences in abstracts]
        vectors = self.sentence_vectors([words for sentences in abstracts for words in sentences])
        vectors = functional.dropout(vectors, self.shape.drop_values, self.training)
        places = self.places[torch.from_numpy(np.concatenate([place_features(count) for count in counts]))].sum(1)
        if self.training:
            vectors = vectors * (torch.rand(len(vectors), 1) >= self.shape.drop_sentences)
            places = places * (torch.rand(len(places), 1) >= 0.1)  # noqa: PLR2004  (the place is forgotten now and then)
        house = self.styles[torch.repeat_interleave(torch.tensor([int(one) for one in styles]), torch.tensor(counts))]
        given = torch.split(torch.cat([vectors, places + house], 1), counts)
        packed = nn.utils.rnn.pack_sequence(given, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.recur(packed)[0], batch_first=True)
        scores = self.output(functional.dropout(states, self.shape.drop_values, self.training))
        return scores, self.alone(vectors)

    def log_probabilities(self, scores: Tensor, counts: Sequence[int]) -> Tensor:
        """Give the logarithm of each label's probability by the chain: abstracts x sentences x labels (padded)."""
        ends = torch.tensor(counts) - 1
        forwards = [self.first + scores[:, 0]]
        for step in range(1, scores.shape[1]):
            forwards.append(torch.logsumexp(forwards[-1][:, :, None] + self.transitions, 1) + scores[:, step])
        after = self.last.expand(len(counts), -1)
        backwards = [after]
        for step in range(scores.shape[1] - 1, 0, -1):
            earlier = torch.logsumexp(self.transitions + (scores[:, step] + after)[:, None, :], 2)
            after = torch.where((ends >= step)[:, None], earlier, self.last)
            backwards.append(after)
        return functional.log_softmax(torch.stack(forwards, 1) + torch.stack(backwards[::-1], 1), 2)

    def log_total(self, scores: Tensor, counts: Sequence[int]) -> Tensor:
        """Give the logarithm of the sum over all label sequences, for each abstract."""
        sums = [self.first + scores[:, 0]]
        for step in range(1, scores.shape[1]):
            sums.append(torch.logsumexp(sums[-1][:, :, None] + self.transitions, 1) + scores[:, step])
        ends = torch.stack(sums, 1)[torch.arange(len(counts)), torch.tensor(counts) - 1]
        return torch.logsumexp(ends + self.last, 1)
