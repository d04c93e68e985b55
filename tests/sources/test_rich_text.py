import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.record import Paragraph
from bot.sources import abstracts, names, rich_text
from bot.sources.abstracts import read_abstract, without_mark
from bot.sources.names import person
from bot.sources.rich_text import to_csl, to_plain
from tests.tables import table_of, values_of


@pytest.mark.parametrize("row", table_of(rich_text.__doc__), ids=lambda row: row[0])
def test_the_table_of_markup_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    for sent in values_of(row[0]):
        assert to_csl(sent) == row[1].strip("`")
        assert to_plain(sent) == row[2].strip("`")


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ("a<i>b<sup>c</i>d</sup>e", "a<i>bc</i>de"),
        ("<i><i>a</i></i>", "<i>a</i>"),
        ("<b>a</b><i> b</i>", "<b>a</b><i> b</i>"),
        ("x<!-- <i> -->y", "xy"),
        ("<i class='x'>a</i>", "<i>a</i>"),
        ("a<br/>b", "a b"),
        ("<b and c> d", "<b and c> d"),
        ("<Cmax>", "<Cmax>"),
        ("a&nbsp;&nbsp;b\n c\u200b", "a b c"),
        ("<jats:inline-formula><jats:tex-math>$x$</jats:tex-math><mml:math>x</mml:math></jats:inline-formula>", "x"),
        ("&alpha;&#946;&#x3b3;", "αβγ"),
        ("", ""),
    ],
)
def test_odd_markup(sent: str, title: str) -> None:
    """Pairs that cross, comments, attributes, formulas, entities."""
    assert to_csl(sent) == title


@pytest.mark.parametrize("row", table_of(abstracts.__doc__), ids=lambda row: row[0])
def test_the_table_of_abstracts_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    for sent in values_of(row[0]):
        read = [f"{one.label}: {one.text}" if one.label else one.text for one in read_abstract(sent)]
        assert " ".join(read) == row[1]


def test_headings_without_text_and_marks_of_truncated_abstracts() -> None:
    """A heading alone is dropped; PubMed's mark is no text of the authors'."""
    assert read_abstract("<h4>Abstract</h4><h4>Aim</h4>Sleep.<h4>Funding</h4>") == (Paragraph("Sleep.", "AIM"),)
    assert read_abstract("<p>Abstract thinking rose.</p>") == (Paragraph("Abstract thinking rose."),)
    assert read_abstract("<p>We slept.</p><p>Abstract We</p>")[1] == Paragraph("Abstract We")
    assert read_abstract("<jats:label>1</jats:label><jats:title>Aim</jats:title>Sleep.") == (Paragraph("Sleep.", "AIM"),)
    cut = read_abstract("We slept.(ABSTRACT TRUNCATED AT 250 WORDS)")
    assert without_mark(cut) == ((Paragraph("We slept."),), True)
    assert without_mark((Paragraph("We slept."),)) == ((Paragraph("We slept."),), False)


@pytest.mark.parametrize("row", table_of(names.__doc__), ids=lambda row: row[0])
def test_the_table_of_names_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    given_parts = [None if part == "none" else part.strip("`") for part in row[0].split(", ")]
    name = person(*given_parts)
    assert name is not None
    read = [f"`{part}`" for part in (name.family, name.given, name.suffix) if part]
    assert (", ".join(read) or f"literal `{name.literal}`") == row[1]


def test_initials_that_the_service_gives_apart() -> None:
    """`JO` is initials where the service says so, and a name where it says otherwise."""
    assert person("DOE", "JO", None, "JO") == names.Name("DOE", "J. O.")
    assert person("Doe", "JO", None, "J") == names.Name("Doe", "JO")


PARTS = st.sampled_from(
    [
        *re.findall(r"<[^>]+>", "<i></i><b></b><sup></sup><h4></h4><jats:p></jats:p><br/><tex-math></tex-math><x>"),
        "&lt;",
        "a",
        "6",
        " ",
    ]
)


@given(st.text(max_size=100) | st.lists(PARTS, max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Whatever is sent, tags come out in pairs, and plain text has none that mean something."""
    title = to_csl(text)
    for tag in ("i", "b", "sup", "sub"):
        assert title.count(f"<{tag}>") == title.count(f"</{tag}>")
    assert not re.search("</?(?:i|b|sup|h4)>", to_plain(text))
    assert all(paragraph.text for paragraph in read_abstract(text))
