"""References for tests."""

from bot.app import known_sources
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.settings import Settings
from bot.sources.erowid import erowid_source

SOURCES = Sources(erowid_source())
ALL = known_sources(Settings(_env_file=None, contact="keeper@precis.example"))
"""All that the bot knows, at their real addresses."""


def erowid(number: int) -> Reference:
    """The record of Erowid's with this number."""
    return Reference("erowid", str(number))


def number_of(reference: Reference) -> int:
    """A record's number."""
    return int(reference.id)
