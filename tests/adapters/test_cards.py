"""Pairs of message and card, people and guilds, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.people import People
from bot.adapters.stores.records import Records
from bot.adapters.stores.replies import CardPairs
from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.guild_ports import Expired
from bot.services.guild_settings import SettingsService
from bot.services.ports import Pair
from bot.services.privacy import Privacy

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BIG = (1 << 63) - 100
ANN, BOB = BIG + 1, BIG + 2
GUILD, CHANNEL, THREAD = BIG + 3, BIG + 14, BIG + 15
ONE, TWO, THREE = map(Reference, (900_001, 900_002, 900_003))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def pair(card_id: int, **given) -> Pair:
    known = {"message_id": 50, "reference": ONE, "channel_id": CHANNEL, "poster_id": ANN, "made_at": NOW, "guild_id": GUILD}
    return Pair(card_id=card_id, **(known | given))


@pytest.fixture
def cards(engine: AsyncEngine) -> CardPairs:
    return CardPairs(engine)


async def test_a_pair_lives_with_its_message(cards: CardPairs, engine: AsyncEngine) -> None:
    """Pairs are found by message and by card, every field as it was; added twice they are one; replaced, removed."""
    first = pair(BIG, parent_id=9, spoiler=True, pointer=True, target_id=BIG + 40)
    second = pair(BIG + 1, reference=TWO)
    command = pair(BIG + 2, message_id=None, guild_id=None)
    for one in (second, first, command, first):
        await cards.add(one)
    again = CardPairs(engine)
    assert await again.of_message(50) == (first, second)
    assert await again.of_card(BIG) == first
    assert await again.of_card(BIG + 2) == command
    assert await again.of_card(1) is None
    assert await again.of_message(1) == ()
    edited = replace(second, reference=THREE, spoiler=True)
    assert await cards.replace(second.card_id, edited)
    resent = replace(first, card_id=BIG + 7)
    assert await cards.replace(first.card_id, resent)
    assert await again.of_message(50) == (edited, resent)
    assert await again.about([BIG + 7]) == await again.about([BIG + 40]) == (resent,)
    assert await again.about([50, 1]) == (edited, resent)
    assert await again.about([]) == ()
    await cards.remove([edited.card_id, 12345])
    await cards.remove([])
    assert await again.of_message(50) == (resent,)
    assert not await cards.replace(edited.card_id, second)  # forgotten meanwhile
    assert await again.of_message(50) == (resent,)


async def test_a_channel_that_is_gone(cards: CardPairs) -> None:
    """Its pairs go with it, and those of its threads; a thread's alone with the thread."""
    for number, where in enumerate([CHANNEL, THREAD, THREAD + 1, CHANNEL + 9], 1):
        await cards.add(pair(number, channel_id=where, parent_id=CHANNEL if where in {THREAD, THREAD + 1} else None))
    assert await cards.forget_channel(THREAD) == 1
    assert [one.card_id for one in await cards.of_message(50)] == [1, 3, 4]
    assert await cards.forget_channel(CHANNEL) == 2
    assert [one.card_id for one in await cards.of_message(50)] == [4]


async def test_times_are_utc(cards: CardPairs) -> None:
    """A time of another zone is stored as UTC's, one without a zone is refused."""
    await cards.add(pair(1, made_at=NOW.astimezone(timezone(timedelta(hours=5)))))
    stored = (await cards.of_card(1)).made_at
    assert (stored, stored.utcoffset()) == (NOW, timedelta(0))
    with pytest.raises(StorageError):
        await cards.add(pair(2, made_at=NOW.replace(tzinfo=None)))


async def test_the_last_card_of_each_record(cards: CardPairs) -> None:
    """The cool-down asks once for all records of a message: the newest in that channel since a time, no pointers."""
    for one in (
        pair(1, made_at=NOW - 20 * MINUTE),
        pair(2, made_at=NOW - 5 * MINUTE),
        pair(3, made_at=NOW - 6 * MINUTE),
        pair(4, made_at=NOW - MINUTE, pointer=True),
        pair(5, made_at=NOW - MINUTE, channel_id=THREAD, parent_id=CHANNEL),
        pair(6, made_at=NOW - 30 * MINUTE, reference=TWO),
        pair(7, made_at=NOW - 10 * MINUTE, reference=THREE),
    ):
        await cards.add(one)
    found = await cards.last(CHANNEL, [ONE, TWO, THREE], NOW - 10 * MINUTE)
    assert {reference: one.card_id for reference, one in found.items()} == {ONE: 2, THREE: 7}
    assert await cards.last(CHANNEL, [], NOW - DAY) == {}


