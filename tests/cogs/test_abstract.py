"""A record's whole abstract, laid out in pages."""

import pytest

from bot.core.record import Paragraph, Record
from bot.core.reference import Reference
from cogs.cards.abstract import pages
from cogs.discord_kit.i18n import speak

FULL = Record(
    Reference(900_001),
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
