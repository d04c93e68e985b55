"""Records as JSON, as the database keeps them."""

from functools import cache

from pydantic import TypeAdapter

from bot.core.record import Record


@cache
def record_json() -> TypeAdapter[Record]:
    """Give what reads and writes it; to make that takes some milliseconds, once."""
    return TypeAdapter(Record)
