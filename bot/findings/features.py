"""Compute the columns: numbers about each sentence that the network of `bot.findings.ranker` reads besides its words."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.findings.announcements import calls_for_work
from bot.findings.cues import cue
from bot.findings.labels import Label, Labelled, vocabulary
from bot.findings.matter import is_end_matter
from bot.findings.mentions import MENTIONS
from bot.findings.tokens import words_of

FeatureColumn = NDArray[np.float64] | NDArray[np.bool_]

_LEAST_WORDS = 4
_STEM = 5
"""Letters by which words are compared: `depress` and `depression` count as one."""
_PLAIN_WORD = 2
"""Words of so few letters say little: `of`, `in`."""
_FREQUENT, _UNKNOWN = 40, 12_000
"""Ranks of words by frequency, the most frequent being 0: words ranked before the first number say little; the second number
stands for the rank of an unknown word."""
_OPENING = 4
"""Among so many first words `opens by pointing back` counts."""
_POINTS_BACK = frozenset("this these it they its their both such those that them latter former same other others".split())
"""Words that refer to earlier sentences."""

_LEANS = re.compile(
    r"""
      ^(?:\W|\d)*(?:however,?\ |moreover,?\ |furthermore,?\ |in\ addition,?\ |thus,?\ |also,?\ |but\ |and\ )?  # "However, "
      (?: (?:this|these|such|those|both)                                                      # "this effect"
          \ (?!(?:\w+\ )?(?:results?|findings?|data|stud(?:y|ies)|observations?|experiments?  # but not "these results"
            |paper|report|review|evidence|investigation|trial|analysis|suggests?|indicates?)\b)
        | (?: it|they|he|she|its|their|his|her                                                # "their effects"
            | neither|none|one|all|most|others? )\b
          (?!\ (?:is|was|has\ been)\ \w+\ that\b)                                             # but not "it was found that"
        | (?: similar|the\ same|no\ such|a\ similar                                           # "a similar dose"
            | the\ (?:other|former|latter|remaining|rest|effects?|differences?) )\b           # "the rest"
      )
    | \b(?: the\ latter|the\ former|respectively
          | these\ (?:effects?|changes?|animals|patients|drugs|compounds|groups) )\b          # "these animals"
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Wording that refers to what an earlier sentence names."""
_GROUPS = cue(
    "group|arm|phase|drugs|compounds|treatments|conditions",
    r"""
      \b(?i:groups?|arms?|phases?)\ (?:[A-Z]{1,3}|[1-9])\b  # group B
    | \b[A-Z]{1,3}(?:\ and\ [A-Z]{1,3})?\ groups?\b         # the TD and TC groups
    | \b(?i:(?:both|two|three|all|either|other|second|first|treated|experimental)\ (?:\w+\ )?
      (?:groups?|drugs|compounds|treatments|conditions))\b  # the treated group
    """,
    re.VERBOSE,
)
"""Names of groups that only other sentences explain: "group B"."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of the sentences of one abstract."""

    columns: dict[str, FeatureColumn]
    """By name, one number for each sentence."""
    stems: tuple[frozenset[str], ...]
    """The words of each sentence without the shortest, cut to their first letters (`_PLAIN_WORD`, `_STEM`)."""

    def has(self, name: str) -> NDArray[np.bool_]:
        """Whether each sentence has the feature `name`."""
        return np.asarray(self.columns[name], bool)

    @property
    def table(self) -> NDArray[np.float64]:
        """All columns side by side as one matrix: sentences x numbers."""
        return np.column_stack(list(self.columns.values())).astype(float)


def features_of(sentences: Sequence[str], labels: Sequence[Labelled], title: str, apart: Collection[int] = ()) -> Features:
    """Compute the features; `labels` come from `label_sentences`, and the sentences in `apart` are surely no findings."""
    words = [words_of(text) for text in sentences]
    lengths = np.array([len(one) for one in words])
    stems = tuple(map(_stems, words))
    empty = np.array([i in apart or lengths[i] < _LEAST_WORDS or is_end_matter(text) for i, text in enumerate(sentences)])
    aims = np.array([one.label is Label.OBJECTIVE for one in labels])
    pointing = [[word in _POINTS_BACK for word in one] for one in words]
    columns = {
        "end matter": empty,
        "calls for work": np.array([calls_for_work(text) for text in sentences]),
        **_subject_columns(words, words_of(title) if title else [], aims),
        **{name: np.array([count(text) for text in sentences]) for name, count in MENTIONS.items()},
        "leans": np.array([bool(_LEANS.search(text)) for text in sentences]),
        "names groups": np.array([bool(_GROUPS.search(text)) for text in sentences]),
        "points back": np.array([min(3, sum(one)) for one in pointing]),
        "opens by pointing back": np.array([sum(one[:_OPENING]) for one in pointing]),
        "length": np.log(lengths + 1),
        "length, of the most": lengths / lengths.max(),
    }
    return Features(columns, stems)


def _subject_columns(
    words: Sequence[Sequence[str]], title: Sequence[str], aims: NDArray[np.bool_]
) -> dict[str, FeatureColumn]:
    """Measure the words shared with the title and the aim, which a finding answers, and with all other sentences."""
    telling = [_telling(one) for one in words]
    asked = _telling(title)
    aim = {stem: weight for one in np.flatnonzero(aims) for stem, weight in telling[one].items()}
    # Without a title or an aim, usual values take the place of the shares.
    in_it, of_it = (
        np.array([_covered(a, b) for a, b in pairs]) if asked else np.full(len(words), usual)
        for pairs, usual in (([(asked, one) for one in telling], 0.4), ([(one, asked) for one in telling], 0.3))
    )
    answers = np.where(aims, 0.3, [_covered(aim, one) for one in telling] if aim else 0.3)
    stems = [one.keys() for one in telling]
    shared = np.array([[len(one & other) / max(1, len(one)) for other in stems] for one in stems])
    np.fill_diagonal(shared, 0)
    company = shared.sum(axis=1) / max(1, len(stems) - 1)
    return {
        "title in it": in_it,
        "it in title": of_it,
        "title in it, of the most": in_it / (in_it.max() + 1e-3),
        "it in title, of the most": of_it / (of_it.max() + 1e-3),
        "aim in it": answers,
        "aim in it, of the most": answers / (answers.max() + 1e-3),
        "shared": company,
        "shared, of the most": company / (company.max() + 1e-3),
        "said later": np.triu(shared).max(axis=1),
        "said before": np.tril(shared).max(axis=1),
        "telling words": np.array([len(one) for one in stems]),
    }


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words if len(word) > _PLAIN_WORD)


def _telling(words: Sequence[str]) -> dict[str, float]:
    """Give the weight of each stem: the rarer its word, the higher; the most frequent words are left out."""
    telling: dict[str, float] = {}
    for word in words:
        if len(word) > _PLAIN_WORD and (weight := _weight(word)):
            telling[word[:_STEM]] = max(telling.get(word[:_STEM], 0), weight)
    return telling


@lru_cache(8192)
def _weight(word: str) -> float:
    rank = vocabulary().words.get(word, _UNKNOWN)
    return math.log(rank + 2) ** 3 if rank >= _FREQUENT else 0.0


def _covered(wanted: Mapping[str, float], given: Mapping[str, float]) -> float:
    """Give the share of the weight of `wanted` that belongs to stems in `given`, 0 to 1."""
    return sum(weight for stem, weight in wanted.items() if stem in given) / (sum(wanted.values()) or 1)