async def test_what_a_channel_saw(cards: CardPairs) -> None:
    """Recent cards come newest first; studies once each, oldest first, within the days asked for, threads on demand.

    A study is hidden where all of its cards are.
    """
    for one in (
        pair(1, made_at=NOW - 9 * DAY, reference=THREE),
        pair(2, made_at=NOW - 3 * DAY, reference=TWO, spoiler=True),
        pair(3, made_at=NOW - 2 * DAY, spoiler=True),
        pair(4, made_at=NOW - DAY, reference=TWO),
        pair(5, made_at=NOW - DAY / 2, pointer=True, reference=THREE),
        pair(6, made_at=NOW - 5 * DAY, channel_id=THREAD, parent_id=CHANNEL),
        pair(7, channel_id=THREAD + 1, parent_id=CHANNEL + 50),
    ):
        await cards.add(one)
    assert [one.card_id for one in await cards.recent(CHANNEL, most=3)] == [4, 3, 2]
    assert list((await cards.studies(CHANNEL, NOW - 7 * DAY)).items()) == [(TWO, False), (ONE, True)]
    assert list((await cards.studies(CHANNEL, NOW - 7 * DAY, threads=True)).items()) == [(ONE, False), (TWO, False)]
    assert await cards.studies(THREAD, NOW - 7 * DAY) == {ONE: False}
    assert await cards.studies(CHANNEL, NOW) == {}


async def test_forgetting_a_person(cards: CardPairs, engine: AsyncEngine) -> None:
    """Their pairs go and their ID leaves the history; others' stays, and so does the fact of each change."""
    channels = SettingsService(StoredSettings(engine), now=lambda: NOW)
    whole = Target(Scope.GUILD, GUILD)
    await channels.set(GUILD, whole, {"mode": Mode.ASK, "ignored_members": frozenset({ANN, BOB})}, by=ANN)
    await channels.set(GUILD, whole, {"mode": Mode.OFF, "ignored_roles": frozenset({ANN})}, by=BOB)
    await channels.set(GUILD, whole, {"ignored_members": None}, by=BOB)
    for one in (pair(1), pair(2, poster_id=BOB), pair(3, guild_id=None)):
        await cards.add(one)
    privacy = Privacy(People(engine), Guilds(engine), channels, now=lambda: NOW)
    await privacy.opt_out(ANN)
    assert await privacy.stored(ANN) == 2
    assert await privacy.erase(ANN) == 2
    assert await privacy.stored(ANN) == 0
    assert await cards.of_message(50) == (pair(2, poster_id=BOB),)
    told = {(entry.change.key, entry.change.old, entry.change.new, entry.by) for entry in await channels.history(GUILD)}
    assert told == {
        ("mode", None, Mode.ASK, None),
        ("mode", Mode.ASK, Mode.OFF, BOB),
        ("ignored_members", None, frozenset({BOB}), None),
        ("ignored_members", frozenset({BOB}), None, BOB),
        ("ignored_roles", None, frozenset({ANN}), BOB),
    }
    assert privacy.opted_out(ANN)
    assert await privacy.erase(ANN) == 0


async def test_who_wants_no_cards(engine: AsyncEngine) -> None:
    """Opting out and in holds at once, after a restart, and for another process once it looks; twice is once."""
    one, other = (Privacy(People(engine), Guilds(engine), None, now=lambda: NOW) for _ in range(2))
    await one.opt_out(ANN)
    await one.opt_out(ANN)
    await one.opt_out(BOB)
    assert one.opted_out(ANN)
    assert not other.opted_out(ANN)
    await other.refresh()
    assert other.opted_out(ANN)
    await other.opt_in(ANN)
    await other.opt_in(ANN)
    await one.refresh()
    assert (one.opted_out(ANN), one.opted_out(BOB)) == (other.opted_out(ANN), other.opted_out(BOB)) == (False, True)
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE people"))
    for attempt in (one.opt_out(ANN), one.opt_in(BOB), one.refresh()):
        with pytest.raises(StorageError):
            await attempt
    assert (one.opted_out(ANN), one.opted_out(BOB)) == (False, True)


