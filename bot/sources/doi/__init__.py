"""DOIs: which addresses name one, where one stands in a text, and what Crossref says of its work (`crossref`)."""

from bot.sources.doi.address import read_address
from bot.sources.doi.text import find_bare, read_doi

__all__ = ["find_bare", "read_address", "read_doi"]
