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
        "end_page": "144",
        "year": "1988",
        "date": "1988/04/26/",
    }
    assert (chapter["type_of_reference"], chapter["secondary_authors"]) == ("CHAP", ["Doe, J. A.", "Roe, Rita B."])
    assert chapter["authors"] == ["Nothing Study Group"]
    assert (months["start_page"], months["end_page"], months["date"]) == ("S9", "S17", "1974/10//1974-12")


def test_nothing_lost():
    """When a page was read, a record's number in PubMed, and a report's or patent's own number are kept."""
    page = {
        "id": "1",
        "type": "webpage",
        "title": "x",
        "URL": "https://example.org",
        "accessed": {"date-parts": [[2026, 11, 23]]},
    }
    patent = {"id": "1", "type": "patent", "title": "x", "number": "US 1,234"}
    article = ARTICLE | {"PMID": "00001234", "number": "e12"}
    read = rispy.loads(to_ris([page, patent, article, {"type": "webpage", "accessed": {"date-parts": [[2026]]}}]))
    assert [entry.get("access_date") for entry in read] == ["2026/11/23/", None, None, "2026"]
    assert read[1]["issn"] == "US 1,234"
    assert (read[2]["accession_number"], read[2]["note"]) == ("00001234", "e12")


def test_references_alone():
    """A file holds references and nothing else, no two with one ID."""
    text = to_ris([ARTICLE, ARTICLE, {"title": "x"}])
    assert [entry.get("id") for entry in rispy.loads(text)] == ["7001", "7001-2", None]
    assert text.startswith("TY  - JOUR")
    assert all(line[2:6] == "  - " for line in text.splitlines() if line)


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
