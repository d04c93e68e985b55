"""PubMed, PubMed Central and Europe PMC: which addresses are theirs."""

from bot.sources.pubmed.address import read_address

__all__ = ["read_address"]
