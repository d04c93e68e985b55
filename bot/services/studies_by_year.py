"""Counts the studies that a channel showed, by year and kind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.card import Fact
from bot.core.phrase import Phrase
from bot.core.study import Study
from bot.findings import study_facts, substances_of
from bot.findings.studies import KINDS, REVIEWS

MOST_COLUMNS = 32
"""The most columns of a chart that can be distinguished on a phone."""
_STEPS = (1, 5, 10, 50, 100, 1_000)


class StudyKind(StrEnum):
    """The kinds of study in a chart, in the order in which they are stacked."""

    HUMAN = "human"
    ANIMAL = "animal"
    IN_VITRO = "in vitro"
    REVIEW = "review"
    OTHER = "other"
    """Another kind, or no stated one."""


KIND_WORDS = {
    StudyKind.HUMAN: Phrase("Human"),
    StudyKind.ANIMAL: Phrase("Animal"),
    StudyKind.IN_VITRO: Phrase("In vitro"),
    StudyKind.REVIEW: Phrase("Reviews"),
    StudyKind.OTHER: Phrase("Other"),
}
_KIND_OF = {
    **dict.fromkeys(KINDS, StudyKind.HUMAN),
    **dict.fromkeys(REVIEWS, StudyKind.REVIEW),
    "Animal study": StudyKind.ANIMAL,
    "In vitro": StudyKind.IN_VITRO,
    "Chemistry": StudyKind.OTHER,
    "Pilot study": StudyKind.OTHER,
    "Study protocol": StudyKind.OTHER,
}
_OF_EITHER = frozenset({"Pilot study", "Randomised study", "Double-blind study"})
"""Kinds of study that are done in people or in animals."""


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """The year and kind of one study, for a chart."""

    year: int | None
    kind: StudyKind
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: the studies of one or more years."""

    first_year: int
    studies: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The studies of a channel, to be counted by year and kind."""

    studies: tuple[Counted, ...]

    @property
    def dated(self) -> tuple[Counted, ...]:
        """The studies whose year is known."""
        return tuple(one for one in self.studies if one.year is not None)

    @property
    def retracted(self) -> int:
        """The number of studies that are known to be retracted."""
        return sum(one.retracted for one in self.studies)

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year; None if no year is known."""
        known = [one.year for one in self.studies if one.year is not None]
        return (min(known), max(known)) if known else None

    @property
    def step(self) -> int:
        """The number of years in one column; more than one if the studies span many years."""
        first, last = self.years or (0, 0)
        return next(step for step in _STEPS if last // step - first // step < MOST_COLUMNS or step == _STEPS[-1])

    def columns(self) -> tuple[Column, ...]:
        """Give the columns that have studies, the earliest first."""
        order, step, found = list(StudyKind), self.step, dict[int, list[Counted]]()
        for one in self.dated:
            found.setdefault((one.year or 0) // step * step, []).append(one)
        return tuple(
            Column(year, tuple(sorted(studies, key=lambda one: (order.index(one.kind), one.retracted))))
            for year, studies in sorted(found.items())
        )

    def kinds(self) -> dict[StudyKind, int]:
        """Count the studies of each kind that occurs, leaving out studies without a year, which are in no column."""
        counts = Counter(one.kind for one in self.dated)
        return {kind: counts[kind] for kind in StudyKind if counts[kind]}


def overview(studies: Iterable[Study]) -> Overview:
    """Count studies by what their records state."""
    return Overview(tuple(counted(study) for study in studies))


def counted(study: Study, facts: Sequence[Fact] | None = None) -> Counted:
    """Give a study's year, its kind and whether it was retracted; without `facts`, they are read from the abstract."""
    record = study.record
    year = record.issued[0][0] if record.issued else None
    stated = study_facts(record.plain_title, record.abstract) if facts is None else facts
    return Counted(year, kind_of(stated), study.retracted)


def substances(study: Study) -> tuple[str, ...]:
    """Give the substances with doses in a study's abstract, by the names that the abstract uses."""
    return substances_of(study.record.plain_title, study.record.abstract)


def kind_of(facts: Sequence[Fact]) -> StudyKind:
    """Tell the kind from a card's facts: the stated kind of study, or else the species if all are people or all animals."""
    stated = {fact.kind: fact.text for fact in facts}
    study = stated.get("study", "")
    species = frozenset(stated.get("species", "").split(", ")) - {""}
    if study in _KIND_OF and not (study in _OF_EITHER and species):
        return _KIND_OF[study]
    if species:
        return StudyKind.HUMAN if species == {"human"} else StudyKind.OTHER if "human" in species else StudyKind.ANIMAL
    return StudyKind.OTHER
