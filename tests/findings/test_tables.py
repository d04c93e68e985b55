"""The tables in the docstrings hold, row by row."""

import pytest

from bot.findings import language
from tests.tables import table_of


@pytest.mark.parametrize(("text", "answer"), table_of(language.__doc__))
def test_table_of_languages(text: str, answer: str) -> None:
    """What the module's docstring promises is so."""
    assert language.is_english(text) == {"yes": True, "no": False}[answer]
