"""The library on both databases: what is found, in which order, and that no text does harm."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.identities import SqlIdentities
from bot.adapters.stores.library import LibraryShelves
from bot.adapters.stores.records import Records
from bot.adapters.stores.replies import SqlReplies
from bot.core.errors import StorageError
from bot.core.record import Name, Paragraph, Record
from bot.core.reply import Reply
from bot.core.search import words
from bot.core.study import Study
from bot.services.enrichment import Enrichments
from bot.services.library import Bibliography, Library
from bot.services.library_ports import Hit
from bot.services.ports import Page, StoredPage
from bot.services.studies import Identities
from tests.references import erowid, number_of

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

RECORDS = {
    1: Record(
        None,
        "Sleep in the made-up rat",
        authors=(Name(family="Doe", given="J. A."),),
        container_title="J Imag Pharmacol",
        issued=((1988, 4, 26),),
        abstract=(Paragraph("Rats slept. Inventamine was not given.", "METHODS"),),
    ),
    2: Record(
        None,
        "Inventamine and memory: studies of naïve mice",
        authors=(Name(family="Roe", given="B."), Name(family="D'Águila", given="É.")),
        container_title="Brain Imag",
        issued=((1999,),),
        abstract=(Paragraph("Memory of mice was as before. " * 40),),
    ),
    3: Record(
        None,
        "A β-carbolinoid, 5\N{GREEK SMALL LETTER ALPHA}-invented",
        authors=(Name(family="Ødegård", given="L."), Name(literal="The Inventamine Group"), Name(family="Poe")),
        issued=((2004,), (2005,)),
        abstract=(Paragraph("It was compared with inventamine, inventamine and inventamine in sleepless volunteers."),),
    ),
    4: Record(None, "Untitled \x00 note"),
}
FINDS = [
    ("inventamine", [2, 3, 1]),  # title before authors before abstract, however often and however long
    ("INVENTAMINE  memory", [2]),
    ("sleep", [1]),
    ("rat", [1]),
    ("rats", [1]),
    ("study of memories", [2]),
    ("naive", [2]),
    ("d'aguila", [2]),
    ("odegard", [3]),
    ("beta carbolinoid", [3]),
    ("β-carbolinoids", [3]),
    ("5 alpha", [3]),
    ("imag pharmacol", [1]),
    ("brain imag", [2]),
    ("methods", [1]),
    ("the", [1, 3]),  # nothing but a stop word
    ("the sleep of a rat with the inventamine", [1]),
    ("sleep carbolinoid xyzzy", [1, 3]),  # none has all: those with any
    ("1999", [2]),
    ("roe 1999", [2]),
    ("1999: memory", [2]),
    ("roe 1988", [2]),  # nothing of Roe's in that year
    ("2005", []),  # a year of print alone
    ("inven", []),
    ("xyzzy", []),
    ("", []),
    ("  — ", []),
]
SUGGESTS = [
    ("inven", [3, 2, 1]),  # in a title too: "invented"
    ("inventa", [2, 3, 1]),
    ("inventamine mem", [2]),
    ("sle", [1, 3]),
    ("the sleep of r", [1]),
    ("memories", [2]),
    ("memory ", [2]),
    ("sleep mem", []),
    ("carbol", [3]),
    ("", []),
]
PRINTED = st.characters(exclude_categories=["Cs"])
NASTY = st.text(st.sampled_from("\"'*()^:+-{}<>&|!\\\x00%_ abAND\tNEAROT\ud800é日β²½"), max_size=30)


def stored(number: int, record: Record, **given) -> StoredPage:
    known = {"page": Page(erowid(number), b"page"), "record": record, "parser": 1, "read_at": NOW}
    return StoredPage(**(known | given))


@pytest.fixture
async def shelves(engine: AsyncEngine) -> LibraryShelves:
    records = Records(engine)
    for number, record in RECORDS.items():
        await records.put(stored(number, replace(record, reference=erowid(number))))
    return LibraryShelves(engine)


async def found(shelves: LibraryShelves, asked: str, **given) -> list[int]:
    return [number_of(hit.reference) for hit in await shelves.search(asked, most=10, **given)]


async def test_what_is_found(shelves: LibraryShelves) -> None:
    """All words, else any; title before authors before the rest; accents, case, plurals, Greek letters: no difference."""
    assert {asked: await found(shelves, asked) for asked, _ in FINDS} == dict(FINDS)
    assert {asked: await found(shelves, asked, unfinished=True) for asked, _ in SUGGESTS} == dict(SUGGESTS)
    assert len(await shelves.search("inventamine", most=2)) == 2


async def test_what_a_hit_shows(shelves: LibraryShelves) -> None:
    """Reference, title, authors in short, and the first year."""
    hits = await shelves.hits([erowid(number) for number in (1, 2, 3, 4, 5)])
    assert hits == {
        erowid(1): Hit(erowid(1), RECORDS[1].title, "Doe", 1988),
        erowid(2): Hit(erowid(2), RECORDS[2].title, "Roe & D'Águila", 1999),
        erowid(3): Hit(erowid(3), RECORDS[3].title, "Ødegård et al.", 2004),
        erowid(4): Hit(erowid(4), "Untitled  note", "", None),
    }
    assert await shelves.search("sleep", most=1) == (hits[erowid(1)],)
    assert await shelves.hits([]) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | NASTY | st.text(min_size=500, max_size=600), st.booleans())
async def test_any_text_can_be_asked(shelves: LibraryShelves, asked: str, unfinished: bool) -> None:
    """No text is an error, or anything else than words to find."""
    for hit in await shelves.search(asked, most=3, unfinished=unfinished):
        assert number_of(hit.reference) in RECORDS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(PRINTED, max_size=40), name=st.text(PRINTED, max_size=10))
async def test_any_record_can_be_kept_and_found(engine: AsyncEngine, title: str, name: str) -> None:
    """Whatever a record holds, it is stored, and found by its own title."""
    record = Record(erowid(9), title, authors=(Name(family=name),), abstract=(Paragraph(title * 50, name),))
    await Records(engine).put(stored(9, record))
    assert await found(LibraryShelves(engine), title) == ([9] if list(words(title)) else [])


async def test_the_index_follows_the_records(engine: AsyncEngine, shelves: LibraryShelves) -> None:
    """A record read anew is found by its new words and not by its old ones; one that was not stored changes nothing."""
    records = Records(engine)
    anew = Record(erowid(1), "Waking", authors=(Name(family="Zoe"),))
    later = NOW + timedelta(days=1)
    await records.put(stored(1, anew, read_at=later))
    assert await found(shelves, "sleep") == []
    assert await found(shelves, "waking zoe") == [1]
    await records.put(stored(1, RECORDS[1]))  # read earlier: another process was faster
    assert (await records.get(erowid(1))).record.title == "Waking"
    assert await found(shelves, "doe") == []
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE library RENAME TO gone"))
    with pytest.raises(StorageError):
        await records.put(stored(1, replace(anew, title="Dreaming"), read_at=later))
    assert (await records.get(erowid(1))).record.title == "Waking"
    with pytest.raises(StorageError):
        await shelves.search("waking", most=1)


async def test_many_processes_keep_one_record_at_once(engine: AsyncEngine, database_url: str) -> None:
    """Twenty put the same new record at once over two engines: none fails, and row and index are of the last read."""
    async with open_database(database_url) as second:
        stores = [Records(engine), Records(second)]
        versions = [stored(7, Record(erowid(7), f"Version v{n}"), read_at=NOW + timedelta(minutes=n)) for n in range(20)]
        await asyncio.gather(*(stores[number % 2].put(version) for number, version in enumerate(versions)))
        shelves = LibraryShelves(second)
        assert (await stores[0].get(erowid(7))).record.title == "Version v19"
        assert [hit.title for hit in await shelves.search("v19", most=5)] == ["Version v19"]
        assert await found(shelves, "v18") == []
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM library_words")) == 1


async def test_lists_of_a_channel(engine: AsyncEngine, shelves: LibraryShelves) -> None:
    """Recent cards come with what lists show; a bibliography has each record once, and says which it has not."""
    cards = SqlReplies(engine, SharedTransactions(engine))
    library = Library(
        shelves,
        cards,
        Enrichments(None, SqlEnrichments(engine), now=lambda: NOW),
        Identities(SqlIdentities(engine)),
        now=lambda: NOW,
    )
    seen = [(3, 20), (2, 6), (99, 5), (1, 4), (2, 1)]
    replies = [Reply(n, None, erowid(one), 5, 6, NOW - timedelta(days=days)) for n, (one, days) in enumerate(seen, 1)]
    for reply in replies:
        await cards.add(reply)
    recent = await library.recent(5, most=3)
    assert [(one.reply, one.hit and one.hit.year) for one in recent] == [
        (replies[4], 1999),
        (replies[3], 1988),
        (replies[2], None),
    ]
    expected = tuple(Study(replace(RECORDS[number], reference=erowid(number))) for number in (2, 1))
    last = {reply.reference: reply for reply in replies[1:]}  # the newer of two cards
    assert await library.bibliography([5], days=7) == Bibliography(expected, (erowid(99),), cards=last)
    assert await library.bibliography([6], days=7) == Bibliography((), ())
    assert [number_of(hit.reference) for hit in await library.suggest("slee")] == [1, 3]
    assert [number_of(hit.reference) for hit in await library.search("sleep", most=1)] == [1]
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE records SET record = '{' WHERE reference = 'erowid:2'"))
    assert (await library.bibliography([5], days=7)).missing == (erowid(2), erowid(99))


async def test_a_search_uses_the_index(engine: AsyncEngine, shelves: LibraryShelves) -> None:
    """PostgreSQL finds words by its GIN index; SQLite's table of words is one itself."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = await connection.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT rowid FROM library_words WHERE library_words MATCH '\"a\"'"
            )
            assert "VIRTUAL TABLE INDEX" in str(plan.all())
        else:
            await connection.exec_driver_sql("SET enable_seqscan = off")
            plan = await connection.exec_driver_sql(
                "EXPLAIN SELECT library_id FROM library_words WHERE words @@ CAST('''a'':*' AS tsquery)"
            )
            assert "ix_library_words_words" in str(plan.all())
