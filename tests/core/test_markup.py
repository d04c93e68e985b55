"""Titles as plain text."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import markup
from bot.core.markup import plain_title
from bot.core.record import Record
from tests.counting import count_steps
from tests.tables import table_of, values_of


@pytest.mark.parametrize("row", table_of(markup.__doc__), ids=lambda row: row[0])
def test_the_table_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    for given_title in values_of(row[0]):
        assert plain_title(given_title) == (given_title if row[1] == "as they are" else row[1].strip("`"))


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("10<sup>-3</sup> and (<sup>13</sup>C)", "10⁻³ and (¹³C)"),
        ("10<sup>+3</sup> and (<sup>2</sup>", "10⁺³ and (²"),
        ("<b>a <i>b</b> c</i>", "a <i>b c</i>"),
        ("</i>a<i>", "</i>a<i>"),
        ("<i></i>a", "a"),
        ("a<sub>1<sup>2</sup></sub>", "a1²"),
        ("1 < 2 > 0 & <u>x</u> &amp;", "1 < 2 > 0 & <u>x</u> &amp;"),
    ],
)
def test_pairs_alone_are_markup(title: str, plain: str) -> None:
    """Everything else is text, entities included."""
    assert Record(None, title).plain_title == plain


@given(st.lists(st.sampled_from(["<i>", "</i>", "<sup>", "</sup>", "<b>", "</sub>", "a", "1", "<", "&"])).map("".join))
def test_any_title(title: str) -> None:
    """Plain text is no longer than the title, and once it is plain it may be asked for again."""
    assert len(plain_title(title)) <= len(title)


def test_the_work_grows_with_the_title() -> None:
    """Also of titles that nobody wrote."""
    for part in ("<i>", "</i>", "<i></b>", "<sup>1</sup>", "<i><b>"):
        short, long = (count_steps(partial(plain_title, part * size + "</i>")) for size in (300, 600))
        assert long < 3 * short
