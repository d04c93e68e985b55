"""What is forgotten of replies, and when: people, guilds, and what is old."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.jobs import SqlJobs
from bot.adapters.stores.people import People
from bot.adapters.stores.replies import SqlReplies
from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import StorageError
from bot.services.guild_ports import Expired
from bot.services.guild_settings import SettingsService
from bot.services.privacy import Privacy
from bot.services.retention import Retention
from tests.adapters.test_replies import ANN, BOB, DAY, GUILD, NOW, THREE, TWO, reply


@pytest.fixture
def replies(engine: AsyncEngine) -> SqlReplies:
    return SqlReplies(engine, SharedTransactions(engine))


async def test_forgetting_a_person(replies: SqlReplies, engine: AsyncEngine) -> None:
    """Their pairs go and their ID leaves the history; others' stays, and so does the fact of each change."""
    channels = SettingsService(StoredSettings(engine), now=lambda: NOW)
    whole = Target(Scope.GUILD, GUILD)
    await channels.set(GUILD, whole, {"mode": Mode.ASK, "ignored_members": frozenset({ANN, BOB})}, by=ANN)
    await channels.set(GUILD, whole, {"mode": Mode.OFF, "ignored_roles": frozenset({ANN})}, by=BOB)
    await channels.set(GUILD, whole, {"ignored_members": None}, by=BOB)
    for one in (reply(1), reply(2, poster_id=BOB, reference=TWO), reply(3, guild_id=None, reference=THREE)):
        await replies.add(one)
    privacy = Privacy(People(engine), now=lambda: NOW)
    await privacy.opt_out(ANN)
    assert await privacy.stored(ANN) == 2
    assert await privacy.erase(ANN) == 2
    assert await privacy.stored(ANN) == 0
    assert await replies.of_message(50) == (reply(2, poster_id=BOB, reference=TWO),)
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
    one, other = (Privacy(People(engine), now=lambda: NOW) for _ in range(2))
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


async def test_what_is_kept_too_long_ends(replies: SqlReplies, engine: AsyncEngine) -> None:
    """Pairs end after 90 days; a guild's all end 30 days after the bot left it, unless it came back."""
    guilds, now = Guilds(engine), NOW - 40 * DAY
    channels = SettingsService(StoredSettings(engine), now=lambda: now)
    retention = Retention(guilds, SqlJobs(engine, SharedTransactions(engine), lambda: now), channels, now=lambda: now)
    for guild_id in (GUILD, GUILD + 1, GUILD + 2, GUILD + 3):
        await guilds.joined(guild_id)
        await channels.set(guild_id, Target(Scope.GUILD, guild_id), {"mode": Mode.OFF}, by=ANN)
        await replies.add(reply(guild_id, message_id=guild_id, guild_id=guild_id, made_at=NOW - 10 * DAY))
    await replies.add(reply(8, message_id=8, made_at=NOW - 91 * DAY, guild_id=None))
    await replies.add(reply(9, message_id=9, made_at=NOW - 89 * DAY, guild_id=None))
    for guild_id in (GUILD, GUILD + 1):
        await guilds.left(guild_id, NOW - 31 * DAY)
    await guilds.left(GUILD + 2, NOW - 29 * DAY)
    await guilds.left(GUILD, NOW)  # told again: the first time counts
    await guilds.joined(GUILD + 1)
    now = NOW
    assert await retention.expire() == Expired(1, frozenset({GUILD}))
    assert await retention.expire() == Expired(0, frozenset())
    assert set(await replies.get([8, 9, GUILD, GUILD + 1, GUILD + 2, GUILD + 3])) == {9, GUILD + 1, GUILD + 2, GUILD + 3}
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


async def test_no_text_is_kept_of_messages(engine: AsyncEngine) -> None:
    """Of messages, cards and people the tables hold numbers, times, flags and the IDs of records only."""
    kinds = {"TEXT", "VARCHAR", "BLOB", "BYTEA"}
    async with engine.connect() as connection:
        for table in ("replies", "people", "guilds"):
            columns = await connection.run_sync(lambda sync, table=table: inspect(sync).get_columns(table))
            texts = {column["name"] for column in columns if str(column["type"]).partition("(")[0] in kinds}
            assert texts <= {"reference", "failed"}
