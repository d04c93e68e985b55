"""PubMed, PubMed Central and Europe PMC: the addresses of their works, and their answers about works.

`europe_pmc` reads Europe PMC's JSON, `efetch` the XML of PubMed itself, `words` what people type; `site` is the interface of
the package: it makes the `Source`.
"""

from bot.sources.pubmed.address import read_address
from bot.sources.pubmed.site import pubmed_source

__all__ = ["pubmed_source", "read_address"]
