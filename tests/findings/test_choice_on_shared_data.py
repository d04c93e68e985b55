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

    On every sixth (on all): right at 1 92.2 (92.6), at 2 83.3 (82.7), best on the card 89.2 (89.0), a main one 98.0 (98.7),
    no finding 1.8 (1.5), needs another 1.5 (1.4). One of the three without a finding gets a quotation.
    """
    read = choice_figures(rows("findings/read-abstracts.jsonl")[::every], precis)
    assert read["at_1"] >= 92
    assert read["at_2"] >= 82
    assert read["best_on_card"] >= 88
    assert read["main_on_card"] >= 97
    assert read["no_finding"] <= 2
    assert read["needs"] <= 1.6
    assert read["quote_where_none"] <= 1


@needs_shared
def test_attribution() -> None:
    """No card quotes others or fills the place of a finding; most of those that have a main sentence quote it (87.0)."""
    told = choice_figures(rows("findings/attribution.jsonl"), precis)
    assert told["quote_others"] == told["quote_where_none"] == 0
    assert told["main_on_card"] >= 86
    assert told["best_on_card"] >= 82
    assert told["no_finding"] <= 6
    assert told["needs"] <= 4


def test_kept_apart() -> None:
    """Invented texts, hard ones, not learned from: 12 of 60 cards quote others, and 9 of 20 where nothing is found quote.

    Before texts of this kind were learned from, these were 16 and 11.
    """
    told = choice_figures(INVENTED, precis)
    assert told["quote_others"] <= 12
    assert told["quote_where_none"] <= 9
    assert told["main_on_card"] >= 75


@needs_shared
@pytest.mark.parametrize("every", [16, pytest.param(1, marks=pytest.mark.storm)])
def test_claims(every: int) -> None:
    """A sentence that experts or readers marked is on the card: 95.5 on every sixteenth, 95.2 on all."""
    figures = choice_figures([row for row in keyed(KEYS) if row["main"]][::every], precis)
    assert figures["main_on_card"] >= {16: 95.4, 1: 95.2}[every]


@needs_shared
@pytest.mark.parametrize("every", [32, pytest.param(16, marks=pytest.mark.storm)])
@pytest.mark.parametrize("endings", [SEEN, KEPT])
def test_endings(endings: list[str], every: int) -> None:
    """No ending takes the first two places, whatever abstract it is appended to."""
    marked = [row for row in keyed(KEYS) if row["main"]][::every]
    assert ending_figures(marked, endings) == {"kept_at_1": 100, "clean_at_2": 100}
