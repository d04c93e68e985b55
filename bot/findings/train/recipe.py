"""The whole training: texts in, the model file out.

Several taggers are trained from the labels alone (`train.jsonl`). They label the plain abstracts (`unlabelled.jsonl`), and
one more tagger learns from the labels and from their average opinion (Hinton, Vinyals & Dean 2015, "Distilling the
knowledge in a neural network"). Seeds are fixed; two processes of one thread each, so that two cores are used and the
result does not depend on how many there are.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bot.findings.labels import LABELS
from bot.findings.train.export import write_model
from bot.findings.train.fit import Lesson, fit, opinions
from bot.findings.train.model import Shape, Tagger
from bot.findings.train.texts import Abstract, Style, labelled_abstracts, plain_texts, vocabulary
from bot.findings.train.vectors import word_vectors

TEACHERS = 4
TEACHER_EPOCHS = 6
STUDENT_EPOCHS = 8
SIZE = 100
"""Numbers in a word vector."""
SHAPE = Shape()


def train(data: Path, out: Path) -> None:
    """Train on the texts in `data` and write the model file `out`; prints how long each part took and the file's SHA-256."""
    started = time.monotonic()

    def report(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)  # noqa: T201

    abstracts = labelled_abstracts(data / "train.jsonl")
    plain = plain_texts(data / "unlabelled.jsonl")
    texts = [abstract.words for abstract in abstracts] + plain
    words = vocabulary(texts)
    vectors = word_vectors(texts, words, SIZE)
    report(f"{len(abstracts)} labelled abstracts, {len(plain)} plain ones, {len(words)} words")
    teach = partial(_opinions_of_teacher, abstracts=abstracts, plain=plain, words=words, vectors=vectors)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        thought = [np.mean(one, axis=0, dtype=np.float32) for one in zip(*pool.map(teach, range(TEACHERS)), strict=True)]
    report(f"{TEACHERS} teachers")
    torch.set_num_threads(2)
    lessons = _lessons(abstracts)
    for sentences, opinion in zip(plain, thought, strict=True):
        free = Abstract(sentences, np.ones((len(sentences), len(LABELS)), dtype=bool), Style.PLAIN)
        lessons.append(Lesson(free, torch.from_numpy(opinion)))
    student = _new_tagger(words, vectors, TEACHERS)
    fit(student, lessons, epochs=STUDENT_EPOCHS, seed=TEACHERS)
    digest = write_model(student, texts[::10], out)
    report(f"{out}: {out.stat().st_size} bytes, sha256 {digest}")


def _lessons(abstracts: list[Abstract]) -> list[Lesson]:
    """Take each labelled abstract, and twice those whose headings are as journals at large choose them."""
    return [Lesson(abstract) for abstract in abstracts for _ in range(2 if abstract.style is Style.MEDLINE else 1)]


def _new_tagger(words: list[str], vectors: NDArray[np.float32], seed: int) -> Tagger:
    torch.manual_seed(seed)
    return Tagger(words, torch.from_numpy(vectors), SHAPE)


def _opinions_of_teacher(
    seed: int,
    *,
    abstracts: list[Abstract],
    plain: list[list[list[str]]],
    words: list[str],
    vectors: NDArray[np.float32],
) -> list[NDArray[np.float32]]:
    """Train one teacher, in a process of its own, and ask it about the plain abstracts."""
    torch.set_num_threads(1)
    teacher = fit(_new_tagger(words, vectors, seed), _lessons(abstracts), epochs=TEACHER_EPOCHS, seed=seed)
    return [opinion.numpy() for opinion in opinions(teacher, plain, Style.MEDLINE)]
