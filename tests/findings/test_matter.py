"""What is told apart from an abstract's own sentences, beside the endings of `test_choice`."""

import pytest

from bot.findings.matter import is_end_matter


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Sleep in newts that eat little. (c) 1999 Quist House.", True),
        ("Sleep in newts that eat little (C) 2012.", True),
        ("Newts were given (a) 500 mg, (b) 1000 mg or (c) 2000 mg of newtol.", False),
    ],
)
def test_rights(text: str, apart: bool) -> None:
    """The sign of copyright and a year make a sentence end matter wherever they stand; a third dose does not."""
    assert is_end_matter(text) is apart
