"""Fill a database with guilds, people's choices, records and cards, as years of use would."""

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.tables import GuildRow, LibraryRow, RecordRow, ReplyRow, SettingRow
from bot.core.record import Name, Record
from bot.sources.erowid import PARSER_VERSION, read_record
from tests.bench.bots import ABSTRACT, NOW, title
from tests.invented import invented_page
from tests.references import erowid

FIRST = 1 << 60
"""The first of the guilds' IDs."""
BATCH = 10_000
_WORDS = text(
    "INSERT INTO library_words (rowid, title, authors, journal, abstract) VALUES (:id, :title, :of, :in, :abstract)"
)


async def seed(engine: AsyncEngine, *, guilds: int, records: int, cards: int) -> None:
    """Put that many in, four values chosen in each guild; cards lie spread over a channel of each guild and 80 days."""
    page = zlib.compress(invented_page(title(0), ABSTRACT))
    sample = read_record(invented_page(title(0), ABSTRACT), erowid(1))
    shape = json.loads(TypeAdapter(Record).dump_json(sample))
    chosen = {"style": "ieee", "cooldown": 0, "max_cards": 3, "mode": "auto"}

    def record(number: int) -> dict[str, Any]:
        whole = shape | {"reference": {"source": "erowid", "id": str(number)}, "title": title(number)}
        columns = {
            "reference": erowid(number),
            "site": "Erowid",
            "body": page,
            "parser": PARSER_VERSION,
            "record": json.dumps(whole),
            "read_at": NOW,
        }
        return columns | {"charset": None, "etag": None, "last_modified": None}

    def words(number: int) -> dict[str, Any]:
        shown = {"title": f"drug {number} exist sleep", "of": Name(family="doe").family, "in": "imag pharmacol"}
        return shown | {"id": number, "abstract": f"rat{number % 997} sleep latency rose dose{number % 89}"}

    def shelf(number: int) -> dict[str, Any]:
        return {"id": number, "reference": erowid(number), "title": title(number), "year": 1988, "authors": "Doe & Roe"}

    def card(number: int) -> dict[str, Any]:
        guild = FIRST + number % guilds
        return {
            "id": FIRST + number,
            "message_id": number,
            "reference": erowid(1 + number % records),
            "channel_id": guild,
            "parent_id": None,
            "guild_id": guild,
            "poster_id": 1 + number % 1_000,
            "made_at": NOW - timedelta(seconds=number * 80 * 86_400 / cards),
        }

    def setting(number: int) -> dict[str, Any]:
        guild, key = FIRST + number // len(chosen), list(chosen)[number % len(chosen)]
        return {"guild_id": guild, "scope": "guild", "target_id": guild, "key": key, "value": json.dumps(chosen[key])}

    async with engine.begin() as connection:
        for statement, count, row in (
            (insert(GuildRow), guilds, lambda number: {"guild_id": FIRST + number, "revision": 1}),
            (insert(SettingRow), guilds * len(chosen), setting),
            (insert(RecordRow), records, lambda number: record(number + 1)),
            (insert(LibraryRow), records, lambda number: shelf(number + 1)),
            (_WORDS, records, lambda number: words(number + 1)),
            (insert(ReplyRow), cards, card),
        ):
            for rows in _batches(count, row):
                await connection.execute(statement, rows)


def _batches(count: int, row: Callable[[int], dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, count, BATCH):
        yield [row(number) for number in range(start, min(start + BATCH, count))]
