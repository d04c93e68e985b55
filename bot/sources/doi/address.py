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
| `https://www.biorxiv.org/content/early/2031/01/02/654321`                   | `10.1101/654321`               |
| `https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000000` | `10.1371/journal.pone.0000000` |
| `https://www.frontiersin.org/articles/10.3389/fabc.2031.00001/full`         | `10.3389/fabc.2031.00001`      |

Only hosts that are named here count, and only pages of one work.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from bot.core.reference import Reference
from bot.sources.addresses import END, Address, read_parts
from bot.sources.doi.text import PREPRINT_ID, as_reference, find_doi, read_doi

AddressReader = Callable[[Address], Reference | None]
"""Reads the DOI from an address of one publisher; None if the address names no work."""

_PAGE = re.compile(
    r"""
    (?:
        /(?:
            full(?:text)?(?:\.html)? | abs(?:tract)? | summary  # `/full`, `/abs`
            | e?pdf(?:plus|direct)? | epub | html | xml         # `/epdf`
            | meta | references | citations? | citedby          # `/citedby`
            | figures? | tables? | metrics
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
        [sd]4\d{{4}}-\d{{3}}-\d{{4,5}}-[0-9a-z]                        # since 2016; d for news
        | (?:nature|ncomms|srep)\d{{4,5}}                              # before
        | n[a-z]{{1,6}} (?: \d{{3,4}} | \.\d{{3,4}}(?:\.\d{{1,4}})? )  # also before: nrn2787, nn.4135, nrn.2017.85
        | \d{{5,6}}[a-z]\d                                             # until 1998: the volume and page of Nature
    )
    (?:\.pdf|_reference\.pdf)? (?:/|{END})
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""IDs in addresses that are also the suffix of the DOI; some journals at nature.com have others: npp2017123, 1301234."""
_PREPRINT = re.compile(
    rf"""
    (?: (?:relate/+)?content | lookup/+doi | cgi/+content(?:/+(?:abstract|full|short))? )
    /+ (?P<doi> 10\.[0-9]{{4,9}}/+ {PREPRINT_ID} ) (?!\d)          # `content/10.1101/654321`
    | (?:
        content/+(?:(?:bio|med)rxiv/+)?early/+\d{{4}}/+\d\d/+\d\d  # `content/early/2031/01/02/654321`
        | cgi/+content/+(?:abstract|full|short)                    # `cgi/content/short/654321`
      )
    /+ (?P<old> (?!202[6-9]|2025\.12|20[3-9]) {PREPRINT_ID} ) (?!\d)
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""A preprint's address with its DOI; or with only its suffix, before December 2025, when 10.1101 was the only prefix."""
_PLOS_PAGE = re.compile(
    r"""
    [a-z]+/article                                                                             # `plosone/article`
    (?:/(?:file|comments|metrics|authors|citation|peerReview|related|figures?(?:/image)?))?/?  # `/figure/image`
    """,
    re.ASCII | re.VERBOSE,
)
_PLOS_DOI = re.compile(rf"(10\.1371/journal\.p[a-z]{{3}}\.\d{{7}})(?:\.[gst]\d{{3}})?{END}", re.ASCII | re.IGNORECASE)
"""The DOI of an article, or of a figure, a table or a file in it."""


def read_address(address: str) -> Reference | None:
    """Read the DOI from one address, which punctuation may follow; None if it names no work."""
    parts = read_parts(address)
    if parts is None:
        return None
    host = parts.host.removeprefix("www.")
    site = next((site for site in _WITH_OTHERS_BELOW if host.endswith(f".{site}")), host)
    reader = _READERS.get(host) or _READERS.get(site)
    return reader(parts) if reader else None


def _below(pattern: str) -> AddressReader:
    """Make a reader of paths that consist of what a verbose pattern matches and a DOI."""
    start = re.compile(rf"(?:{pattern})(?=10\.)", re.ASCII | re.IGNORECASE | re.VERBOSE)

    def read(parts: Address) -> Reference | None:
        found = start.match(parts.path)
        doi = find_doi(parts.path[found.end() :]) if found else None
        return as_reference(_PAGE.sub("", doi)) if doi else None

    return read


def _nature(parts: Address) -> Reference | None:
    found = _NATURE.match(parts.path)
    return read_doi(f"10.1038/{found[1]}") if found else _DOI_FINDER(parts)


def _preprint(parts: Address) -> Reference | None:
    found = _PREPRINT.match(unquote(parts.path))
    return read_doi(found["doi"] or f"10.1101/{found['old']}") if found else None


def _plos(parts: Address) -> Reference | None:
    ids = parts.fields("id")
    if len(ids) != 1 or not _PLOS_PAGE.fullmatch(parts.path):
        return None
    return _plos_doi(unquote(ids[0]))


def _old_plos(parts: Address) -> Reference | None:
    path = unquote(parts.path)
    return _plos_doi(path.removeprefix("article/")) if path.startswith("article/info:doi/") else None


def _plos_doi(text: str) -> Reference | None:
    found = _PLOS_DOI.match(text.removeprefix("info:doi/"))
    return read_doi(found[1]) if found else None


_RESOLVER = _below(r"(?:%20|doi:)*")
_ATYPON = _below(
    r"""
    (?:wol1/+)?doi/+                                               # `doi/10.5555/abc`
    (?:
        (?:
            abs(?:tract)? | full | full-xml                        # `doi/abs/10.5555/abc`
            | (?:am-|e)?pdf | pdfplus | pdfdirect | epub | reader  # `doi/epdf/10.5555/abc`
            | ref | citedby | figure | metrics | suppl | book
        )/+
    )?
    """
)
"""Paths of Atypon's software, which Wiley, Taylor & Francis, SAGE, Science and ACS use."""
_OLD_SCIENCE = _below(r"(?:cgi|lookup)/+doi/+")
_DOI_FINDER = _below(r"doifinder/+")
_SPRINGER = _below(
    r"""
    (?:
        (?:
            article | chapter | book | protocol | referencework | referenceworkentry  # `article/10.5555/abc`
            | content | content/pdf | epdf                                            # `content/pdf/10.5555/abc`
        )/+
    )?
    """
)
_FRONTIERS = _below(r"(?:(?:journals/+[a-z-]+/+)?articles?|journal)/+")
_READERS: Mapping[str, AddressReader] = {
    "doi.org": _RESOLVER,
    "dx.doi.org": _RESOLVER,
    "dx.plos.org": _RESOLVER,
    "doi.wiley.com": _RESOLVER,
    "onlinelibrary.wiley.com": _ATYPON,
    "tandfonline.com": _ATYPON,
    "journals.sagepub.com": _ATYPON,
    "science.org": _ATYPON,
    "sciencemag.org": _OLD_SCIENCE,
    "pubs.acs.org": _ATYPON,
    "link.springer.com": _SPRINGER,
    "rd.springer.com": _SPRINGER,
    "nature.com": _nature,
    "biorxiv.org": _preprint,
    "medrxiv.org": _preprint,
    "connect.biorxiv.org": _preprint,
    "connect.medrxiv.org": _preprint,
    "journals.plos.org": _plos,
    **{f"plos{name}.org": _old_plos for name in "biology compbiol genetics medicine ntds one pathogens".split()},
    "frontiersin.org": _FRONTIERS,
}
"""The reader for each host, named without `www.`."""
_WITH_OTHERS_BELOW = ("onlinelibrary.wiley.com", "sciencemag.org", "frontiersin.org")
"""Hosts whose subdomains have addresses of the same form, such as `bpspubs.onlinelibrary.wiley.com`."""
