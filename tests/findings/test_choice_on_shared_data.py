"""What is chosen of texts that people read and marked."""

import pytest

from tests.bench.findings import choice_figures, ending_figures, keyed, precis
from tests.findings.endings import KEPT, SEEN
from tests.findings.invented import INVENTED
from tests.shared import SHARED, needs_shared, rows

KEYS = SHARED / "findings/dev-key.jsonl"


@needs_shared
@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.storm)])
def test_read_abstracts(every: int) -> None:
    """The card is right on texts that the choice was trained on: these bounds lie just under what was measured.

    On every sixth (on all): right at 1 91.2 (90.8), at 2 79.9 (80.7), best on the card 93.1 (91.6), a main one 99.0 (98.5),
    no finding 3.6 (2.3), needs another 2.2 (3.2). Two of the three without a finding get a quotation.
    """
    read = choice_figures(rows("findings/read-abstracts.jsonl")[::every], precis)
    assert read["at_1"] >= 90
    assert read["at_2"] >= 79
    assert read["best_on_card"] >= 91
    assert read["main_on_card"] >= 98
    assert read["no_finding"] <= 4
    assert read["needs"] <= 3.5
    assert read["quote_where_none"] <= 2


@needs_shared
def test_attribution() -> None:
    """One card quotes others, none fills the place of a finding; most of those that have a main sentence quote it (87.0)."""
    told = choice_figures(rows("findings/attribution.jsonl"), precis)
    assert told["quote_others"] <= 1
    assert told["quote_where_none"] == 0
    assert told["main_on_card"] >= 86
    assert told["best_on_card"] >= 86
    assert told["no_finding"] <= 7
    assert told["needs"] <= 9


def test_kept_apart() -> None:
    """Invented texts, hard ones, not learned from: no card of 60 quotes others or fills the place of a finding.

    Before texts of this kind were learned from, 16 did the one and 11 of 20 the other.
    """
    told = choice_figures(INVENTED, precis)
    assert told["quote_others"] == 0
    assert told["quote_where_none"] == 0
    assert told["main_on_card"] >= 77


@needs_shared
@pytest.mark.parametrize("every", [16, pytest.param(1, marks=pytest.mark.storm)])
def test_claims(every: int) -> None:
    """A sentence that experts or readers marked is on the card: 93.9 on every sixteenth, 96.0 on all."""
    figures = choice_figures([row for row in keyed(KEYS) if row["main"]][::every], precis)
    assert figures["main_on_card"] >= {16: 93.9, 1: 95.9}[every]


@needs_shared
@pytest.mark.parametrize("every", [32, pytest.param(16, marks=pytest.mark.storm)])
@pytest.mark.parametrize("endings", [SEEN, KEPT])
def test_endings(endings: list[str], every: int) -> None:
    """No ending takes the first two places, whatever it is appended to; beside one of 46 another sentence comes first."""
    marked = [row for row in keyed(KEYS) if row["main"]][::every]
    figures = ending_figures(marked, endings)
    assert figures["clean_at_2"] == 100
    assert figures["kept_at_1"] >= 97
