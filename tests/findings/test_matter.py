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


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("The full text is available.", True),
        ("A video abstract of this trial is available.", True),
        ("Data on the newts are available on request.", True),
        ("No data on the effect in newts are available.", False),
        ("Complete data of 368 newts was available.", False),
    ],
)
def test_where_to_get_things(text: str, apart: bool) -> None:
    """That a text is available is end matter; that data are is a statement of the study, unless it says where they are."""
    assert is_end_matter(text) is apart
