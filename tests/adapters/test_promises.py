"""Promises, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.jobs import PromiseBook
from bot.adapters.stores.people import People
from bot.adapters.stores.replies import CardPairs
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import Pair, Promise

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BIG = (1 << 63) - 100
FIRST = Promise(BIG, BIG + 1, BIG + 2, NOW, "a" * 24, 0, "1,2")


@pytest.fixture
def promises(engine: AsyncEngine) -> PromiseBook:
    return PromiseBook(engine)


async def unkept(promises: PromiseBook, **asked) -> list[int]:
    return [one.message_id for one in await promises.unkept(before=NOW + DAY, **asked)]


async def test_one_of_many_makes_it(promises: PromiseBook) -> None:
    """Of all who write a message down at once one is the first; the others see that it began, or, once kept, nothing."""
    made = await asyncio.gather(*(promises.make(replace(FIRST, salt=f"{number:024}")) for number in range(8)))
    begun = [one for one in made if one is not None and not one.again]
    assert len(begun) == 1
    assert {one.salt for one in made if one is not None} == {begun[0].salt}
    await promises.keep(FIRST.message_id, NOW)
    assert await asyncio.gather(*(promises.make(FIRST) for _ in range(8))) == [None] * 8


async def test_what_is_not_kept_is_gone_on_with(promises: PromiseBook) -> None:
    """With the salt of who began, so that the nonces are the same."""
    assert await promises.make(FIRST) == FIRST
    assert await promises.unkept(before=NOW + SECOND) == (replace(FIRST, again=True),)
    assert await promises.unkept(before=NOW) == ()
    later = replace(FIRST, salt="b" * 24, made_at=NOW + SECOND)
    assert await promises.make(later) == replace(FIRST, again=True)


async def test_an_edit_is_a_promise_anew(promises: PromiseBook) -> None:
    """A later version is taken up once; one whose links differ too, though it bears the same time; an earlier one never."""
    await promises.make(FIRST)
    await promises.keep(FIRST.message_id, NOW)
    edited = replace(FIRST, version=5, links="3", made_at=NOW + SECOND)
    assert await promises.make(edited) == edited
    assert await promises.make(edited) == replace(edited, again=True)
    await promises.keep(FIRST.message_id, NOW)
    assert await promises.make(edited) is None
    assert await promises.make(FIRST) is None
    assert await promises.make(replace(edited, links="4")) == replace(edited, links="4")
    assert await promises.make(replace(edited, version=6)) == replace(edited, version=6, again=True)


async def test_a_card_may_keep_it(promises: PromiseBook, engine: AsyncEngine) -> None:
    """The last pair and the note that all is done are one; a deletion opens it again."""
    cards = CardPairs(engine)
    await promises.make(FIRST)
    pair = Pair(7, FIRST.message_id, Reference(1), 5, 6, NOW)
    await cards.add(pair)
    assert await unkept(promises) == [FIRST.message_id]
    await cards.add(replace(pair, card_id=8), kept_at=NOW)
    assert await unkept(promises) == []
    await promises.reopen([FIRST.message_id, 9], NOW + SECOND)
    assert [one.made_at for one in await promises.unkept(before=NOW + DAY)] == [NOW + SECOND]


async def test_many_are_given_in_parts(promises: PromiseBook) -> None:
    """In the order of their messages."""
    for number in (3, 1, 2):
        await promises.make(replace(FIRST, message_id=number))
    assert await unkept(promises, most=2) == [1, 2]
    assert await unkept(promises, after=2) == [3]


async def test_their_end(promises: PromiseBook, engine: AsyncEngine) -> None:
    """They go with their time, with their guild, and with what is stored of who posted the message."""
    for number in (1, 2, 3, 4):
        await promises.make(replace(FIRST, message_id=number, guild_id=number, made_at=NOW - number * DAY))
    assert await promises.expire(NOW - 3 * DAY) == 1
    assert await unkept(promises) == [1, 2, 3]
    await Guilds(engine).erase([1])
    await CardPairs(engine).add(Pair(7, 2, Reference(1), 5, 6, NOW))
    await People(engine).erase(6)
    assert await unkept(promises) == [3]


async def test_a_database_that_is_gone(promises: PromiseBook, engine: AsyncEngine) -> None:
    """One foreseen error."""
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE promises"))
    for attempt in (
        promises.make(FIRST),
        promises.keep(1, NOW),
        promises.reopen([1], NOW),
        promises.unkept(before=NOW),
        promises.expire(NOW),
    ):
        with pytest.raises(StorageError):
            await attempt


async def test_each_query_has_its_index(promises: PromiseBook, engine: AsyncEngine) -> None:
    """A sweep looks at what is not kept alone, however many were kept; nothing goes through the whole table."""
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")) and "promises" in statement:
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await promises.make(FIRST)
    await promises.make(replace(FIRST, version=2))
    await promises.keep(1, NOW)
    await promises.reopen([1, 2], NOW)
    await promises.unkept(before=NOW)
    await promises.expire(NOW)
    await Guilds(engine).erase([1])
    await People(engine).erase(1)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    whole = "SCAN promises" if engine.dialect.name == "sqlite" else "Seq Scan on promises"
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    plans = ""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET enable_seqscan = off"))  # the tables are too small for it to care
        for statement, parameters in asked:
            plan = "\n".join(map(str, await connection.exec_driver_sql(f"{explain} {statement}", parameters)))
            assert whole not in plan, f"{statement}\n{plan}"
            plans += plan
    if engine.dialect.name == "sqlite":
        assert all(name in plans for name in ("ix_promises_unkept", "ix_promises_made_at", "ix_promises_guild_id"))
