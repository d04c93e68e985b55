"""Replies, people and guilds, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.identities import SqlIdentities
from bot.adapters.stores.people import People
from bot.adapters.stores.records import Records
from bot.adapters.stores.replies import SqlReplies
from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import StorageError
from bot.core.reply import Reply
from bot.services.ports import ShownStudy
from tests.references import erowid

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BIG = (1 << 63) - 100
ANN, BOB = BIG + 1, BIG + 2
GUILD, CHANNEL, THREAD = BIG + 3, BIG + 14, BIG + 15
ONE, TWO, THREE = map(erowid, (900_001, 900_002, 900_003))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def reply(reply_id: int, **given) -> Reply:
    known = {"message_id": 50, "reference": ONE, "channel_id": CHANNEL, "poster_id": ANN, "made_at": NOW, "guild_id": GUILD}
    return Reply(id=reply_id, **(known | given))


@pytest.fixture
def replies(engine: AsyncEngine) -> SqlReplies:
    return SqlReplies(engine, SharedTransactions(engine))


async def test_a_reply_lives_with_its_message(replies: SqlReplies, engine: AsyncEngine) -> None:
    """Replies are found by message and by their ID, every field as it was; added twice they are one; replaced, removed."""
    first = reply(BIG, parent_id=9, spoiler=True, target_id=BIG + 40)
    second = reply(BIG + 1, reference=TWO)
    command = reply(BIG + 2, message_id=None, guild_id=None)
    for one in (second, first, command, first):
        assert await replies.add(one)
    again = SqlReplies(engine, SharedTransactions(engine))
    assert await again.of_message(50) == (first, second)
    assert await again.get([BIG, BIG + 2, 1]) == {BIG: (first,), BIG + 2: (command,)}
    assert await again.of_message(1) == ()
    edited = replace(second, reference=THREE, spoiler=True)
    await replies.replace(edited)
    assert await again.of_message(50) == (first, edited)
    assert await again.about([BIG]) == await again.about([BIG + 40]) == (first,)
    assert await again.about([50, 1]) == (first, edited)
    assert await again.about([]) == ()
    await replies.remove([edited.id, 12345])
    await replies.remove([])
    assert await again.of_message(50) == (first,)
    await replies.replace(second)  # it was forgotten meanwhile
    assert await again.of_message(50) == (first,)


async def test_a_message_has_one_reply_for_each_record(replies: SqlReplies) -> None:
    """The database says so, whoever asks at the same time; commands may show a record as often as people want."""
    added = await asyncio.gather(*(replies.add(reply(number)) for number in range(1, 9)))
    assert sorted(added) == [False] * 7 + [True]
    assert len(await replies.of_message(50)) == 1
    assert await replies.add(reply(20, reference=TWO))
    assert await replies.add(reply(21, message_id=None))
    assert await replies.add(reply(22, message_id=None))


async def test_a_message_of_the_bots_that_shows_several_studies(replies: SqlReplies) -> None:
    """It is kept, changed and forgotten as a whole; each of its studies is found as if it had a card of its own."""
    shown = [
        reply(7, reference=THREE, failed=(TWO, erowid(5)), more=2),
        reply(7, position=1, target_id=99, failed=(TWO, erowid(5)), more=2),
    ]
    assert await replies.add(*shown)
    assert await replies.add(*shown)
    assert await replies.of_message(50) == (await replies.get([7]))[7] == tuple(shown)
    assert await replies.about([99]) == (shown[1],)
    assert await replies.last_card(CHANNEL, [ONE, THREE], NOW) == shown[0]
    assert await replies.recent(CHANNEL, most=5) == (shown[0],)
    assert not await replies.add(reply(8, reference=TWO), reply(8, position=1))
    assert await replies.get([8]) == {}
    now_shown = (reply(7), reply(7, reference=TWO, position=1), reply(7, reference=THREE, position=2, spoiler=True))
    await replies.replace(*now_shown)
    assert await replies.of_message(50) == now_shown
    assert list(await replies.studies([CHANNEL], NOW)) == [ONE, TWO, THREE]
    assert await replies.recent(CHANNEL, most=2) == now_shown[:2]
    assert [one.reference for one in await replies.cards_of(TWO, NOW)] == [TWO]
    await replies.remove([7])
    await replies.replace(*now_shown)  # it was forgotten meanwhile
    assert await replies.of_message(50) == ()


async def test_a_channel_that_is_gone(replies: SqlReplies) -> None:
    """Its pairs go with it, and those of its threads; a thread's alone with the thread."""
    for number, where in enumerate([CHANNEL, THREAD, THREAD + 1, CHANNEL + 9], 1):
        parent_id = CHANNEL if where in {THREAD, THREAD + 1} else None
        await replies.add(reply(number, message_id=number, channel_id=where, parent_id=parent_id))
    assert await replies.forget_channel(THREAD) == 1
    assert set(await replies.get([1, 2, 3, 4])) == {1, 3, 4}
    assert await replies.forget_channel(CHANNEL) == 2
    assert set(await replies.get([1, 2, 3, 4])) == {4}


