"""PubMed, PubMed Central and Europe PMC: which addresses are theirs, and what their answers say of a work.

`europe_pmc` reads Europe PMC's JSON, `efetch` the XML of PubMed itself.
"""

from bot.sources.pubmed.address import read_address

__all__ = ["read_address"]
