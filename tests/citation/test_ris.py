"""RIS files, read by rispy."""

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import to_ris
from tests.citation.works import ARTICLE, CHAPTER, DOE, MONTHS


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


@pytest.mark.parametrize(
    ("variables", "fields"),
    [
        ({"title": "Effects of a<b>c"}, {"title": "Effects of a<b>c"}),
        ({"title": "<i>Nihil</i> in H<sub>2</sub>O, a <b>c"}, {"title": "Nihil in H2O, a <b>c"}),
        ({"title": 'On <span class="nocase">mRNA</span>'}, {"title": "On mRNA"}),
        ({"DOI": "https://doi.org/10.1000/xyz123"}, {"doi": "10.1000/xyz123"}),
        ({"PMID": "123", "PMCID": "PMC45"}, {"accession_number": "123", "custom2": "PMC45"}),
        ({"ISSN": "1234-5678", "note": "Retracted"}, {"issn": "1234-5678", "notes": ["Retracted"]}),
        (
            {"container-title": "Journal of Nothing", "container-title-short": "J Noth"},
            {"secondary_title": "Journal of Nothing", "alternate_title1": "J Noth"},
        ),
        ({"issued": {"date-parts": [[1988]], "season": "2"}}, {"year": "1988", "date": "1988///Summer"}),
        ({"issued": {"date-parts": [[1988]], "season": "Easter"}}, {"year": "1988", "date": "1988///Easter"}),
        ({"author": [DOE], "custom": {"more-authors": True}}, {"authors": ["Doe, J. A."]}),
        ({"author": [DOE, {"literal": "et al."}]}, {"authors": ["Doe, J. A."]}),
    ],
)
def test_variables(variables, fields):
    """Each variable stands in the tag that reference managers read."""
    (entry,) = rispy.loads(to_ris([{"type": "article-journal", "title": "x"} | variables]))
    assert fields.items() <= entry.items()


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


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_any_text(pairs):
    """Any title and address comes back as it was, markup aside, and each record stays one."""
    items = [{"type": "article-journal", "title": title.replace("<", "("), "DOI": doi} for title, doi in pairs]
    read = rispy.loads(to_ris(items))
    assert len(read) == len(items)
    for entry, item in zip(read, items, strict=True):
        assert entry.get("title", "") == " ".join(item["title"].split())
        assert entry.get("doi", "") == " ".join(item["DOI"].split())
