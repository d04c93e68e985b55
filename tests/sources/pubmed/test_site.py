"""PubMed as a source: what people type, what works are called, and whom it asks."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core.links import find_links
from bot.core.reference import Reference
from bot.core.typed_reference import read_target
from bot.sources.pubmed import pubmed_source, words
from tests.all_sources import ALL
from tests.sources.pubmed.test_address import WORKS
from tests.tables import table_of, values_of

SOURCE = pubmed_source("https://invented.org/epmc", "https://invented.org/ncbi", "keeper@precis.example")


@pytest.mark.parametrize("row", table_of(words.__doc__), ids=lambda row: row[0])
def test_the_table_of_words_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    for typed in values_of(row[0]):
        read = words.read_words(typed)
        assert read is None if row[1] == "none" else str(read) == row[1].strip("`")


@pytest.mark.parametrize(("address", "reference"), WORKS)
def test_every_address_is_seen_in_a_message(address: str, reference: str) -> None:
    """No filter before the readers loses one; a person may give it in a command, without its scheme, too."""
    assert [str(link.reference) for link in find_links(f"see {address} there", ALL)] == [reference]
    assert str(read_target(address, ALL)) == str(read_target(address.partition("://")[2], ALL)) == reference
    assert str(read_target(reference, ALL)) == reference


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PMID: 12351788", ["12351788"]),
        ("(PMID 12351788).", ["12351788"]),
        ("pmid:12351788, PMID: 7", ["12351788", "7"]),
        ("doi: x. PMID: 12351788; PMCID: PMC3550777.", ["12351788"]),
        ("||PMID: 12351788||", ["12351788"]),
        ("PMID: 12351788, 12351789 and 7654321.", ["12351788", "12351789", "7654321"]),
        ("PMIDs: 12351788; 12351789", ["12351788", "12351789"]),
        ("**PMIDs:** 12, 13, and 14", ["12", "13", "14"]),
        ("PMIDs 12351788/12351789 & 7", ["12351788", "12351789", "7"]),
        ("pmid:12351788,12351789", ["12351788", "12351789"]),
        ("PMID: 12351788, PMID 12351789", ["12351788", "12351789"]),
        ("PMID: 12351788, 20 mg/kg", ["12351788"]),
        ("PMID: 12351788, 2004", ["12351788"]),
        ("PMID: 12351788, 12351789mg", ["12351788"]),
        ("PMID: 12351788, 123517891", ["12351788"]),
        ("PMID: 12351788 or so", ["12351788"]),
        ("PMID: 12351788 andromeda", ["12351788"]),
        ("PMIDs", []),
        ("PMID12351788", []),
        ("PMID: 123517881", []),
        ("PMID: 012", []),
        ("PMID: 12.5", []),
        ("PMID: 12-15", []),
        ("xPMID: 12", []),
        ("`PMID: 12`", []),
        ("https://invented.org/PMID:12", []),
    ],
)
def test_shorthands(text: str, found: list[str]) -> None:
    """They count as shorthands, outside addresses and code."""
    links = find_links(text, ALL)
    assert [link.reference.id for link in links if link.shorthand] == found
    assert all(link.shorthand for link in links if link.reference.source == "pubmed")


@pytest.mark.parametrize(
    ("reference", "label", "url"),
    [
        ("pubmed:12", "PubMed 12", "https://pubmed.ncbi.nlm.nih.gov/12/"),
        ("pmc:PMC12", "PMC12", "https://pmc.ncbi.nlm.nih.gov/articles/PMC12/"),
        ("ppr:PPR12", "PPR12", "https://europepmc.org/article/PPR/PPR12"),
    ],
)
def test_names_and_pages(reference: str, label: str, url: str) -> None:
    """What people call a work, and its page, which leads back to it."""
    read = Reference.read(reference)
    assert (str(ALL.label(read)), ALL.url_of(read), read_target(url, ALL)) == (label, url, read)


@pytest.mark.parametrize(
    ("reference", "query"),
    [
        ("pubmed:12", 'EXT_ID:"12" AND SRC:MED'),
        ("pmc:PMC12", "PMCID:PMC12"),
        ("ppr:PPR12", 'SRC:PPR AND EXT_ID:"PPR12"'),
    ],
)
def test_whom_it_asks(reference: str, query: str) -> None:
    """Europe PMC first; PubMed itself knows PubMed IDs alone, and is told who asks."""
    first, *others = SOURCE.requests(Reference.read(reference))
    asked = urlsplit(first.url)
    assert (first.site, asked.path) == ("Europe PMC", "/epmc/webservices/rest/search")
    assert parse_qs(asked.query) == {"query": [query], "resultType": ["core"], "format": ["json"], "pageSize": ["5"]}
    assert [one.site for one in others] == (["PubMed"] if reference == "pubmed:12" else [])
    for other in others:
        asked = urlsplit(other.url)
        assert asked.path == "/ncbi/entrez/eutils/efetch.fcgi"
        contact = {"tool": ["Precis"], "email": ["keeper@precis.example"]}
        assert parse_qs(asked.query) == {"db": ["pubmed"], "id": ["12"], "retmode": ["xml"]} | contact
        assert not other.poorer


def test_limits() -> None:
    """Each service's own; PubMed's API has no robots.txt, and without a key takes three requests a second."""
    sites = {site.name: site for site in ALL.sites()}
    assert {name: site.gap for name, site in sites.items()} == {
        "Erowid": 1.25, "Europe PMC": 0.25, "PubMed": 0.4, "Crossref": 0.4,
    }  # fmt: skip
    assert [name for name, site in sites.items() if site.has_robots] == ["Erowid"]
    blocked = b"<!DOCTYPE html><title>Access Denied</title><p>Your access has been temporarily blocked."
    assert all(site.is_refusal(blocked) for site in sites.values())
