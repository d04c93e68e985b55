"""DOIs as a source: their links, which services to ask for their works, and how to read the answers."""

import re
from functools import partial

from bot.core.phrase import Phrase
from bot.core.reference import Reference
from bot.core.source import Request, Source
from bot.core.source_work import SourceWork
from bot.core.web_links import doi_url
from bot.sources.bibliographic_services import (
    CROSSREF,
    EUROPE_PMC,
    crossref_site,
    crossref_work,
    europe_pmc_site,
    europe_pmc_work,
)
from bot.sources.doi import crossref
from bot.sources.doi.address import read_address
from bot.sources.doi.text import find_bare, read_doi
from bot.sources.pubmed.site import PARSER_VERSION as EUROPE_PMC_VERSION
from bot.sources.pubmed.site import read_europe_pmc

_CROSSREF_VERSION = 1
_WORDS = re.compile(r"(?:doi\s?:?\s?)?(?=10\.)", re.IGNORECASE)


def doi_source(europe_pmc_url: str, crossref_url: str = "", contact: str = "") -> Source:
    """Describe DOIs. Europe PMC is asked first, then Crossref, if `crossref_url` is given; it needs a contact."""
    sites = (europe_pmc_site(europe_pmc_url), *([crossref_site(crossref_url)] if crossref_url else []))
    return Source(
        name="doi",
        title="DOI",
        marks=("doi.org", "doi:", "/10.", "=10.", "%2f10.", "nature.com", "rxiv.org"),
        read_address=read_address,
        read_words=read_words,
        find_names=find_bare,
        label=lambda reference: Phrase("DOI {doi}", doi=reference.id),
        url_of=lambda reference: doi_url(reference.id) or "https://doi.org",
        requests=partial(_requests, europe_pmc_url, crossref_url, contact),
        readers={EUROPE_PMC: read_europe_pmc, CROSSREF: _read_crossref},
        sites=sites,
        parser=1_000 * EUROPE_PMC_VERSION + _CROSSREF_VERSION,
    )


def read_words(text: str) -> Reference | None:
    """Read a DOI as people type it: `10.1126/science.1074501`, `doi:10.1126/...`, `doi 10.1126/...`."""
    text = " ".join(text.split())
    found = _WORDS.match(text)
    return read_doi(text[found.end() :]) if found else None


def _requests(europe_pmc_url: str, crossref_url: str, contact: str, reference: Reference) -> tuple[Request, ...]:
    url = europe_pmc_work(europe_pmc_url, reference.source, reference.id)
    first = Request(reference=reference, site=EUROPE_PMC, url=url)
    if not crossref_url:
        return (first,)
    url = crossref_work(crossref_url, reference.id, contact)
    return first, Request(reference=reference, site=CROSSREF, url=url, poorer=True)


def _read_crossref(body: bytes, reference: Reference, _charset: str | None) -> SourceWork | None:
    return crossref.read_work(body, reference)
