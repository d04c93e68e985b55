"""RIS files, read by rispy."""

import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citation import to_ris
from tests.citation.works import ARTICLE, CHAPTER, MONTHS


def test_fields():
    """A reference states what its record states."""
    article, chapter, months = rispy.loads(to_ris([ARTICLE, CHAPTER, MONTHS]))
    assert article == {
        "type_of_reference": "JOUR",
        "id": "7001",
        "authors": ["Doe, J. A.", "Roe, Rita B.", "van Poe, C., Jr."],
        "title": "Effects of a made-up tryptamine on sleep: a 'double-blind' trial",
        "secondary_title": "J Made Up Stud",
        "volume": "447",
        "number": "1",
        "start_page": "141",
        "end_page": "4",
        "year": "1988",
        "date": "1988/04/26/",
    }
    assert (chapter["type_of_reference"], chapter["secondary_authors"]) == ("CHAP", ["Doe, J. A.", "Roe, Rita B."])
    assert chapter["authors"] == ["Nothing Study Group"]
    assert (months["start_page"], months["end_page"], months["date"]) == ("S9", "S17", "1974/10//1974-12")


def test_pages_that_are_no_range():
    """Several ranges are not cut in two."""
    (read,) = rispy.loads(to_ris([ARTICLE | {"page": "33-37, 40-42"}]))
    assert read["start_page"] == "33-37, 40-42"
    assert "end_page" not in read


def test_none():
    """No record gives an empty file."""
    assert to_ris([]) == ""


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]) | st.just(" "), max_size=40)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_any_text(pairs):
    """Any title and address comes back as it was, markup aside, and each record stays one."""
    items = [{"type": "article-journal", "title": title.replace("<", "("), "DOI": doi} for title, doi in pairs]
    read = rispy.loads(to_ris(items))
    assert len(read) == len(items)
    for entry, item in zip(read, items, strict=True):
        assert entry.get("title", "") == " ".join(item["title"].split())
        assert entry.get("doi", "") == " ".join(item["DOI"].split())
