"""A record's whole abstract, laid out in pages."""

import pytest
from discord.ui import Button

from bot.core.enrichment import Notice, NoticeKind
from bot.core.phrase import Phrase
from bot.core.record import Paragraph, Record
from bot.core.study import Study
from cogs.cards.abstract import AbstractView, pages
from cogs.discord_kit.i18n import languages, speak
from tests.cogs.test_render_study import found
from tests.references import erowid

FULL = Record(
    erowid(900_001),
    "On a drug that does not exist",
    abstract=(Paragraph("Rats slept {less}.", "RESULTS"),),
    notes=("A note {of} the page", "x" * 4_000),
    keywords=("rat", "sleep"),
    excerpt=True,
    truncated=True,
)


@pytest.mark.parametrize(
    ("language", "note"), [("en", "-# Note: A note {of} the page"), ("de", "-# Anmerkung: A note {of} the page")]
)
def test_everything_of_a_record_is_laid_out(language: str, note: str) -> None:
    """Notes, key words and what is missing too, in every language; braces of the page are text."""
    shown = pages(FULL, speak(language))
    assert note in shown[0]
    assert "**Results**\nRats slept {less}." in shown[0]
    assert "rat, sleep" in shown[0]
    assert sum(page.count("x") for page in shown) >= 4_000
    assert all(len(page) <= 3_300 for page in shown)


def test_the_largest_page_of_a_retracted_work_fits() -> None:
    """Within Discord's 4,000 characters, in every language."""
    marks = "*" * 9_000
    paragraphs = (Paragraph(marks, "BACKGROUND AND PURPOSE OF THE STUDY"), Paragraph("Short.", "RESULTS"))
    record = Record(erowid(999_999), marks, abstract=paragraphs, notes=(marks,), retraction=marks, keywords=(marks,))
    doi = "10.5555/" + "_" * 140
    notices = tuple(
        Notice(NoticeKind.RETRACTION, source, (1990, 12, 31), doi)
        for source in ("Europe PMC", "Crossref", "Retraction Watch")
    )
    study = Study(record, found(notices=notices))
    for say in map(speak, ("en", *languages())):
        shown = pages(record, say)
        for number in range(len(shown)):
            view = AbstractView(study, Phrase("x" * 80), shown, number, [Button(label="Next", custom_id="x")], say=say)
            assert view.content_length() <= 4_000
