"""DOIs: addresses that name one (`address`), DOIs in texts (`text`), and Crossref's answers about works (`crossref`).

`site` is the interface of the package: it makes the `Source`.
"""

from bot.sources.doi.address import read_address
from bot.sources.doi.site import doi_source
from bot.sources.doi.text import find_bare, read_doi

__all__ = ["doi_source", "find_bare", "read_address", "read_doi"]
