"""PubMed, PubMed Central and Europe PMC's preprints as a source: their links, which services to ask, how to read answers."""

from functools import partial

from bot.core.phrase import Phrase
from bot.core.reference import Reference
from bot.core.source import Request, Source
from bot.core.source_work import SourceWork
from bot.sources.bibliographic_services import (
    EUROPE_PMC,
    PUBMED,
    europe_pmc_site,
    europe_pmc_work,
    pubmed_article,
    pubmed_site,
)
from bot.sources.pubmed import efetch, europe_pmc
from bot.sources.pubmed.address import read_address
from bot.sources.pubmed.words import find_shorthands, read_words

PARSER_VERSION = 1
"""Increased by every change that reads answers differently, so that stored ones are read again."""
_PAGES = {
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmc": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "ppr": "https://europepmc.org/article/PPR/{}",
}
"""The address of a work's page, for each kind of reference."""


def pubmed_source(europe_pmc_url: str, ncbi_url: str, contact: str = "") -> Source:
    """Describe PubMed. Europe PMC is asked first, then PubMed, to which an e-mail address in `contact` is sent."""
    return Source(
        name="pubmed",
        title="PubMed",
        kinds=tuple(_PAGES),
        marks=("pubmed", "pmid", "pmc"),
        read_address=read_address,
        read_words=read_words,
        find_shorthands=find_shorthands,
        label=_label,
        url_of=lambda reference: _PAGES[reference.source].format(reference.id),
        requests=partial(_requests, europe_pmc_url, ncbi_url, contact),
        readers={EUROPE_PMC: read_europe_pmc, PUBMED: _read_efetch},
        sites=(europe_pmc_site(europe_pmc_url), pubmed_site(ncbi_url)),
        parser=PARSER_VERSION,
    )


def _label(reference: Reference) -> Phrase:
    return Phrase("PubMed {id}", id=reference.id) if reference.source == "pubmed" else Phrase(reference.id)


def _requests(europe_pmc_url: str, ncbi_url: str, contact: str, reference: Reference) -> tuple[Request, ...]:
    url = europe_pmc_work(europe_pmc_url, reference.source, reference.id)
    if reference.source != "pubmed":
        return (Request(reference=reference, site=EUROPE_PMC, url=url),)
    first = Request(reference=reference, site=EUROPE_PMC, url=url, tries=1)
    return first, Request(reference=reference, site=PUBMED, url=pubmed_article(ncbi_url, reference.id, contact))


def read_europe_pmc(body: bytes, reference: Reference, _charset: str | None) -> SourceWork | None:
    """Read Europe PMC's answer; implements `bot.core.source.Reader`."""
    return europe_pmc.read_work(body, reference)


def _read_efetch(body: bytes, reference: Reference, _charset: str | None) -> SourceWork | None:
    return efetch.read_work(body, reference)
