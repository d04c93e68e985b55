"""DOIs as a source: what people type, what works are called, and whom it asks."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bot.core.links import Link, find_links
from bot.core.reference import Reference
from bot.core.typed_reference import read_target
from bot.sources.doi import doi_source
from tests.all_sources import ALL
from tests.sources.doi.test_address import WORKS

SCIENCE = Reference("doi", "10.1126/science.1074501")


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("10.1126/Science.1074501", "10.1126/science.1074501"),
        ("doi:10.1126/science.1074501", "10.1126/science.1074501"),
        ("DOI: 10.1126/science.1074501 ", "10.1126/science.1074501"),
        ("doi 10.1126/science.1074501", "10.1126/science.1074501"),
        ("doi10.1126/science.1074501", "10.1126/science.1074501"),
        ("doi.org/10.1126/science.1074501", "10.1126/science.1074501"),
        ("<https://doi.org/10.1126/science.1074501>", "10.1126/science.1074501"),
        ("doi:10.1016/S0140-6736(05)17951-3", "10.1016/s0140-6736(05)17951-3"),
        ("10.1126/science.1074501 and more", None),
        ("doi science.1074501", None),
        ("10.1126/", None),
        ("10.5", None),
    ],
)
def test_what_people_type(typed: str, doi: str | None) -> None:
    """A DOI alone, or with the word."""
    assert read_target(typed, ALL) == (Reference("doi", doi) if doi else None)


def test_every_address_is_seen_in_a_message() -> None:
    """No address lacks the marks by which a message is known to hold one; a person may give it in a command, too."""
    expected = [(address, Reference("doi", doi)) for address, doi in WORKS]
    links = [(address, find_links(f"see {address} there", ALL)) for address, _ in WORKS]
    assert links == [(address, (Link(doi),)) for address, doi in expected]
    assert [(address, read_target(address, ALL)) for address, _ in WORKS] == expected


def test_a_bare_doi_in_a_message() -> None:
    """It means one thing only, and is no shorthand."""
    (link,) = find_links("doi:10.1126/science.1074501.", ALL)
    assert (link.reference, link.shorthand) == (SCIENCE, False)


def test_names_and_pages() -> None:
    """What people call a work, and its page, percent-encoded."""
    odd = Reference("doi", "10.5555/0012(06)87<61:ab>2.0.co;2")
    assert (str(ALL.label(SCIENCE)), ALL.url_of(SCIENCE)) == (f"DOI {SCIENCE.id}", f"https://doi.org/{SCIENCE.id}")
    assert ALL.url_of(odd) == "https://doi.org/10.5555/0012%2806%2987%3C61:ab%3E2.0.co;2"
    assert read_target(ALL.url_of(odd), ALL) == odd


def test_whom_it_asks() -> None:
    """Europe PMC first; then Crossref, which knows less of a work, if there is somebody to write to."""
    source = doi_source("https://invented.org/epmc", "https://invented.org/crossref", "keeper@precis.example")
    first, second = source.requests(SCIENCE)
    assert (first.site, second.site, first.poorer, second.poorer) == ("Europe PMC", "Crossref", False, True)
    assert parse_qs(urlsplit(first.url).query)["query"] == ['DOI:"10.1126/science.1074501"']
    asked = urlsplit(second.url)
    assert unquote(asked.path) == f"/crossref/works/{SCIENCE.id}"
    assert parse_qs(asked.query) == {"mailto": ["keeper@precis.example"]}
    alone = doi_source("https://invented.org/epmc")
    assert [one.site for one in alone.requests(SCIENCE)] == [site.name for site in alone.sites] == ["Europe PMC"]
