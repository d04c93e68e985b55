"""What is chosen of texts that people read and marked, and of the one real page."""

import pytest

from bot.core.record import Paragraph
from bot.findings import key_findings
from tests.bench.findings import choice_figures, ending_figures, keyed, precis
from tests.findings.endings import KEPT, SEEN
from tests.shared import SHARED, needs_shared, rows


@needs_shared
@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.storm)])
def test_floor(every: int) -> None:
    """On abstracts that were read and marked, the card is right; the choice was trained on them, so this is a floor."""
    read = choice_figures(rows("findings/read-abstracts.jsonl")[:: 6 * every], precis)
    assert read["at_1"] >= 85
    assert read["no_finding"] <= 5
    told = choice_figures(rows("findings/attribution.jsonl"), precis)
    assert told["quote_others"] <= 2
    assert told["quote_where_none"] <= 1
    marked = [row for row in keyed(SHARED / "findings/dev-key.jsonl") if row["main"]][::16]
    assert choice_figures(marked, precis)["main_on_card"] >= 93
    for endings in (SEEN, KEPT):
        figures = ending_figures(marked[::every], endings)
        assert figures["kept_at_1"] >= 97
        assert figures["clean_at_2"] >= 95


@needs_shared
def test_the_seed_page() -> None:
    """The one real page that we have tells of another paper's results; its card claims none and quotes the aim."""
    text = (SHARED / "seed-page.txt").read_text("utf-8").partition("[Excerpt] ")[2].partition("\nComments")[0]
    quoted = key_findings([Paragraph(text)], "Lack of Opioid System in the Antidepressant Actions of Ketamine")
    assert quoted.findings == ()
    assert quoted.aim is not None
    assert quoted.aim.text.startswith("Therefore, the present study was undertaken to examine")
