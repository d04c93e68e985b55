"""Page ranges: whole where the missing digits are certain, as printed everywhere else."""

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import cite, pages, to_bibtex, to_ris
from bot.citation.pages import read_page_range, whole_ranges
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


@pytest.mark.parametrize(
    ("printed", "whole"),
    [
        ("33-7, 40-2, 50", "33-37, 40-42, 50"),
        ("141-4; discussion 150-2", "141-144; discussion 150-152"),
        ("141-4 (Suppl)", "141-144 (Suppl)"),
        ("S1-S19, S25-8", "S1-S19, S25-S28"),
        ("iv-xii, 1-20", "iv-xii, 1-20"),
        ("141 - 4 & 150–2", "141-144 & 150-152"),
        ("e1234", "e1234"),
        ("1-2-3", "1-2-3"),
        ("A-5, 7", "A-5, 7"),
        ("e.g. non-numeric", "e.g. non-numeric"),
    ],
)
def test_ranges_among_other_text(printed, whole):
    """RIS has a place for one range, so that all of it is the first page; BibTeX takes any text."""
    item = {"type": "article-journal", "title": "x", "page": printed}
    (entry,) = rispy.loads(to_ris([item]))
    assert (entry["start_page"], entry.get("end_page")) == (whole, None)
    assert whole_ranges(printed) == whole
    assert f"pages = {{{whole_ranges(printed, '--')}}}".replace("&", r"\&") in to_bibtex([item])


@pytest.mark.parametrize(("style", "printed"), [("apa", "2260–2263"), ("vancouver", "2260–3"), ("chicago", "2260–63")])
def test_styles_shorten_as_they_do(style, printed):
    """Whole ranges are for files; a citation keeps to its style's rule."""
    item = {"type": "article-journal", "title": "x", "page": "2260-3", "container-title": "J Made Up Stud", "volume": "1"}
    assert printed in cite(item, style).text


@given(st.sampled_from(["", "S", "e"]), st.integers(1, 99_999), st.integers(1, 9_999))
def test_any_shortened_range_is_completed(letter, first, more):
    """However many shared digits were left out, the same last page comes back."""
    start, end = str(first), str(first + more)
    shared = next((at for at, digits in enumerate(zip(start, end, strict=False)) if digits[0] != digits[1]), len(start))
    for cut in range(shared + 1 if len(start) == len(end) else 1):
        assert read_page_range(f"{letter}{start}-{end[cut:]}") == (f"{letter}{start}", f"{letter}{end}")
