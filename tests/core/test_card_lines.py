from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.card import Card, Citation, OtherName
from bot.core.card_lines import authors, byline, day, enumerated, issued, origin, short_authors
from bot.core.clip import clip
from bot.core.enrichment import STATED, Enrichment, MatchOutcome
from bot.core.phrase import Phrase, english
from bot.core.record import Name, Record
from bot.core.reference import Reference
from bot.core.study import Study
from cogs.discord_kit.i18n import speak
from tests.references import erowid

PEOPLE = [Name(family=family, given="A. B.") for family in ("Doe", "Roe", "Poe", "Coe", "Loe")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (PEOPLE[:1], "Doe AB"),
        (PEOPLE[:4], "Doe AB, Roe AB, Poe AB, Coe AB"),
        (PEOPLE, "Doe AB, Roe AB, Poe AB, et al."),
        ([Name(family="Van Doe", given="J.-P.", suffix="Jr.")], "Van Doe J-P Jr."),
        ([Name(family="Doe", given="Jane")], "Doe Jane"),
        ([Name(family="Doe")], "Doe"),
        ([Name(literal="The Committee")], "The Committee"),
    ],
)
def test_authors(names: list[Name], expected: str) -> None:
    """Authors stand as the National Library of Medicine writes them."""
    assert authors(names) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["PubMed"], "PubMed"), (["PubMed", "DOI"], "PubMed and DOI"), (["A", "PubMed", "DOI"], "A, PubMed and DOI")],
)
def test_words_in_a_sentence(words: list[str], expected: str) -> None:
    """With "and" before the last."""
    assert enumerated(words, english) == expected


@pytest.mark.parametrize(
    ("names", "more", "long", "short"),
    [
        ([], True, "", ""),
        (PEOPLE[:1], True, "Doe AB, et al.", "Doe et al."),
        (PEOPLE[:2], True, "Doe AB, Roe AB, et al.", "Doe et al."),
        (PEOPLE[:2], False, "Doe AB, Roe AB", "Doe & Roe"),
        (PEOPLE[:3], False, "Doe AB, Roe AB, Poe AB", "Doe et al."),
        (PEOPLE, True, "Doe AB, Roe AB, Poe AB, et al.", "Doe et al."),
    ],
)
def test_authors_who_are_not_named(names: list[Name], more: bool, long: str, short: str) -> None:
    """Where the page ends its authors with "et al.", so do we."""
    assert (authors(names, more=more), short_authors(names, more=more)) == (long, short)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((), ""),
        (((1988,),), "1988"),
        (((1988, 4),), "Apr 1988"),
        (((1988, 4, 26),), "26 Apr 1988"),
        (((1978, 7), (1978, 9)), "Jul-Sep 1978"),
        (((1978, 12), (1979, 1)), "Dec 1978 - Jan 1979"),
        (((1978,), (1979,)), "1978 - 1979"),
    ],
)
def test_issued(dates: tuple[tuple[int, ...], ...], expected: str) -> None:
    """A date says as much as is known, as people write it."""
    assert issued(dates) == expected


def test_byline_says_what_is_known() -> None:
    """Who, where, when; the source line as printed where nothing could be read from it."""
    known = Record(
        erowid(1), "T", authors=(PEOPLE[0],), container_title="J Imag Pharmacol", issued=((1988, 4, 26),), volume="447",
        issue="1", page="141-4",
    )  # fmt: skip
    assert byline(known) == "Doe AB · J Imag Pharmacol · 26 Apr 1988 · 447(1):141-4"
    assert byline(Record(erowid(1), "T", source="In press, they say.")) == "In press, they say."
    assert byline(Record(erowid(1), "T")) == ""


def test_day() -> None:
    """A day reads the same under every locale."""
    assert day(datetime(2026, 11, 3, tzinfo=UTC)) == "3 Nov 2026"


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_clip_keeps_its_bound(text: str, most: int) -> None:
    """A text is never longer than asked, begins as it did, and says when it was cut."""
    cut = clip(text, most)
    assert len(cut) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (((1988, 4, 26),), "26. April 1988"),
        (((1998, 12),), "Dezember 1998"),
        (((1998,),), "1998"),
        (((1978, 7), (1978, 9)), "Juli–September 1978"),
        (((1998, 12), (1999, 1)), "Dezember 1998 - Januar 1999"),
        (((1988, 4, 26), (1988, 4, 28)), "26. April 1988 - 28. April 1988"),
    ],
)
def test_dates_in_another_language(dates, expected) -> None:
    """Months, and the order and marks of a date's parts."""
    assert issued(dates, speak("de")) == expected
    assert byline(Record(erowid(1), "T", issued=dates), speak("de")) == expected


