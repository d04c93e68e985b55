"""The tables in the docstrings hold, row by row."""

import pytest

from bot.findings import attribution, language
from tests.tables import table_of


def test_table_of_owners() -> None:
    """The table is one text, sentence by sentence."""
    rows = table_of(attribution.__doc__)
    assert len(rows) > 1
    assert [
        [text, one.name] for (text, _), one in zip(rows, attribution.whose([row[0] for row in rows]), strict=True)
    ] == rows


@pytest.mark.parametrize(("text", "answer"), table_of(language.__doc__))
def test_table_of_languages(text: str, answer: str) -> None:
    """What the module's docstring promises is so."""
    assert language.is_english(text) == {"yes": True, "no": False}[answer]
