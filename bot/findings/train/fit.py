"""One training run: from labels alone, or from labels and the opinion of teachers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.findings.train.model import Tagger
from bot.findings.train.texts import Abstract, Style

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
    """Train in place, by AdamW on a one-cycle rate; the weights at the end are their running mean."""
    torch.manual_seed(seed)
    order = random.Random(seed)  # noqa: S311  (a repeatable shuffle)
    own = [parameter for name, parameter in tagger.named_parameters() if name != "vectors"]
    groups = [{"params": [tagger.vectors]}, {"params": own}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, weight_decay=1e-4)
    steps = epochs * -(-len(lessons) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [RATE / 2, RATE], total_steps=steps, pct_start=0.15)
    mean = [parameter.detach().clone() for parameter in tagger.parameters()]
    queue: list[Lesson] = []
    tagger.train()
    for step in range(steps):
        if not queue:
            queue = order.sample(list(lessons), len(lessons))
        batch, queue = queue[:BATCH], queue[BATCH:]
        optimizer.zero_grad()
        loss = _loss(tagger, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            share = min(AVERAGE, (1 + step) / (10 + step))
            for kept, parameter in zip(mean, tagger.parameters(), strict=True):
                kept.lerp_(parameter, 1 - share)
    with torch.no_grad():
        for kept, parameter in zip(mean, tagger.parameters(), strict=True):
            parameter.copy_(kept)
    tagger.eval()
    return tagger


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
