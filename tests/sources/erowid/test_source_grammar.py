"""Where a source line ends, and that every line of its grammar is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.erowid.source import cut_source, read_source


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("J Made Up. 1998;1:2-3.", ("J Made Up. 1998;1:2-3.", "")),
        (
            "J Made Up. 1998;1:2-3. The mice slept well and then they woke up again.",
            ("J Made Up. 1998;1:2-3.", "The mice slept well and then they woke up again."),
        ),
        ("J Made Up. 1998;1 Suppl. 1:2-3. Epub 1997 Dec 1.", ("J Made Up. 1998;1 Suppl. 1:2-3. Epub 1997 Dec 1.", "")),
        ("J Made Up, 1979, 11(1), 1-2.", ("J Made Up, 1979, 11(1), 1-2.", "")),
        ("J Made Up. 11(1):1-2, 1979.", ("J Made Up. 11(1):1-2, 1979.", "")),
        ("J Made Up. 2001 Q3;44:1-5.", ("J Made Up. 2001 Q3;44:1-5.", "")),
        ("In 1998 mice slept; 12 woke up.", None),
        ("The mice slept in 1998, and woke up again.", None),
        ("In 1998 the mice slept; they woke up in 1999.", None),
        ("Methods. In 1998, mice were given water and slept on until the following morning at nine o'clock sharp.", None),
        ("No year at all.", None),
        ("", None),
    ],
)
def test_where_a_source_line_ends(line, expected):
    """A source line is told from text that runs on after it, and from a sentence with a year in it."""
    assert cut_source(line) == expected


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YEAR = st.integers(1850, 2030)
PRINTED_DATES = {
    "{0}": lambda year: (((year,),), None),
    "{0} Sep": lambda year: (((year, 9),), None),
    "{0} September": lambda year: (((year, 9),), None),
    "{0} Feb 07": lambda year: (((year, 2, 7),), None),
    "{0} Jul-Sep": lambda year: (((year, 7), (year, 9)), None),
    "{0} Oct-Dec 21": lambda year: (((year, 10), (year, 12)), None),
    "{0} Winter": lambda year: (((year,),), "4"),
    "{0} Spring-Summer": lambda year: (((year,),), "Spring-Summer"),
    "{0} /II": lambda year: (((year,),), None),
    "{0} Made-up": lambda year: (((year,),), None),
}
WORDS = st.sampled_from(
    ["Newt", "Goat.", "Newtol,", "Ed.sci.", "J", "Proc.", "(Berl)", "Ed.", "&", "of", "the", "Rev.", "A.M.A."]
)
NAME = st.builds(
    lambda first, rest: " ".join([first, *rest]), st.sampled_from(["Newt", "J.", "Acta"]), st.lists(WORDS, max_size=4)
)
VOLUME = {"": None, "?": None, "17": "17", "XIV": "XIV", "ii": "ii", "112-113": "112-113", "12A": "12A", "1967": "1967"}
ISSUE = {
    "": None,
    "(6)": "6",
    " (1-3)": "1-3",
    "(Part I)": "Part I",
    ",(12, Part I)": "12, Part I",
    " Suppl 8": "Suppl 8",
    " (Suppl. 440)": "Suppl. 440",
    " ( Pt 2)": "Pt 2",
    "(?)": None,
    "(4) Suppl": "4 Suppl",
}
PAGES = {
    "1": "1",
    "1532-7": "1532-7",
    "S242-5": "S242-5",
    "e25-e27": "e25-e27",
    "615 - 619": "615-619",
    "33-37, 40-42": "33-37, 40-42",
    "xi-xv": "xi-xv",
    "406-7; author reply": "406-7",
    "320 (Part I)": "320",
    "p126": "126",
}
CHOICES = st.tuples(*(st.sampled_from(sorted(table)) for table in (PRINTED_DATES, VOLUME, ISSUE, PAGES)))


@given(NAME, YEAR, CHOICES, st.sampled_from([".", "..", ",.", " ."]))
def test_every_line_of_the_grammar_is_read_back(name, year, choices, parting):
    """`{name}. {date};{issue}:{pages}.` gives its parts, whatever the name, the date and the locator are."""
    date, volume, issue, pages = choices
    found = read_source(f"{name}{parting} {date.format(year)};{volume}{issue}:{pages}.")
    issued, season = PRINTED_DATES[date](year)
    if volume not in {"", "?"} and volume != "ii":
        assert (found.container_title or "").rstrip(".") == name.rstrip("., ")
        assert found.type == "article-journal"
    assert (found.issued, found.season) == (issued, season)
    assert (found.volume, found.issue, found.page) == (VOLUME[volume], ISSUE[issue], PAGES[pages])


@given(st.text(max_size=600))
def test_any_line_is_read(line):
    """No line is too odd: something is read, or nothing."""
    read_source(line)
    cut_source(line)
