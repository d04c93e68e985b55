"""The services that know works by identifier: their addresses, how often to ask them, and which answers to accept."""

from urllib.parse import quote, urlencode

from bot.core.site import SiteProfile, json_api
from bot.sources.answers import refuses

EUROPE_PMC, CROSSREF, PUBMED = "Europe PMC", "Crossref", "PubMed"
"""The services' names. PubMed's own API is part of NCBI's E-utilities."""
RESULTS = 25
"""The most works that a search at Europe PMC gives; the right one is nearly always among the first three."""

_QUERIES = {
    "pubmed": 'EXT_ID:"{}" AND SRC:MED',
    "pmc": "PMCID:{}",
    "ppr": 'SRC:PPR AND EXT_ID:"{}"',
    "doi": 'DOI:"{}"',
}
"""The query at Europe PMC for each kind of reference (europepmc.org/searchsyntax)."""
_FEW = 5
"""The most works asked for by one identifier: an article, its preprint, and others with the same DOI."""


def europe_pmc_site(url: str) -> SiteProfile:
    """Describe Europe PMC, which may be asked five times a second."""
    return json_api(EUROPE_PMC, url, "EUROPEPMC_URL", gap=0.25, is_refusal=refuses)


def crossref_site(url: str) -> SiteProfile:
    """Describe Crossref, of which three works a second may be asked for."""
    return json_api(CROSSREF, url, "CROSSREF_URL", gap=0.4, is_refusal=refuses)


def pubmed_site(url: str) -> SiteProfile:
    """Describe PubMed's API, which may be asked three times a second without a key (NCBI, "Usage Guidelines")."""
    return SiteProfile(
        name=PUBMED,
        url=url,
        setting="NCBI_URL",
        accept="text/xml, application/xml",
        types=frozenset({"text/xml", "application/xml", "text/html"}),  # HTML: a refusal, or no such work
        has_robots=False,
        is_refusal=refuses,
        gap=0.4,
        size=4 * 1024 * 1024,
    )


def europe_pmc_search(base: str, query: str, results: int = RESULTS) -> str:
    """Build the address of a search at Europe PMC."""
    parameters = {"query": query, "resultType": "core", "format": "json", "pageSize": str(results)}
    return f"{base}/webservices/rest/search?{urlencode(parameters)}"


def europe_pmc_work(base: str, kind: str, key: str) -> str:
    """Build the address of the works with an identifier at Europe PMC; `kind` as in references."""
    return europe_pmc_search(base, _QUERIES[kind].format(key), _FEW)


def crossref_work(base: str, doi: str, contact: str) -> str:
    """Build the address of one work at Crossref."""
    return f"{base}/works/{quote(doi, safe='')}?{urlencode(mailto(contact))}".rstrip("?")


def mailto(contact: str) -> dict[str, str]:
    """Give Crossref's parameter for an e-mail address; a contact that is a web address goes into the User-Agent only."""
    return {"mailto": contact} if "@" in contact else {}


def pubmed_article(base: str, pmid: str, contact: str) -> str:
    """Build the address of one article at PubMed."""
    parameters = {"db": "pubmed", "id": pmid, "retmode": "xml", "tool": "Precis"}
    parameters |= {"email": contact} if "@" in contact else {}
    return f"{base}/entrez/eutils/efetch.fcgi?{urlencode(parameters)}"
