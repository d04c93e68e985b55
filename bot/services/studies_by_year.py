"""What a channel read, counted: its studies by year and kind."""

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
"""Columns of a chart that a phone still tells apart."""
_STEPS = (1, 5, 10, 50, 100, 1_000)


class StudyKind(StrEnum):
    """A kind of study as a chart tells it apart, in the order in which they are stacked."""

    HUMAN = "human"
    ANIMAL = "animal"
    IN_VITRO = "in vitro"
    REVIEW = "review"
    OTHER = "other"
    """Another kind, or none is stated."""


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
"""Kinds of study that are done in animals, too."""


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """One study as a chart shows it."""

    year: int | None
    kind: StudyKind
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The studies of some years, as they are stacked."""

    first_year: int
    studies: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Studies by year and kind."""

    studies: tuple[Counted, ...]

    @property
    def dated(self) -> tuple[Counted, ...]:
        """Those whose year is known."""
        return tuple(one for one in self.studies if one.year is not None)

    @property
    def retracted(self) -> int:
        """The number of studies that are known to be retracted."""
        return sum(one.retracted for one in self.studies)

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year; None where none is known."""
        known = [one.year for one in self.studies if one.year is not None]
        return (min(known), max(known)) if known else None

    @property
    def step(self) -> int:
        """The years of one column: more than one where the studies span many."""
        first, last = self.years or (0, 0)
        return next(step for step in _STEPS if last // step - first // step < MOST_COLUMNS or step == _STEPS[-1])

    def columns(self) -> tuple[Column, ...]:
        """Give the columns that hold studies, the earliest first."""
        order, step, found = list(StudyKind), self.step, dict[int, list[Counted]]()
        for one in self.dated:
            found.setdefault((one.year or 0) // step * step, []).append(one)
        return tuple(
            Column(year, tuple(sorted(studies, key=lambda one: (order.index(one.kind), one.retracted))))
            for year, studies in sorted(found.items())
        )

    def kinds(self) -> dict[StudyKind, int]:
        """Count the studies of each kind that there is; those whose year is unknown are in no column, and not counted."""
        counts = Counter(one.kind for one in self.dated)
        return {kind: counts[kind] for kind in StudyKind if counts[kind]}


def overview(studies: Iterable[Study]) -> Overview:
    """Count studies by what their records state."""
    return Overview(tuple(counted(study) for study in studies))


def counted(study: Study, facts: Sequence[Fact] | None = None) -> Counted:
    """Give a study's year, kind and whether it was retracted; its facts are read unless they are given."""
    record = study.record
    year = record.issued[0][0] if record.issued else None
    stated = study_facts(record.plain_title, record.abstract) if facts is None else facts
    return Counted(year, kind_of(stated), study.retracted)


def substances(study: Study) -> tuple[str, ...]:
    """Give the substances that a study's abstract states doses of, as it names them."""
    return substances_of(study.record.plain_title, study.record.abstract)


def kind_of(facts: Sequence[Fact]) -> StudyKind:
    """Tell the kind from what a card states: the kind of study, or else the species where it is people or animals alone."""
    stated = {fact.kind: fact.text for fact in facts}
    study = stated.get("study", "")
    species = frozenset(stated.get("species", "").split(", ")) - {""}
    if study in _KIND_OF and not (study in _OF_EITHER and species):
        return _KIND_OF[study]
    if species:
        return StudyKind.HUMAN if species == {"human"} else StudyKind.OTHER if "human" in species else StudyKind.ANIMAL
    return StudyKind.OTHER