EROWID = OtherName(erowid(6004), Phrase("Erowid reference {id}", id="6004"), "Erowid 6004")
PUBMED = OtherName(Reference("pubmed", "12"), Phrase("PubMed {id}", id="12"), "PubMed 12")
DOI = OtherName(Reference("doi", "10.5555/a"), Phrase("DOI {id}", id="10.5555/a"), "DOI 10.5555/a")
LONG = OtherName(
    Reference("doi", f"10.5555/{'x' * 60}"), Phrase("DOI {id}", id=f"10.5555/{'x' * 60}"), f"DOI 10.5555/{'x' * 60}"
)


@pytest.mark.parametrize(
    ("name", "also", "known", "foot", "short"),
    [
        (EROWID, (), {}, "Erowid reference 6004", "Erowid 6004"),
        (PUBMED, (EROWID,), {}, "PubMed 12 · Erowid reference 6004", "PubMed 12 · Erowid 6004"),
        (PUBMED, (EROWID,), {"pmid": "12"}, "PubMed 12 · Erowid reference 6004", "PubMed 12 · Erowid 6004"),
        (EROWID, (PUBMED,), {"pmid": "12"}, "Erowid reference 6004 · PubMed 12", "Erowid 6004 · PubMed 12"),
        (
            EROWID,
            (DOI, PUBMED),
            {"pmid": "12", "doi": "10.5555/a", "agree": ("title",)},
            "Erowid reference 6004 · PubMed 12 (title agree)",
            "Erowid 6004 · PubMed 12",
        ),
        (
            DOI,
            (EROWID, PUBMED),
            {"pmid": "12", "doi": "10.5555/a"},
            "DOI 10.5555/a · PubMed 12 · Erowid reference 6004",
            "DOI 10.5555/a · PubMed 12",
        ),
        (DOI, (EROWID, PUBMED), {}, "DOI 10.5555/a · Erowid reference 6004 · PubMed 12", "DOI 10.5555/a · Erowid 6004"),
        (DOI, (EROWID,), {"doi": "10.5555/a"}, "DOI 10.5555/a · Erowid reference 6004", "DOI 10.5555/a · Erowid 6004"),
        (PUBMED, (), {"pmid": "12", "doi": "10.5555/a", "matcher": STATED}, "PubMed 12 · DOI 10.5555/a", "PubMed 12"),
        (
            PUBMED,
            (DOI, EROWID),
            {"pmid": "12", "pmcid": "PMC7", "doi": "10.5555/a", "matcher": STATED},
            "PubMed 12 · PMC7 · DOI 10.5555/a · Erowid reference 6004",
            "PubMed 12 · Erowid 6004",
        ),
        (DOI, (), {"pmid": "12", "doi": "10.5555/a", "matcher": STATED}, "DOI 10.5555/a · PubMed 12", "PubMed 12"),
        (EROWID, (LONG,), {}, f"Erowid reference 6004 · {LONG.name}", "Erowid 6004"),
    ],
)
def test_a_foot_names_each_reference_once(name, also, known, foot, short) -> None:
    """The card's own, the one that services confirm, and the others; a compact card has room for two short ones."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    matched = {"outcome": MatchOutcome.MATCH, "reason": "", "asked_at": at, "notices_asked_at": at, "matcher": 1}
    enrichment = Enrichment(**(matched | known))
    card = Card(
        Study(Record(name.reference, "T"), enrichment if known else None),
        findings=(),
        citation=Citation("apa", ""),
        facts=(),
        url=None,
        name=name.name,
        short_name=name.short_name,
        also=also,
    )
    assert (origin(card), origin(card, short=True)) == (foot, short)


def test_a_foot_has_a_bound() -> None:
    """However many references a study has."""
    also = tuple(OtherName(erowid(n), Phrase("Erowid reference {id}", id=str(n)), f"Erowid {n}") for n in range(1, 99))
    card = Card(Study(Record(erowid(99), "T")), (), Citation("apa", ""), (), url=None, name=EROWID.name, also=also)
    assert len(origin(card)) < 200
    assert origin(card).endswith("…")