async def test_times_are_utc(replies: SqlReplies) -> None:
    """A time of another zone is stored as UTC's, one without a zone is refused."""
    await replies.add(reply(1, made_at=NOW.astimezone(timezone(timedelta(hours=5)))))
    stored = (await replies.get([1]))[1][0].made_at
    assert (stored, stored.utcoffset()) == (NOW, timedelta(0))
    with pytest.raises(StorageError):
        await replies.add(reply(2, made_at=NOW.replace(tzinfo=None)))


async def test_the_last_card_of_a_record(replies: SqlReplies) -> None:
    """The newest in that channel since a time, no pointers."""
    for number, one in enumerate(
        (
            reply(1, made_at=NOW - 20 * MINUTE),
            reply(2, made_at=NOW - 5 * MINUTE),
            reply(3, made_at=NOW - 6 * MINUTE),
            reply(4, made_at=NOW - MINUTE, target_id=99),
            reply(5, made_at=NOW - MINUTE, channel_id=THREAD, parent_id=CHANNEL),
            reply(6, made_at=NOW - 30 * MINUTE, reference=TWO),
        )
    ):
        assert await replies.add(replace(one, message_id=number))
    assert (await replies.last_card(CHANNEL, [ONE], NOW - 10 * MINUTE)).id == 2
    assert await replies.last_card(CHANNEL, [TWO], NOW - 10 * MINUTE) is None


async def test_what_a_channel_saw(replies: SqlReplies) -> None:
    """Recent cards come newest first; studies once each, oldest first, within the days asked for, threads on demand.

    A study is hidden where all of its cards are.
    """
    for one in (
        reply(1, made_at=NOW - 9 * DAY, reference=THREE),
        reply(2, made_at=NOW - 3 * DAY, reference=TWO, spoiler=True),
        reply(3, made_at=NOW - 2 * DAY, spoiler=True),
        reply(4, made_at=NOW - DAY, reference=TWO),
        reply(5, made_at=NOW - DAY / 2, target_id=99, reference=THREE),
        reply(6, made_at=NOW - 5 * DAY, channel_id=THREAD, parent_id=CHANNEL),
        reply(7, channel_id=THREAD + 1, parent_id=CHANNEL + 50),
    ):
        await replies.add(replace(one, message_id=one.id))
    assert [one.id for one in await replies.recent(CHANNEL, most=3)] == [4, 3, 2]
    seen = ShownStudy(4, hidden=False)
    here = await replies.studies([CHANNEL], NOW - 7 * DAY)
    assert list(here.items()) == [(TWO, seen), (ONE, ShownStudy(3, hidden=True))]
    with_threads = await replies.studies([CHANNEL], NOW - 7 * DAY, threads=True)
    assert list(with_threads.items()) == [(ONE, ShownStudy(6, hidden=False)), (TWO, seen)]
    assert await replies.studies([CHANNEL, THREAD], NOW - 7 * DAY) == with_threads
    assert await replies.studies([THREAD], NOW - 7 * DAY) == {ONE: ShownStudy(6, hidden=False)}
    assert await replies.studies([CHANNEL], NOW) == {}
    assert await replies.studies([], NOW - 7 * DAY) == {}


async def test_each_query_has_its_index(replies: SqlReplies, engine: AsyncEngine) -> None:
    """Nothing that is asked of pairs, people, histories or settings goes through a whole table, and no index is idle."""
    people, guilds, choices, records = People(engine), Guilds(engine), StoredSettings(engine), Records(engine)
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")):
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await replies.of_message(1)
    await replies.get([1, 2])
    await replies.about([1, 2])
    await replies.replace(reply(1))
    await replies.forget_channel(1)
    await replies.remove([1, 2])
    await replies.last_card(1, [ONE], NOW)
    await replies.recent(1, most=5)
    await replies.cards_of(ONE, NOW)
    await replies.studies([1], NOW)
    await SqlIdentities(engine).same([ONE])
    await replies.studies([1], NOW, threads=True)
    await people.stored(1)
    await people.erase(1)
    await people.opt_in(1)
    await guilds.expire(cards_before=NOW, left_before=NOW)
    await guilds.erase([1])
    await guilds.left(1, NOW)
    await records.missing(ONE, NOW)
    await records.miss(ONE, NOW, NOW)
    await SqlEnrichments(engine).with_dois(["10.5555/x"])
    await choices.changed(60)
    await choices.load([1, 2])
    await choices.history(1, most=5, before=9)
    await choices.change(1, lambda _: {Target(Scope.GUILD, 1): {"mode": Mode.OFF}}, by=1, at=NOW)
    await choices.change(1, lambda _: {}, by=1, at=NOW)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len(asked) > 20
    whole = "SCAN" if engine.dialect.name == "sqlite" else "Seq Scan"
    plans: list[str] = []
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET enable_seqscan = off"))  # the tables are too small for it to care
        for statement, parameters in asked:
            plan = "\n".join(map(str, await connection.exec_driver_sql(f"{explain} {statement}", parameters)))
            assert whole not in plan.replace("SCAN CONSTANT ROW", ""), f"{statement}\n{plan}"
            plans.append(plan)
        if engine.dialect.name == "sqlite":  # PostgreSQL chooses by figures that an empty table has not
            made = await connection.scalars(
                text("SELECT name FROM sqlite_master WHERE name LIKE 'ix_%' AND tbl_name <> 'reply_jobs'")
            )
            assert [name for name in made if not any(name in plan for plan in plans)] == []
