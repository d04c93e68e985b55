"""Records as JSON, as the database stores them."""

from pydantic import TypeAdapter

from bot.core.record import Record

RECORD_JSON = TypeAdapter(Record)
