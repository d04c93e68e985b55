"""No query on the way of a message reads a whole table, on either database."""

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.stores.guilds import Guilds
from tests.bench.bots import NOW, open_ours, paste
from tests.bench.seed import FIRST, seed
from tests.references import erowid

SCAN = re.compile(r"SCAN (?!\(subquery|CONSTANT)|Seq Scan")
"""How either database says that it reads a whole table; SQLAlchemy's empty list is a subquery without one."""
Asked = list[tuple[str, Any]]


@contextmanager
def watched(engine: AsyncEngine):
    """Every statement and its parameters, as the driver gets them."""
    asked: Asked = []

    def see(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", see)
    yield asked
    event.remove(engine.sync_engine, "before_cursor_execute", see)


async def scans(engine: AsyncEngine, asked: Asked) -> list[str]:
    """What of these statements' plans reads a whole table."""
    found = []
    async with engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if not on_sqlite:
            await connection.execute(
                text("SET enable_seqscan = off")
            )  # a small table is scanned for want of anything better
        for statement, parameters in asked:
            if not statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                continue
            explain = "EXPLAIN QUERY PLAN " if on_sqlite else "EXPLAIN "
            rows = (await connection.exec_driver_sql(explain + statement, parameters)).all()
            plan = "\n".join(str(row[-1]) for row in rows)
            if SCAN.search(plan):
                found.append(f"{statement}\n{plan}")
    return found


async def test_a_message_reads_no_whole_table(tmp_path) -> None:
    """A paste of a stored record, its card's fate and the lists: each query has its index."""
    url = f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3"
    async with open_ours(url) as ours:
        await seed(ours.engine, guilds=3, records=20, cards=40)
        with watched(ours.engine) as asked:
            await paste(ours.client(), pastes=3, records=range(1, 4))
        once = ("FROM guilds", "FROM unreadable_pages")  # what is asked when the bot is there
        messages = [one for one in asked if not any(table in one[0] for table in once)]
        assert any("FROM records" in statement for statement, _ in messages)
        assert any(statement.startswith("INSERT INTO replies") for statement, _ in messages)
        assert await scans(ours.engine, messages) == []


async def test_the_queries_of_cards_read_no_whole_table(database_url: str) -> None:
    """On both databases."""
    async with open_database(database_url):
        pass
    async with open_ours(database_url) as ours:
        pairs, library = ours.services.replies, ours.services.library
        with watched(ours.engine) as asked:
            await pairs.last_card(FIRST, [erowid(1)], NOW - timedelta(minutes=10))
            await pairs.of_message(1)
            await pairs.get([1])
            await pairs.remove([1, 2])
            await ours.services.cards.study(erowid(1))
            await library.recent(FIRST)
            await library.bibliography([FIRST, FIRST + 1], days=7, threads=True)
            await Guilds(ours.engine).expire(cards_before=NOW, left_before=NOW)
            await ours.services.privacy.stored(1)
        assert len(asked) >= 9
        assert await scans(ours.engine, asked) == []


async def test_a_scan_is_noticed(database_url: str) -> None:
    """The test itself notices a query without an index."""
    async with open_database(database_url) as engine:
        assert await scans(engine, [("SELECT * FROM replies WHERE spoiler", ())])
