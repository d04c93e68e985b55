"""Addresses of works at PubMed, PubMed Central and Europe PMC; pages that list or search works are none.

| address                                                 | identifier        |
|---------------------------------------------------------|-------------------|
| `https://pubmed.ncbi.nlm.nih.gov/12351788/`             | `pubmed:12351788` |
| `https://pubmed.gov/12351788`                           | `pubmed:12351788` |
| `https://www.ncbi.nlm.nih.gov/pubmed/12351788`          | `pubmed:12351788` |
| `https://www.ncbi.nlm.nih.gov/m/pubmed/12351788/`       | `pubmed:12351788` |
| `https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/pdf/` | `pmc:PMC123`      |
| `https://pmc.ncbi.nlm.nih.gov/articles/PMC123/`         | `pmc:PMC123`      |
| `https://pmc.ncbi.nlm.nih.gov/articles/pmid/12351788/`  | `pubmed:12351788` |
| `https://europepmc.org/article/MED/12351788`            | `pubmed:12351788` |
| `https://europepmc.org/abstract/MED/12351788`           | `pubmed:12351788` |
| `https://europepmc.org/articles/PMC123`                 | `pmc:PMC123`      |
| `https://europepmc.org/article/PPR/PPR123`              | `ppr:PPR123`      |
| `https://pubmed.ncbi.nlm.nih.gov/?term=12351788`        | none              |
| `https://pubmed.ncbi.nlm.nih.gov/PMC123`                | none              |
| `https://www.ncbi.nlm.nih.gov/pmc/articles/12351788`    | none              |
"""

import re
from collections.abc import Mapping

from bot.core.reference import Reference
from bot.sources.addresses import END, read_parts

_NUMBER = "[1-9][0-9]{0,7}"
_PMID = rf"(?P<pubmed>{_NUMBER})/?{END}"
_PMCID = rf"(?P<pmc>PMC{_NUMBER})(?:/|{END})"
"""A PMC article, or an address below it (its PDF, a figure, a table)."""
_PPRID = rf"(?P<ppr>PPR{_NUMBER})/?{END}"


def _path(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE | re.VERBOSE)


_ARTICLES = rf"articles/+(?:{_PMCID}|pmid/+{_PMID})"
_NCBI = _path(
    rf"""
    (?:m/+)?pubmed/+{_PMID.replace("<pubmed>", "<plain>")}  # `pubmed/123`
    | (?:labs/+)?pmc/+{_ARTICLES}                           # `pmc/articles/PMC123`
    """
)
_PUBMED = _path(_PMID)
_PMC = _path(_ARTICLES)
_EUROPE_PMC = _path(
    rf"""
    (?:article|abstract)/+(?:MED/+{_PMID}|PMC/+{_PMCID}|PPR/+{_PPRID})  # `article/MED/123`
    | articles/+{_PMCID.replace("<pmc>", "<below>")}                    # `articles/PMC123`
    """
)
_PATHS: Mapping[str, re.Pattern[str]] = {
    "pubmed.ncbi.nlm.nih.gov": _PUBMED,
    "pubmed.gov": _PUBMED,
    "www.pubmed.gov": _PUBMED,
    "www.ncbi.nlm.nih.gov": _NCBI,
    "ncbi.nlm.nih.gov": _NCBI,
    "pmc.ncbi.nlm.nih.gov": _PMC,
    "europepmc.org": _EUROPE_PMC,
    "www.europepmc.org": _EUROPE_PMC,
}
"""The paths of works on each host."""


def read_address(address: str) -> Reference | None:
    """Read the identifier from one address, which punctuation may follow; None if it names no work."""
    parts = read_parts(address)
    path = _PATHS.get(parts.host) if parts else None
    found = path.match(parts.path) if parts and path else None
    if found is None:
        return None
    source, number = next((name, value) for name, value in found.groupdict().items() if value)
    return Reference({"below": "pmc", "plain": "pubmed"}.get(source, source), number.upper())
