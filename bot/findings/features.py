"""Compute the features by which findings are chosen: a sentence's words, label, place, subject, source and wording."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.findings.announcements import calls_for_work
from bot.findings.attribution import CASE, PLANS, RECRUITS, Owner, names_aim, names_others, names_own, told_by_others, whose
from bot.findings.cues import cue
from bot.findings.labels import LABELS, Label, Labelled, shipped
from bot.findings.matter import is_end_matter
from bot.findings.mentions import MENTIONS
from bot.findings.network import TOP
from bot.findings.tokens import words_of
from bot.findings.wordings import CONCLUSION, KIND_OF, KINDS

FeatureColumn = NDArray[np.float64] | NDArray[np.bool_]

_FEW = 6
"""An abstract of fewer sentences was cut short or says little."""
_LEAST_WORDS = 4
_STEM = 5
"""Letters by which words are compared: `depress` and `depression` count as one."""
_PLAIN_WORD = 2
"""Words of so few letters say little: `of`, `in`."""
_SURE = 0.6
"""Probability from which a label is believed."""
_FREQUENT, _UNKNOWN = 40, 12_000
"""Ranks of words by frequency, the most frequent being 0: words ranked before the first number say little; the second number
stands for the rank of an unknown word."""
_OPENING = 4
"""Words at the beginning of a sentence, among which those that point back are counted once more."""
_AUTHORS = cue("the authors|the investigators|the trial", r"\bthe (?:authors|investigators|trial)\b", re.IGNORECASE)
_RUN = 3
"""Words of a run in `Features.grams`, at most."""

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

    grams: tuple[frozenset[str], ...]
    """The runs of one to three words in each sentence; `^` stands for its beginning and `$` for its end."""
    columns: dict[str, FeatureColumn]
    """By name, one number for each sentence; only `states` has several."""
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
    calling = np.array([calls_for_work(text) for text in sentences])
    likely = np.array([one.probabilities for one in labels])
    aims = (likely[:, LABELS.index(Label.OBJECTIVE)] > 1 / 2) | [names_aim(text) for text in sentences]
    columns = {
        "end matter": empty,
        "calls for work": calling,
        **_label_columns(likely),
        **_place_columns(np.flatnonzero(~empty & ~calling), len(words)),
        **_subject_columns(words, words_of(title) if title else [], aims),
        **_source_columns(sentences, likely),
        **{name: np.array([count(text) for text in sentences]) for name, count in MENTIONS.items()},
        "leans": np.array([bool(_LEANS.search(text)) for text in sentences]),
        "names groups": np.array([bool(_GROUPS.search(text)) for text in sentences]),
        "states": shipped().states(sentences) / TOP,
    }
    columns |= _conclusion_columns(sentences, likely, np.asarray(columns["last"]))
    columns |= _wording_columns(words, columns)
    # Without methods (in a review, in a letter) a general statement may be a finding.
    plain = likely[:, LABELS.index(Label.METHODS)].max() < 1 / 2
    columns |= {f"{name} without methods": columns[name] * plain for name in ("first", "last", "place", "state unsaid")}
    return Features(tuple(map(_grams, words)), columns, stems)


def _label_columns(likely: NDArray[np.float64]) -> dict[str, FeatureColumn]:
    """Give the probability of each label for each sentence and its two neighbours, which show where a section begins."""
    blank = np.zeros((1, len(LABELS)))
    before, after = np.vstack([blank, likely[:-1]]), np.vstack([likely[1:], blank])
    tables = {"own": likely, "previous": before, "next": after}
    return {f"{name} {label.lower()}": table[:, i] for name, table in tables.items() for i, label in enumerate(LABELS)}


def _place_columns(live: NDArray[np.int64], count: int) -> dict[str, FeatureColumn]:
    """Give the place from both ends, since conclusions stand last, or first in old abstracts.

    `live` are the indexes that count from the end: not those of end matter and calls for work.
    """
    place = np.arange(count)
    from_end = np.full(count, count)
    from_end[live[::-1]] = np.arange(len(live))
    return {
        "first": place == 0,
        "second": place == 1,
        "first third": place < count / 3,
        "last": from_end == 0,
        "second last": from_end == 1,
        "third last": from_end == 2,  # noqa: PLR2004
        "place": place / count,
        "few": np.full(count, count < _FEW),
    }


def _conclusion_columns(
    sentences: Sequence[str], likely: NDArray[np.float64], last: NDArray[np.bool_]
) -> dict[str, FeatureColumn]:
    """Mark sentences whose wording concludes (usually the best) or, if there are none, the last; and the first finding."""
    concludes = np.array([bool(CONCLUSION.search(text)) for text in sentences])
    result = likely[:, LABELS.index(Label.RESULTS)]
    finding = result + likely[:, LABELS.index(Label.CONCLUSIONS)] > 1 / 2
    return {
        "concludes": concludes,
        "first to conclude": concludes & (np.cumsum(concludes) == 1),
        "only one to conclude": concludes & (concludes.sum() == 1),
        "last, none concludes": last & ~concludes.any(),
        "last and result": last * result,
        "first finding": finding & (np.cumsum(finding) == 1),
    }


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


def _wording_columns(words: Sequence[Sequence[str]], columns: Mapping[str, FeatureColumn]) -> dict[str, FeatureColumn]:
    """Count the words of each of `KINDS` and the length, and combine some of them with other columns.

    For instance, `concludes, vague` lets a vague conclusion be worth less than a plain one.
    """
    kinds = [Counter(KIND_OF[word] for word in one if word in KIND_OF) for one in words]
    counts = {name: np.array([min(3, one[name]) for one in kinds]) for name in KINDS}
    concludes, conclusion = columns["concludes"], columns["own conclusions"]
    lengths = np.array([len(one) for one in words])
    return {
        **counts,
        "opens by pointing back": np.array([sum(word in KINDS["points back"] for word in one[:_OPENING]) for one in words]),
        "length": np.log(lengths + 1),
        "length, of the most": lengths / lengths.max(),
        **{
            f"{name}, {kind}": counts[kind] * other
            for kind in ("guess", "vague")
            for name, other in (("concludes", concludes), ("conclusion", conclusion))
        },
        "title, concludes": columns["title in it"] * concludes,
        "title, conclusion": columns["title in it"] * conclusion,
        "title, result": columns["title in it"] * columns["own results"],
    }


def _source_columns(sentences: Sequence[str], likely: NDArray[np.float64]) -> dict[str, FeatureColumn]:
    """Tell whose work a sentence is about, by its own wording, the sentences before it and those after it."""
    source = np.array(whose(sentences))
    own = np.array([names_own(text) for text in sentences])
    others = np.array([names_others(text) for text in sentences])
    told = np.array([told_by_others(text) for text in sentences])
    plans = np.array([bool(PLANS.search(text)) for text in sentences])
    case = np.array([bool(CASE.search(text)) for text in sentences])
    own_before = np.cumsum(own) - own > 0
    own_later = np.cumsum(own[::-1])[::-1] - own > 0
    methods = (likely[:, LABELS.index(Label.METHODS)] > _SURE) & [not _AUTHORS.search(text) for text in sentences]
    objective = likely[:, LABELS.index(Label.OBJECTIVE)] > _SURE
    since = _since(told, own | objective | (methods & ~told))
    return {
        "others": others,
        "told by others": told,
        "own": own,
        "others and own": others & own,
        "state others": source == Owner.OTHERS,
        "state own": source == Owner.OWN,
        "state unsaid": source == Owner.UNSAID,
        "goes on about others": (source == Owner.OTHERS) & ~others,
        "tells on": since > 0,
        "tells on at once": since == 1,
        "tells on, own later": (since > 0) & own_later,
        "others, own later": (source == Owner.OTHERS) & own_later,
        "before own": ~own_before & ~own & own.any(),
        "no own": np.full(len(source), not own.any()),
        "recruits": np.array([bool(RECRUITS.search(text)) for text in sentences]),
        "plans": plans,
        "plan": np.full(len(source), plans.any()),
        "case": case,
        "others beside a case": others & case.any(),
        "after a case": np.cumsum(case) - case > 0,
    }


def _since(told: NDArray[np.bool_], returns: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count how many sentences ago others' work was told; 0 once the text has returned to the study."""
    count = np.zeros(len(told), int)
    for place in range(1, len(told)):
        goes_on = (told[place - 1] or count[place - 1]) and not told[place] and not returns[place]
        count[place] = count[place - 1] + 1 if goes_on else 0
    return count


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words if len(word) > _PLAIN_WORD)


def _grams(words: Sequence[str]) -> frozenset[str]:
    framed = ["^", *words, "$"]
    runs = (zip(*(framed[start:] for start in range(size)), strict=False) for size in range(1, _RUN + 1))
    return frozenset(" ".join(run) for some in runs for run in some)


def _telling(words: Sequence[str]) -> dict[str, float]:
    """Give the weight of each stem: the rarer its word, the higher; the most frequent words are left out."""
    telling: dict[str, float] = {}
    for word in words:
        if len(word) > _PLAIN_WORD and (weight := _weight(word)):
            telling[word[:_STEM]] = max(telling.get(word[:_STEM], 0), weight)
    return telling


@lru_cache(8192)
def _weight(word: str) -> float:
    rank = shipped().words.get(word, _UNKNOWN)
    return math.log(rank + 2) ** 3 if rank >= _FREQUENT else 0.0


def _covered(wanted: Mapping[str, float], given: Mapping[str, float]) -> float:
    """Give the share of the weight of `wanted` that belongs to stems in `given`, 0 to 1."""
    return sum(weight for stem, weight in wanted.items() if stem in given) / (sum(wanted.values()) or 1)
