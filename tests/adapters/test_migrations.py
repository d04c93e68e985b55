"""The steps from an older database to today's and back, with data in it, on both databases."""

import asyncio
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import bindparam, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.database.columns import Utc
from bot.adapters.database.engine import HEAD, open_database
from bot.adapters.database.tables import Base, is_described
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.daily_tasks import DailyTasks
from bot.adapters.stores.library import LibraryShelves
from bot.adapters.stores.records import Records
from bot.adapters.stores.replies import SqlReplies
from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.record import Name, Paragraph, Record
from bot.core.reply import Reply
from bot.services.guild_settings import SettingsService
from bot.services.ports import Page, StoredPage
from tests.references import erowid, number_of

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
RECORDS = [
    Record(
        erowid(1),
        "Naïve inventamine\x00 and β-carbolinoids",
        authors=(Name(family="Ødegård", given="L. M.", suffix="Jr."), Name(literal="The Group")),
        container_title="J Imag Pharmacol",
        issued=((1988, 4), (1988, 5)),
        abstract=(Paragraph("Rats' sleep was not studied. " * 30, "RESULTS"), Paragraph("It's all.")),
    ),
    Record(erowid(2), "A note"),
    Record(erowid(4), "", authors=(Name(family="A"), Name(family="B"), Name(given="C"))),
]

NUMBERS = [1, 200, 449]
"""Their numbers, among so many damaged records that they are read in batches."""
INSERT = text("INSERT INTO records (id, body, parser, record, read_at) VALUES (:id, :body, 1, :record, :at)").bindparams(
    bindparam("at", type_=Utc())
)
WORDS_OF = {
    "sqlite": "SELECT rowid, * FROM library_words ORDER BY rowid",
    "postgresql": "SELECT * FROM library_words ORDER BY library_id",
}


async def migrate(engine: AsyncEngine, to: str, *, down: bool = False) -> None:
    """Run the steps to a revision, as `open_database` does."""

    def run(connection) -> None:
        config = Config()
        config.set_main_option("script_location", "bot.adapters.database:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)

    async with engine.begin() as connection:
        await connection.run_sync(run)


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names())) - {"alembic_version"}


async def shelved(engine: AsyncEngine) -> list[list[tuple]]:
    """All that the library holds."""
    asked = ["SELECT * FROM library ORDER BY id", WORDS_OF[engine.dialect.name]]
    async with engine.connect() as connection:
        return [[tuple(row) for row in await connection.execute(text(one))] for one in asked]


async def test_a_database_of_the_first_version_is_brought_up_to_date(empty_url: str) -> None:
    """Records stay, and are put into the library as if read today, in batches; a damaged one is left out and harms none."""
    records = [replace(record, reference=erowid(number)) for record, number in zip(RECORDS, NUMBERS, strict=True)]
    engine = create_async_engine(empty_url)
    await migrate(engine, "0001")
    damaged = dict(zip(range(1, 450), cycle(['{"title": 1', "[]", "{}", "[" * 10_000]), strict=False))
    rows = damaged | {number_of(record.reference): json.dumps(_json(record)) for record in records}
    async with engine.begin() as connection:
        stored = [{"id": number, "body": zlib.compress(b"page"), "record": row, "at": NOW} for number, row in rows.items()]
        await connection.execute(INSERT, stored)
    await engine.dispose()
    async with open_database(empty_url) as opened:
        store = Records(opened)
        filled = await shelved(opened)
        for record in records:
            page = StoredPage(Page(record.reference, b"page", site="Erowid"), record, 1, NOW)
            assert await store.get(record.reference) == page
            await store.put(page)
        assert await shelved(opened) == filled
        assert [row[0] for row in filled[0]] == [row[0] for row in filled[1]] == NUMBERS
        hits = await LibraryShelves(opened).search("naive beta carbolinoid rat", most=5)
        assert [(hit.reference, hit.authors, hit.year) for hit in hits] == [(erowid(1), "Ødegård & The Group", 1988)]


def _json(record: Record) -> dict[str, object]:
    """A record as version 0001 wrote it."""
    return {
        "reference": {"id": number_of(record.reference)},
        "title": record.title,
        "authors": [
            {"family": name.family, "given": name.given, "suffix": name.suffix, "literal": name.literal}
            for name in record.authors
        ],
        "container_title": record.container_title,
        "issued": record.issued,
        "abstract": [{"text": paragraph.text, "label": paragraph.label} for paragraph in record.abstract],
    }


async def test_each_step_can_be_taken_back(empty_url: str) -> None:
    """Down to any version and up again: the tables are those of that version, then today's; what older ones hold stays."""
    async with open_database(empty_url) as engine:
        today = await tables(engine)
        await Records(engine).put(StoredPage(Page(erowid(1), b"page"), RECORDS[0], 1, NOW))
        channels = SettingsService(StoredSettings(engine), now=lambda: NOW)
        await channels.set(5, Target(Scope.GUILD, 5), {"mode": Mode.OFF}, by=6)
        for version, gone in (
            ("0011", set()),
            ("0010", set()),
            ("0009", {"unreadable_pages"}),
            ("0008", {"identifiers"}),
            ("0007", {"enrichments", "daily_tasks"}),
            ("0006", {"replies", "reply_jobs"}),
            ("0005", {"turns", "misses"}),
            ("0004", {"promises"}),
            ("0003", {"library"}),
            ("0002", {"cards", "people"}),
            ("0001", {"settings", "changes", "guilds"}),
        ):
            before = await tables(engine)
            await migrate(engine, version, down=True)
            left = await tables(engine)
            assert {table for table in before - left if not table.startswith("library_words")} == gone
            assert any(table.startswith("library_words") for table in left) == (version >= "0004")
            if version == "0002":
                await channels.refresh()
                assert channels.overrides(5)
        assert await tables(engine) == {"records"}
        await migrate(engine, "head")
        assert await tables(engine) == today
        assert (await Records(engine).get(erowid(1))).record == RECORDS[0]
        assert [number_of(hit.reference) for hit in await LibraryShelves(engine).search("inventamine", most=5)] == [1]
        await migrate(engine, "base", down=True)
        assert await tables(engine) == set()


