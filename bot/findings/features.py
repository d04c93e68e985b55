"""What is known of each sentence when the findings are chosen: its words, its label, its place, its subject, its source."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.findings.attribution import CASE, PLANS, RECRUITS, Owner, names_others, names_own, told_by_others, whose
from bot.findings.labels import LABELS, Label, Labelled, shipped
from bot.findings.matter import calls, is_end_matter
from bot.findings.network import TOP
from bot.findings.tokens import words_of

Column = NDArray[np.float64] | NDArray[np.bool_]

_LENGTHS = {"short": 10, "medium": 16, "long": 40, "very long": 55}
"""Words that a sentence has at most, or at least."""
_FEW = 6
"""Sentences of an abstract that was cut short, or that says little."""
_LEAST_WORDS = 4
_STEM = 5
"""Letters by which words are compared: `depress` and `depression` count as one."""
_PLAIN_WORD = 2
"""Letters of words that say little: `of`, `in`."""
_SURE = 0.6
"""Probability from which a label is believed."""
_AUTHORS = re.compile(r"\bthe (?:authors|investigators|trial)\b", re.IGNORECASE)
_RUN = 3
"""Words in a row that are looked at together, at most."""


_CONCLUDES = re.compile(
    r"""
    \bconclu(?:de|sion)\w*\b | \bin\ (?:summary|sum)\b | \bto\ (?:sum\ up|summari[sz]e)\b
    | \btaken\ together\b | \bcollectively\b
    | \b(?:we|authors?)\ (?:\w+\ )?(?:propose|suggest|believe|infer|postulate|argue)\b               # we therefore suggest
    | \b(?:is|was|has\ been|it\ may\ be|can\ be|could\ be)\ (?:therefore\ |thus\ |also\ )?
      (?:suggested|proposed|inferred|postulated|speculated|hypothesi[sz]ed|assumed|deduced|apparent)\ that\b
    | \b(?:these|our|this|the|present|such|all)\b(?:\ \w+){0,4}\ (?:results?|findings?|data|observations?|experiments?
        |stud(?:y|ies)|evidence|analys[ie]s|investigations?|work|effects?|report)\b(?:\ \w+){0,6}\ (?:suggest|indicat
        |impl[iy]|support|demonstrat|show|confirm|establish|reveal|point|highlight|illustrat|provid|propos
        |(?:is|are)\ (?:consistent|compatible|in\ agreement))                                      # these results suggest
    | ^(?:\d+[.)]?\ )?(?:this|these|it)(?:\ \w+){0,2}\ (?:suggests?|indicates?|impl(?:y|ies)|supports?|means)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Says that it sums up or infers."""
_LEANS = re.compile(
    r"""
    ^(?:\W|\d)*(?:however,?\ |moreover,?\ |furthermore,?\ |in\ addition,?\ |thus,?\ |also,?\ |but\ |and\ )?
    (?:
      (?:this|these|such|those|both)\ (?!(?:\w+\ )?(?:results?|findings?|data|stud(?:y|ies)|observations?|experiments?|paper
        |report|review|evidence|investigation|trial|analysis|suggests?|indicates?)\b)  # this effect, but not these results
      | (?:it|they|he|she|its|their|his|her|neither|none|one|all|most|others?)\b(?!\ (?:is|was|has\ been)\ \w+\ that\b)
      | (?:similar|the\ same|no\ such|a\ similar|the\ (?:other|former|latter|remaining|rest|effects?|differences?))\b
    )
    | \b(?:the\ latter|the\ former|respectively|these\ (?:effects?|changes?|animals|patients|drugs|compounds|groups))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Points back to what a sentence before names."""
_GROUPS = re.compile(
    r"""
    \b(?i:groups?|arms?)\ (?:[A-H]|[1-9]|I{1,3}V?)\b                                  # group B
    | \b(?i:(?:both|two|three|all|either|other|second|first|treated|experimental)\ (?:\w+\ )?
      (?:groups?|drugs|compounds|treatments|conditions))\b                            # the treated group
    """,
    re.VERBOSE,
)
"""Names groups by labels that other sentences explain."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of the sentences of one abstract."""

    grams: tuple[frozenset[str], ...]
    """Runs of one to three words of each sentence, its beginning and end marked."""
    columns: dict[str, Column]
    """By name, a number for each sentence."""
    stems: tuple[frozenset[str], ...]
    """The telling words of each sentence, shortened."""

    def has(self, name: str) -> NDArray[np.bool_]:
        """Say of each sentence whether it has a feature."""
        return np.asarray(self.columns[name], bool)

    @property
    def table(self) -> NDArray[np.float64]:
        """Sentences x columns."""
        return np.column_stack([np.asarray(column, float) for column in self.columns.values()])


