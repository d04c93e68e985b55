"""References for tests."""

from bot.core.reference import Reference
from bot.core.source import Sources
from bot.sources.erowid import erowid_source

SOURCES = Sources(erowid_source())


def erowid(number: int) -> Reference:
    """The record of Erowid's with this number."""
    return Reference("erowid", str(number))


def number_of(reference: Reference) -> int:
    """A record's number."""
    return int(reference.id)
