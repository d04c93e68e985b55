import pytest

from bot.sources.erowid import read_record
from tests.pages import MARKUPS, PageText, write_page
from tests.references import erowid


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup> cells", "10\u2076 cells"),
        ("10<SUP>-5</SUP> M", "10\u207b\u2075 M"),
        ("10<sup>&minus;5</sup> M", "10\u207b\u2075 M"),
        ("[<sup>3</sup>H]water", "[\u00b3H]water"),
        ("<b>10</b><sup><i>6</i></sup> cells", "10\u2076 cells"),
        ("5-HT<sub>2A</sub> and 5-HT2", "5-HT2A and 5-HT2"),
        ("as shown<sup>1,2</sup> and seen<sup>3</sup>", "as shown1,2 and seen3"),
        ("the 10<sup>th</sup>", "the 10th"),
    ],
)
def test_raised_figures(markup, text):
    """An exponent stays one; whatever else is raised stands on the line."""
    page = PageText("“Sleep”.", "Doe J.", "J Made Up. 1998;1:2.", ("Goats saw it: PLACE.",))
    record = read_record(write_page(page).replace(b"PLACE", markup.encode()), erowid(1))
    assert record.abstract[0].text == f"Goats saw it: {text}."


@pytest.mark.parametrize(
    ("title_line", "title", "notes"),
    [
        ("“1958”.", "1958", ()),
        ("“Goats”", "Goats", ()),
        ('"Goats".', "Goats", ()),
        ("“Goats” [Letter].", "Goats", ("[Letter]",)),
        ("“Goats.” [Article in German].", "Goats", ("[Article in German]",)),
    ],
)
def test_titles_in_every_markup(title_line, title, notes):
    """The same text gives the same record in every markup."""
    page = PageText(title_line, "Doe J.", "J Made Up. 1998;1:2.", ("Goats slept.",))
    for markup in MARKUPS:
        record = read_record(write_page(page, markup), erowid(1))
        assert (record.title, record.notes, record.source) == (title, notes, "J Made Up. 1998;1:2."), markup
