"""Studies by year and kind."""

from datetime import UTC, datetime

import pytest

from bot.core.card import Fact
from bot.core.enrichment import Enrichment, MatchOutcome, Notice, NoticeKind
from bot.core.record import Paragraph, Record
from bot.core.study import Study
from bot.findings.studies import KINDS
from bot.services.studies_by_year import MOST_COLUMNS, Counted, Overview, StudyKind, kind_of, overview

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HUMAN, ANIMAL, IN_VITRO, REVIEW, OTHER = StudyKind


def facts(study: str = "", species: str = "") -> list[Fact]:
    return [Fact(kind, text, "") for kind, text in (("study", study), ("species", species)) if text]


@pytest.mark.parametrize(
    ("study", "species", "kind"),
    [
        ("Randomised trial", "", HUMAN),
        ("Case report", "", HUMAN),
        ("Survey", "", HUMAN),
        ("Animal study", "", ANIMAL),
        ("Animal study", "rat, mouse", ANIMAL),
        ("", "rat", ANIMAL),
        ("", "rat, monkey", ANIMAL),
        ("", "human", HUMAN),
        ("", "rat, human", OTHER),
        ("In vitro", "rat", IN_VITRO),
        ("Meta-analysis", "", REVIEW),
        ("Review", "human", REVIEW),
        ("Study protocol", "human", OTHER),
        ("Chemistry", "", OTHER),
        ("Pilot study", "", OTHER),
        ("Pilot study", "human", HUMAN),
        ("Randomised study", "rat", ANIMAL),
        ("Double-blind study", "", HUMAN),
        ("", "", OTHER),
    ],
)
def test_the_kind(study: str, species: str, kind: StudyKind) -> None:
    """What the card states decides; nothing stated is no kind."""
    assert kind_of(facts(study, species)) is kind


@pytest.mark.parametrize("study", sorted(KINDS))
def test_every_kind_that_a_card_states_has_its_place(study: str) -> None:
    """No kind is forgotten: what is "other" is so on purpose."""
    assert (kind_of(facts(study)) is OTHER) == (study in {"Study protocol", "Chemistry", "Pilot study"})


def test_what_is_counted() -> None:
    """The first year, the kind, and a retraction that the record or a service states; without a year it is in no column."""
    notice = Notice(NoticeKind.RETRACTION, "Crossref")
    found = Enrichment(
        outcome=MatchOutcome.MATCH, reason="", matcher=1, asked_at=NOW, notices_asked_at=NOW, notices=(notice,)
    )
    made = overview(
        [
            Study(Record(None, "Newtol in the rat", issued=((1988, 4), (1989,)))),
            Study(Record(None, "Newtol", issued=((1988,),), retraction="NOTE: Retracted.")),
            Study(Record(None, "Newtol for hiccups: a review", issued=((1990,),)), found),
            Study(Record(None, "Newtol", abstract=(Paragraph("Rats were injected with newtol."),))),
        ]
    )
    assert made.studies == (
        Counted(1988, ANIMAL),
        Counted(1988, OTHER, retracted=True),
        Counted(1990, REVIEW, retracted=True),
        Counted(None, ANIMAL),
    )
    assert [(column.first_year, len(column.studies)) for column in made.columns()] == [(1988, 2), (1990, 1)]
    assert made.kinds() == {ANIMAL: 1, REVIEW: 1, OTHER: 1}
    assert made.years == (1988, 1990)


def test_nothing_dated() -> None:
    """There is no column."""
    assert Overview(()).years is None
    assert Overview((Counted(None, HUMAN),)).columns() == ()


@pytest.mark.parametrize(
    ("first", "last", "step"), [(2000, 2000, 1), (1990, 2021, 1), (1990, 2022, 5), (1900, 2026, 5), (1700, 2026, 50)]
)
def test_the_years_of_a_column(first: int, last: int, step: int) -> None:
    """So many that a phone tells the columns apart; a column begins at a round year."""
    made = Overview(tuple(Counted(year, HUMAN) for year in range(first, last + 1)))
    assert made.step == step
    columns = made.columns()
    assert len(columns) <= MOST_COLUMNS
    assert all(column.first_year % step == 0 for column in columns)
    assert sum(len(column.studies) for column in columns) == last - first + 1


def test_the_order_in_a_column() -> None:
    """By kind, of each those that were retracted last."""
    made = Overview(
        (Counted(2000, OTHER), Counted(2000, HUMAN, retracted=True), Counted(2000, HUMAN), Counted(2000, ANIMAL))
    )
    (column,) = made.columns()
    assert [(one.kind, one.retracted) for one in column.studies] == [
        (HUMAN, False),
        (HUMAN, True),
        (ANIMAL, False),
        (OTHER, False),
    ]