async def test_what_is_kept_too_long_ends(cards: CardPairs, engine: AsyncEngine) -> None:
    """Pairs end after 90 days; a guild's all end 30 days after the bot left it, unless it came back."""
    guilds, now = Guilds(engine), NOW - 40 * DAY
    channels = SettingsService(StoredSettings(engine), now=lambda: now)
    privacy = Privacy(People(engine), guilds, channels, now=lambda: now)
    for guild_id in (GUILD, GUILD + 1, GUILD + 2, GUILD + 3):
        await guilds.joined(guild_id)
        await channels.set(guild_id, Target(Scope.GUILD, guild_id), {"mode": Mode.OFF}, by=ANN)
        await cards.add(pair(guild_id, guild_id=guild_id, made_at=NOW - 10 * DAY))
    await cards.add(pair(8, made_at=NOW - 91 * DAY, guild_id=None))
    await cards.add(pair(9, made_at=NOW - 89 * DAY, guild_id=None))
    for guild_id in (GUILD, GUILD + 1):
        await guilds.left(guild_id, NOW - 31 * DAY)
    await guilds.left(GUILD + 2, NOW - 29 * DAY)
    await guilds.left(GUILD, NOW)  # told again: the first time counts
    await guilds.joined(GUILD + 1)
    now = NOW
    assert await privacy.expire() == Expired(1, frozenset({GUILD}))
    assert await privacy.expire() == Expired(0, frozenset())
    assert [one.card_id for one in await cards.of_message(50)] == [9, GUILD + 1, GUILD + 2, GUILD + 3]
    assert channels.overrides(GUILD) == {}
    assert await channels.history(GUILD) == ()
    await channels.refresh()
    assert channels.overrides(GUILD) == {}
    for guild_id in (GUILD + 1, GUILD + 2, GUILD + 3):
        assert channels.overrides(guild_id)
        assert await channels.history(guild_id)


async def test_guilds_left_while_the_bot_was_away(engine: AsyncEngine) -> None:
    """At the start the guilds of this process's shards are compared: gone ones are noted, returned ones cleared."""
    guilds = Guilds(engine)
    of_shard = [[(number << 22) + 5 for number in range(1, 9) if number % 2 == shard] for shard in (0, 1)]
    for shard in (0, 1):
        await guilds.present(of_shard[shard], NOW - 50 * DAY, shards=[shard], shard_count=2)
    await guilds.present(of_shard[0][1:], NOW - 40 * DAY, shards=[0], shard_count=2)
    await guilds.present(of_shard[0][2:], NOW - 5 * DAY, shards=[0], shard_count=2)
    await guilds.present(of_shard[1][1:], NOW - 40 * DAY, shards=[1], shard_count=2)
    await guilds.present(of_shard[1], NOW - 39 * DAY, shards=[1], shard_count=2)
    await guilds.present([], NOW - 39 * DAY, shards=[], shard_count=2)
    expired = await guilds.expire(cards_before=NOW, left_before=NOW - 30 * DAY)
    assert expired.guilds == {of_shard[0][0]}
    expired = await guilds.expire(cards_before=NOW, left_before=NOW)
    assert expired.guilds == {of_shard[0][1]}
    await guilds.present([], NOW)
    expired = await guilds.expire(cards_before=NOW, left_before=NOW + DAY)
    assert expired.guilds == {*of_shard[0][2:], *of_shard[1]}


async def test_each_query_has_its_index(cards: CardPairs, engine: AsyncEngine) -> None:
    """Nothing that is asked of pairs, people, histories or settings goes through a whole table, and no index is idle."""
    people, guilds, choices, records = People(engine), Guilds(engine), StoredSettings(engine), Records(engine)
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")):
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await cards.of_message(1)
    await cards.of_card(1)
    await cards.about([1, 2])
    await cards.replace(1, pair(1))
    await cards.forget_channel(1)
    await cards.remove([1, 2])
    await cards.last(1, [ONE, TWO], NOW)
    await cards.recent(1, most=5)
    await cards.studies(1, NOW)
    await cards.studies(1, NOW, threads=True)
    await people.stored(1)
    await people.erase(1)
    await people.opt_in(1)
    await guilds.expire(cards_before=NOW, left_before=NOW)
    await guilds.erase([1])
    await guilds.left(1, NOW)
    await records.missing(ONE, NOW)
    await records.miss(ONE, NOW, NOW)
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
                text("SELECT name FROM sqlite_master WHERE name LIKE 'ix_%' AND tbl_name <> 'promises'")
            )
            assert [name for name in made if not any(name in plan for plan in plans)] == []


async def test_no_text_is_kept_of_messages(engine: AsyncEngine) -> None:
    """Of messages, cards and people the tables hold numbers, times and flags only."""
    async with engine.connect() as connection:
        for table in ("cards", "people", "guilds"):
            columns = await connection.run_sync(lambda sync, table=table: inspect(sync).get_columns(table))
            assert not {str(column["type"]).partition("(")[0] for column in columns} & {"TEXT", "VARCHAR", "BLOB", "BYTEA"}