def features_of(sentences: Sequence[str], labels: Sequence[Labelled], title: str, apart: Collection[int] = ()) -> Features:
    """Look at the sentences of one abstract; `labels` are what `label_sentences` gave, `apart` are surely no finding."""
    words = [words_of(text) for text in sentences]
    lengths = np.array([len(one) for one in words])
    stems = tuple(map(_stems, words))
    empty = np.array([i in apart or lengths[i] < _LEAST_WORDS or is_end_matter(text) for i, text in enumerate(sentences)])
    calling = np.array([calls(text) for text in sentences])
    likely = np.array([one.probabilities for one in labels])
    columns = {
        "end matter": empty,
        "calls for work": calling,
        **_label_columns(likely),
        **_place_columns(np.flatnonzero(~empty & ~calling), len(words)),
        "short": lengths < _LENGTHS["short"],
        "medium": lengths < _LENGTHS["medium"],
        "long": lengths > _LENGTHS["long"],
        "very long": lengths > _LENGTHS["very long"],
        **_subject_columns(stems, _stems(words_of(title)) if title else None),
        **_source_columns(sentences, likely),
        "leans": np.array([bool(_LEANS.search(text)) for text in sentences]),
        "names groups": np.array([bool(_GROUPS.search(text)) for text in sentences]),
        **{f"state {number}": state for number, state in enumerate(shipped().states(sentences).T / TOP)},
    }
    columns |= _conclusion_columns(sentences, likely, np.asarray(columns["last"]))
    # What is generally true is the finding where there are no methods: in a review, a letter.
    plain = likely[:, LABELS.index(Label.METHODS)].max() < 1 / 2
    columns |= {f"{name} without methods": columns[name] * plain for name in ("first", "last", "place", "state unsaid")}
    return Features(tuple(map(_grams, words)), columns, stems)


def _label_columns(likely: NDArray[np.float64]) -> dict[str, Column]:
    """Give the labels of a sentence and of both its neighbours; near 0 a small step of a probability means much."""
    blank = np.zeros((1, len(LABELS)))
    before, after = np.vstack([blank, likely[:-1]]), np.vstack([likely[1:], blank])
    tables = {"own": likely, "previous": before, "next": after, "log": np.log(likely + 0.02)}
    return {f"{name} {label.lower()}": table[:, i] for name, table in tables.items() for i, label in enumerate(LABELS)}


def _place_columns(live: NDArray[np.int64], count: int) -> dict[str, Column]:
    """Give the place from both ends; the end is counted over sentences that could be findings."""
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


def _conclusion_columns(sentences: Sequence[str], likely: NDArray[np.float64], last: NDArray[np.bool_]) -> dict[str, Column]:
    """Find the sentence that concludes; where none says so, the last; and the first that is likely a finding."""
    concludes = np.array([bool(_CONCLUDES.search(text)) for text in sentences])
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


def _subject_columns(stems: Sequence[frozenset[str]], title: frozenset[str] | None) -> dict[str, Column]:
    """Compare with the title, whose question the best finding answers, and with the other sentences, which it sums up."""
    in_it, of_it = np.full(len(stems), 0.3), np.full(len(stems), 0.2)  # the usual, where no title is given
    if title:
        in_it = np.array([_share(title & one, title) for one in stems])
        of_it = np.array([_share(title & one, one) for one in stems])
    shared = np.array([[_share(one & other, one) for other in stems] for one in stems])
    np.fill_diagonal(shared, 0)
    company = shared.sum(axis=1) / max(1, len(stems) - 1)
    return {
        "title in it": in_it,
        "it in title": of_it,
        "most of the title": (in_it == in_it.max()) & (in_it > in_it.min()),
        "title in it, of the most": in_it / (in_it.max() + 1e-3),
        "it in title, of the most": of_it / (of_it.max() + 1e-3),
        "shared": company,
        "shared, of the most": company / (company.max() + 1e-3),
        "said later": np.triu(shared).max(axis=1),
        "said before": np.tril(shared).max(axis=1),
    }


def _source_columns(sentences: Sequence[str], likely: NDArray[np.float64]) -> dict[str, Column]:
    """Say whose words a sentence is: by its own wording, by the sentences before, by what comes later."""
    source = np.array(whose(sentences))
    own = np.array([names_own(text) for text in sentences])
    others = np.array([names_others(text) for text in sentences])
    told = np.array([told_by_others(text) for text in sentences])
    plans = np.array([bool(PLANS.search(text)) for text in sentences])
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
        "case": np.array([bool(CASE.search(text)) for text in sentences]),
    }


def _since(told: NDArray[np.bool_], returns: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the sentences since one that others told, up to where the text returns to the study; 0 beyond."""
    count = np.zeros(len(told), int)
    for place in range(1, len(told)):
        goes_on = (told[place - 1] or count[place - 1]) and not told[place] and not returns[place]
        count[place] = count[place - 1] + 1 if goes_on else 0
    return count


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words if len(word) > _PLAIN_WORD)


def _grams(words: Sequence[str]) -> frozenset[str]:
    framed = ["^", *words, "$"]
    return frozenset(
        " ".join(framed[start : start + size]) for size in range(1, _RUN + 1) for start in range(len(framed) - size + 1)
    )


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
