"""References as one column holds several: separated by spaces."""

from collections.abc import Iterable

from bot.core.reference import Reference


def write_references(references: Iterable[Reference]) -> str:
    """Write references."""
    return " ".join(map(str, references))


def read_references(written: str) -> tuple[Reference, ...]:
    """Read what `write_references` wrote."""
    return tuple(map(Reference.read, written.split()))
