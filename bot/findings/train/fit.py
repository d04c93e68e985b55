"""Training: `descend` for any module; `fit` for a tagger, from labels alone or from labels and the opinion of teachers."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.findings.train.model import Tagger
from bot.findings.train.texts import Abstract, Style

One = TypeVar("One")

BATCH = 16
RATE = 2e-3
SHORTFALL = -1e4
"""Added to the score of a label that a sentence may not have."""
ALONE = 0.3
"""Weight of the loss of labels given by a sentence alone."""
AVERAGE = 0.998
"""How much of the running mean of the weights stays at each step."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """An abstract to learn from; `opinion` is the teachers' probability of each label (sentences x labels)."""

    abstract: Abstract
    opinion: Tensor | None = None


def fit(tagger: Tagger, lessons: Sequence[Lesson], *, epochs: int, seed: int) -> Tagger:
    """Train a tagger in place, with AdamW."""
    own = [parameter for name, parameter in tagger.named_parameters() if name != "vectors"]
    optimizer = torch.optim.AdamW([{"params": [tagger.vectors]}, {"params": own}], lr=RATE, weight_decay=1e-4)
    descend(tagger, partial(_loss, tagger), lessons, optimizer, [RATE / 2, RATE], epochs=epochs, seed=seed)
    return tagger


def descend(
    module: nn.Module,
    loss_of: Callable[[Sequence[One]], Tensor],
    lessons: Sequence[One],
    optimizer: torch.optim.Optimizer,
    rates: Sequence[float],
    *,
    epochs: int,
    seed: int,
) -> None:
    """Train in place on a one-cycle learning rate; `rates` are the highest rates of the optimizer's groups.

    The weights at the end are their running mean.
    """
    torch.manual_seed(seed)
    order = random.Random(seed)  # noqa: S311  (a repeatable shuffle)
    steps = epochs * -(-len(lessons) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, list(rates), total_steps=steps, pct_start=0.15)
    mean = [parameter.detach().clone() for parameter in module.parameters()]
    queue: list[One] = []
    module.train()
    for step in range(steps):
        if not queue:
            queue = order.sample(list(lessons), len(lessons))
        batch, queue = queue[:BATCH], queue[BATCH:]
        optimizer.zero_grad()
        loss_of(batch).backward()
        nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            share = min(AVERAGE, (1 + step) / (10 + step))
            for kept, parameter in zip(mean, module.parameters(), strict=True):
                kept.lerp_(parameter, 1 - share)
    with torch.no_grad():
        for kept, parameter in zip(mean, module.parameters(), strict=True):
            parameter.copy_(kept)
    module.eval()


def opinions(tagger: Tagger, texts: Sequence[list[list[str]]], style: Style) -> list[Tensor]:
    """Give a trained tagger's probability of each label of each sentence of each abstract."""
    found: list[Tensor] = []
    tagger.eval()
    with torch.no_grad():
        for start in range(0, len(texts), 64):
            part = texts[start : start + 64]
            counts = [len(one) for one in part]
            scores, _ = tagger(part, [style] * len(part))
            likely = tagger.log_probabilities(scores, counts).exp()
            found += [row[:count] for row, count in zip(likely, counts, strict=True)]
    return found


def _loss(tagger: Tagger, batch: Sequence[Lesson]) -> Tensor:
    """How far the labels given are from those permitted, or from the teachers' opinion, per sentence."""
    counts = [len(lesson.abstract.words) for lesson in batch]
    scores, alone = tagger([lesson.abstract.words for lesson in batch], [lesson.abstract.style for lesson in batch])
    permitted = nn.utils.rnn.pad_sequence(
        [torch.from_numpy(lesson.abstract.permitted) for lesson in batch], batch_first=True, padding_value=True
    )
    narrowed = scores + SHORTFALL * ~permitted
    loss = (tagger.log_total(scores, counts) - tagger.log_total(narrowed, counts)).sum()
    flat = torch.cat([row[:count] for row, count in zip(permitted, counts, strict=True)])
    loss = loss - ALONE * torch.logsumexp(functional.log_softmax(alone, 1) + SHORTFALL * ~flat, 1).sum()
    if any(lesson.opinion is not None for lesson in batch):
        likely = tagger.log_probabilities(scores, counts)
        for row, count, lesson in zip(likely, counts, batch, strict=True):
            if lesson.opinion is not None:
                loss = loss - (lesson.opinion * row[:count]).sum()
    return loss / sum(counts)
