"""Addresses that name a DOI: the resolver's, and those of publishers that carry it in their path.

| address                                                                     | DOI                            |
|-----------------------------------------------------------------------------|--------------------------------|
| `https://doi.org/10.5555/abc`                                               | `10.5555/abc`                  |
| `https://x.onlinelibrary.wiley.com/doi/abs/10.5555/abc`                     | `10.5555/abc`                  |
| `https://www.tandfonline.com/doi/full/10.5555/abc`                          | `10.5555/abc`                  |
| `https://journals.sagepub.com/doi/10.5555/abc`                              | `10.5555/abc`                  |
| `https://www.science.org/doi/10.5555/abc`                                   | `10.5555/abc`                  |
| `https://pubs.acs.org/doi/pdf/10.5555/abc`                                  | `10.5555/abc`                  |
| `https://link.springer.com/article/10.5555/abc`                             | `10.5555/abc`                  |
| `https://www.nature.com/articles/s41586-031-00001-2`                        | `10.1038/s41586-031-00001-2`   |
| `https://www.biorxiv.org/content/10.1101/654321v1.full`                     | `10.1101/654321`               |
| `https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000000` | `10.1371/journal.pone.0000000` |
| `https://www.frontiersin.org/articles/10.3389/fabc.2031.00001/full`         | `10.3389/fabc.2031.00001`      |

Only hosts that are named here count, and only pages of one work.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from bot.core.reference import Reference
from bot.sources.addresses import END, Address, read_parts
from bot.sources.doi.text import as_reference, find_doi, read_doi

Reader = Callable[[Address], Reference | None]
"""Reads the DOI from an address of one publisher."""

_PAGE = re.compile(
    r"""
    (?:
        /(?:
            full(?:text)?(?:\.html)? | abs(?:tract)? | summary | e?pdf(?:plus|direct)? | epub | html | xml | meta
            | references | citations? | citedby | figures? | tables? | metrics
            | suppinfo | suppl_file | supplementary-material
        )
        (?:[/;].*)?
        | \.pdf
    ) $
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What publishers append to a DOI for a page or a file of its work."""

_NATURE = re.compile(
    rf"""
    articles/+
    (
        [sd]4\d{{4}}-\d{{3}}-\d{{4,5}}-[0-9a-z]             # since 2016; d for news
        | (?:nature|ncomms|srep)\d{{4,5}}                 # before
    )
    (?:\.pdf|_reference\.pdf)? (?:/|{END})
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""IDs of articles that are the suffix of their DOI; those of other journals of Nature's are not."""
_PREPRINT = re.compile(r"content/+(10\.[0-9]{4,9}/+(?:\d{4}\.\d\d\.\d\d\.\d{6,8}|\d{6}))(?!\d)", re.ASCII)
_PLOS_PAGE = re.compile(r"[a-z]+/article(?:/(?:file|comments|metrics|authors|citation|peerReview|related))?/?", re.ASCII)
_PLOS_DOI = re.compile(rf"10\.1371/journal\.p[a-z]{{3}}\.\d{{7}}{END}", re.ASCII | re.IGNORECASE)


def read_address(address: str) -> Reference | None:
    """Read the DOI from one address; punctuation that follows the address in a text is no part of it."""
    parts = read_parts(address)
    if parts is None:
        return None
    host = parts.host.removeprefix("www.")
    reader = _READERS.get("onlinelibrary.wiley.com" if host.endswith(".onlinelibrary.wiley.com") else host)
    return reader(parts) if reader else None


def _below(pattern: str) -> Reader:
    """Give a reader of paths that hold a DOI after what the pattern says."""
    start = re.compile(rf"(?:{pattern})(?=10\.)", re.ASCII | re.IGNORECASE)

    def read(parts: Address) -> Reference | None:
        found = start.match(parts.path)
        doi = find_doi(parts.path[found.end() :]) if found else None
        return as_reference(_PAGE.sub("", doi)) if doi else None

    return read


def _nature(parts: Address) -> Reference | None:
    found = _NATURE.match(parts.path)
    return read_doi(f"10.1038/{found[1]}") if found else None


def _preprint(parts: Address) -> Reference | None:
    found = _PREPRINT.match(unquote(parts.path))
    return read_doi(found[1]) if found else None


def _plos(parts: Address) -> Reference | None:
    ids = parts.fields("id")
    if len(ids) != 1 or not _PLOS_PAGE.fullmatch(parts.path):
        return None
    found = _PLOS_DOI.match(unquote(ids[0]).removeprefix("info:doi/"))
    return read_doi(found[0]) if found else None


_RESOLVER = _below(r"(?:%20|doi:)*")
_ATYPON = _below(
    r"(?:wol1/+)?doi/+"
    r"(?:(?:abs(?:tract)?|full|full-xml|e?pdf|pdfplus|pdfdirect|epub|reader|ref|citedby|figure|suppl|book)/+)?"
)
"""Paths of the software that Wiley, Taylor & Francis, SAGE, Science and ACS use."""
_READERS: Mapping[str, Reader] = {
    "doi.org": _RESOLVER,
    "dx.doi.org": _RESOLVER,
    "dx.plos.org": _RESOLVER,
    "onlinelibrary.wiley.com": _ATYPON,
    "tandfonline.com": _ATYPON,
    "journals.sagepub.com": _ATYPON,
    "science.org": _ATYPON,
    "pubs.acs.org": _ATYPON,
    "link.springer.com": _below(
        r"(?:(?:article|chapter|book|protocol|referencework|referenceworkentry|content|content/pdf|epdf)/+)?"
    ),
    "nature.com": _nature,
    "biorxiv.org": _preprint,
    "medrxiv.org": _preprint,
    "journals.plos.org": _plos,
    "frontiersin.org": _below(r"(?:(?:journals/+[a-z-]+/+)?articles?|journal)/+"),
    "journal.frontiersin.org": _below(r"articles?/+"),
}
"""For each host, without `www.`, how a DOI is read from its addresses."""
