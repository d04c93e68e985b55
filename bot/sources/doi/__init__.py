"""DOIs: which addresses name one, and where one stands in a text."""

from bot.sources.doi.address import read_address
from bot.sources.doi.text import find_bare, read_doi

__all__ = ["find_bare", "read_address", "read_doi"]