async def test_replies_of_several_studies(database_url: str) -> None:
    """Those that are there come up as they are; the step back keeps the first study of each, and the next up knows it."""
    several = [Reply(7, 1, erowid(number), 7, 9, NOW, position=place, more=1) for place, number in enumerate((3, 2, 4))]
    alone = [Reply(5, 1, erowid(1), 7, 9, NOW, guild_id=5, spoiler=True), Reply(9, 2, erowid(3), 7, 9, NOW, target_id=7)]
    async with open_database(database_url) as opened:
        replies = SqlReplies(opened, SharedTransactions(opened))
        await replies.add(*several)
        for one in alone:
            await replies.add(one)
        await migrate(opened, "0010", down=True)
        async with opened.connect() as connection:
            kept = await connection.execute(text("SELECT id, reference FROM replies ORDER BY id"))
            assert [tuple(row) for row in kept] == [(5, "erowid:1"), (7, "erowid:3"), (9, "erowid:3")]
        await migrate(opened, "head")
        assert await replies.of_message(1) == (alone[0], replace(several[0], more=0))
        assert await replies.of_message(2) == (alone[1],)


async def test_leased_daily_tasks(database_url: str) -> None:
    """The times of a task stay in both directions; one that was only leased is forgotten on the way back."""
    async with open_database(database_url) as opened:
        tasks = DailyTasks(opened)
        async with tasks.held("begun", done_before=NOW) as task:
            await tasks.put(replace(task, began_at=NOW))
        async with tasks.held("leased", done_before=NOW):
            pass
        await migrate(opened, "0011", down=True)
        async with opened.connect() as connection:
            assert (await connection.execute(text("SELECT name, done_at FROM daily_tasks"))).all() == [("begun", None)]
        await migrate(opened, "head")
        async with tasks.held("begun", done_before=NOW) as task:
            assert (task.began_at, task.done_at) == (NOW, None)


async def test_the_table_of_words(engine: AsyncEngine) -> None:
    """What no class describes is as its adapter expects: FTS5's four columns, or a tsvector under a GIN index."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            made = await connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'library_words'"))
            assert "fts5 (title, authors, journal, abstract, tokenize = 'unicode61 remove_diacritics 0'" in made
        else:
            columns = await connection.run_sync(lambda sync: inspect(sync).get_columns("library_words"))
            assert {column["name"]: str(column["type"]) for column in columns} == {
                "library_id": "INTEGER",
                "words": "TSVECTOR",
            }
            made = await connection.scalar(
                text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_library_words_words'")
            )
            assert "USING gin (words)" in made


async def test_the_comparison_sees_what_is_missing(engine: AsyncEngine) -> None:
    """The test that migrations and tables.py agree does notice an index and a column that only one of them has."""

    def differences(connection) -> list:
        context = MigrationContext.configure(connection, opts={"include_name": is_described})
        return [difference[0] for difference in compare_metadata(context, Base.metadata)]

    async with engine.begin() as connection:
        await connection.execute(text("DROP INDEX ix_replies_channel"))
        await connection.execute(text("ALTER TABLE guilds ADD COLUMN more integer"))
        assert sorted(await connection.run_sync(differences)) == ["add_index", "remove_column"]


async def test_transactions_in_memory_stay_apart() -> None:
    """The demo's database is one connection: of many writes at once, one that fails undoes itself alone."""
    async with open_database("sqlite+aiosqlite://") as engine:
        channels, records = SettingsService(StoredSettings(engine), now=lambda: NOW), Records(engine)

        def fail(_overrides):
            raise ZeroDivisionError

        done = await asyncio.gather(
            *(channels.set(5, Target(Scope.CHANNEL, number), {"mode": Mode.OFF}, by=6) for number in range(1, 9)),
            *(StoredSettings(engine).change(number, fail, by=6, at=NOW) for number in range(1, 9)),
            *(
                records.put(StoredPage(Page(erowid(n), b""), replace(RECORDS[0], reference=erowid(n)), 1, NOW))
                for n in range(1, 9)
            ),
            return_exceptions=True,
        )
        assert [type(one) for one in done if isinstance(one, Exception)] == [ZeroDivisionError] * 8
        assert len(channels.overrides(5)) == 8
        assert set(await StoredSettings(engine).revisions()) == {5}
        assert len(await LibraryShelves(engine).search("inventamine", most=20)) == 8


async def test_the_last_step(engine: AsyncEngine) -> None:
    """What the database's tables are compared with at a start is the step that Alembic takes for the last."""
    config = Config()
    config.set_main_option("script_location", "bot.adapters.database:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
