"""Page ranges: whole where the missing digits are certain, as printed everywhere else."""

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import pages, to_bibtex, to_ris
from bot.citation.pages import read_page_range
from tests.tables import table_of

RANGES = [
    ("141-4", ("141", "144")),
    ("141–4", ("141", "144")),
    ("141 -- 149", ("141", "149")),
    ("2260-3", ("2260", "2263")),
    ("1496-504", ("1496", "1504")),
    ("S242-5", ("S242", "S245")),
    ("S242-S245", ("S242", "S245")),
    ("S9-17", ("S9", "S17")),
    ("e1234-5", ("e1234", "e1235")),
    ("112A-8A", ("112A", "118A")),
    ("iv-xii", ("iv", "xii")),
    ("256-21", ("256", "21")),
    ("S242-T5", ("S242", "T5")),
    ("1.e1-1.e5", ("1.e1", "1.e5")),
]
NO_RANGES = ["", "141", "e1234", "A-5", "33-37, 40-42", "1-2-3", "141-", "-4", "141-4 (Suppl)", "in press"]


@pytest.mark.parametrize(("printed", "ends"), [*RANGES, *((text, None) for text in NO_RANGES)])
def test_read_page_range(printed, ends):
    assert read_page_range(printed) == ends


@pytest.mark.parametrize(("printed", "first", "last", "why"), table_of(pages.__doc__))
def test_every_row_holds(printed, first, last, why):
    assert read_page_range(printed.strip("`")) == ((first, last) if first else None), why


@pytest.mark.parametrize(("printed", "ends"), RANGES)
def test_files_have_whole_ranges(printed, ends):
    item = {"type": "article-journal", "title": "x", "page": printed}
    (entry,) = rispy.loads(to_ris([item]))
    assert (entry["start_page"], entry["end_page"]) == ends
    assert f"pages = {{{ends[0]}--{ends[1]}}}" in to_bibtex([item])


def test_several_ranges():
    """RIS has a place for one range; BibTeX takes them all."""
    item = {"type": "article-journal", "title": "x", "page": "33-7, 40-2, 50"}
    assert "pages = {33--37, 40--42, 50}" in to_bibtex([item])
    (entry,) = rispy.loads(to_ris([item]))
    assert (entry["start_page"], entry.get("end_page")) == ("33-7, 40-2, 50", None)


@given(st.sampled_from(["", "S", "e"]), st.integers(1, 99_999), st.integers(1, 9_999))
def test_any_shortened_range_is_completed(letter, first, more):
    """However many shared digits were left out, the same last page comes back."""
    start, end = str(first), str(first + more)
    shared = next((at for at, digits in enumerate(zip(start, end, strict=False)) if digits[0] != digits[1]), len(start))
    for cut in range(shared + 1 if len(start) == len(end) else 1):
        assert read_page_range(f"{letter}{start}-{end[cut:]}") == (f"{letter}{start}", f"{letter}{end}")
