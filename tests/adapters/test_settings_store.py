"""Moderators' choices, through the service and the store that it stands on, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Change, ChannelSettings, Mode, Place, Scope, Size, Target
from bot.core.errors import BadSetting, BadSettingsFile, StorageError, UnknownStyle
from bot.services.guild_settings import SettingsService

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
GUILD = 1 << 62
WHOLE = Target(Scope.GUILD, GUILD)
CATEGORY = Target(Scope.CATEGORY, GUILD + 1)
CHANNEL = Target(Scope.CHANNEL, GUILD + 2)
PLACE = Place(GUILD, CHANNEL.id, CATEGORY.id)
ANN, BOB = GUILD + 11, GUILD + 12
STYLES = ["ieee", "nature", "apa", "american-medical-association", "modern-language-association"]


@pytest.fixture
def channels(engine: AsyncEngine) -> SettingsService:
    return SettingsService(StoredSettings(engine), now=lambda: NOW)


@pytest.fixture
async def other(engine: AsyncEngine, database_url: str) -> AsyncIterator[SettingsService]:
    """What another process on the same database has."""
    async with open_database(database_url) as second:
        yield SettingsService(StoredSettings(second), now=lambda: NOW)


async def test_what_is_chosen_holds_and_is_found_after_a_restart(channels: SettingsService, engine: AsyncEngine) -> None:
    """Values of every type, for guild, category and channel, come back from the database as they were set."""
    await channels.set(
        GUILD, WHOLE, {"mode": Mode.ASK, "log_channel": GUILD + 9, "ignored_roles": frozenset({5, 6})}, by=ANN
    )
    await channels.set(GUILD, CATEGORY, {"style": "MLA", "suppress": True}, by=ANN)
    await channels.set(GUILD, CHANNEL, {"max_cards": 1, "size": Size.COMPACT}, by=BOB)
    expected = ChannelSettings(
        mode=Mode.ASK,
        log_channel=GUILD + 9,
        ignored_roles=frozenset({5, 6}),
        style="modern-language-association",
        suppress=True,
        max_cards=1,
        size=Size.COMPACT,
    )
    again = SettingsService(StoredSettings(engine), now=lambda: NOW)
    assert again.effective(PLACE) == ChannelSettings()
    await again.refresh()
    assert again.effective(PLACE) == channels.effective(PLACE) == expected
    assert again.resolved(PLACE).origins == channels.resolved(PLACE).origins
    assert again.resolved(PLACE).origins["style"] == CATEGORY
    assert (
        again.effective(Place(GUILD + 5, CHANNEL.id, CATEGORY.id))
        == again.effective(Place(None, CHANNEL.id))
        == ChannelSettings()
    )


async def test_every_change_is_told(channels: SettingsService) -> None:
    """Who, when, where, which key, old and new: newest first, in pages; what changes nothing is not in it."""
    first = await channels.set(GUILD, WHOLE, {"mode": Mode.OFF, "cooldown": 0}, by=ANN)
    assert first == (Change(WHOLE, "mode", None, Mode.OFF), Change(WHOLE, "cooldown", None, 0))
    assert await channels.set(GUILD, WHOLE, {"mode": Mode.OFF}, by=BOB) == ()
    await channels.set(GUILD, WHOLE, {"mode": Mode.ASK}, by=BOB)
    await channels.set(GUILD, CHANNEL, {"ignored_members": frozenset({7})}, by=BOB)
    await channels.set(GUILD, WHOLE, {"mode": None}, by=ANN)
    told = await channels.history(GUILD)
    assert [(entry.change, entry.by, entry.at) for entry in told] == [
        (Change(WHOLE, "mode", Mode.ASK, None), ANN, NOW),
        (Change(CHANNEL, "ignored_members", None, frozenset({7})), BOB, NOW),
        (Change(WHOLE, "mode", Mode.OFF, Mode.ASK), BOB, NOW),
        (Change(WHOLE, "cooldown", None, 0), ANN, NOW),
        (Change(WHOLE, "mode", None, Mode.OFF), ANN, NOW),
    ]
    newest = await channels.history(GUILD, most=2)
    assert newest == told[:2]
    assert await channels.history(GUILD, most=2, before=newest[-1].number) == told[2:4]
    assert await channels.history(GUILD + 1) == ()


async def test_reset(channels: SettingsService) -> None:
    """One target's choices go, or all of the guild's; the history tells each."""
    await channels.set(GUILD, WHOLE, {"mode": Mode.OFF}, by=ANN)
    await channels.set(GUILD, CHANNEL, {"mode": Mode.ASK, "max_cards": 2}, by=ANN)
    await channels.set(GUILD + 5, Target(Scope.GUILD, GUILD + 5), {"mode": Mode.OFF}, by=ANN)
    assert len(await channels.reset(GUILD, CHANNEL, by=BOB)) == 2
    assert channels.effective(PLACE) == ChannelSettings(mode=Mode.OFF)
    assert await channels.reset(GUILD, by=BOB) == (Change(WHOLE, "mode", Mode.OFF, None),)
    assert channels.effective(PLACE) == ChannelSettings()
    assert channels.effective(Place(GUILD + 5, 1)).mode is Mode.OFF
    assert [entry.by for entry in await channels.history(GUILD, most=3)] == [BOB] * 3


async def test_export_and_import(channels: SettingsService) -> None:
    """A file restores what it was written from, each difference in the history; one that is refused changes nothing."""
    await channels.set(GUILD, WHOLE, {"mode": Mode.OFF, "style": "ieee"}, by=ANN)
    await channels.set(GUILD, CHANNEL, {"max_cards": 2}, by=ANN)
    kept, before = channels.export(GUILD), channels.overrides(GUILD)
    await channels.set(GUILD, WHOLE, {"mode": None, "style": "nature"}, by=ANN)
    await channels.set(GUILD, CATEGORY, {"mode": Mode.ASK}, by=ANN)
    assert await channels.replace(GUILD, kept.encode(), by=BOB) == (
        Change(WHOLE, "mode", None, Mode.OFF),
        Change(WHOLE, "style", "nature", "ieee"),
        Change(CATEGORY, "mode", Mode.ASK, None),
    )
    assert channels.overrides(GUILD) == before
    for wrong in (kept[:-20], json.dumps(json.loads(kept) | {"settings": {"style": "no-such"}})):
        with pytest.raises(BadSettingsFile):
            await channels.replace(GUILD, wrong.encode(), by=BOB)
    assert channels.overrides(GUILD) == before


@pytest.mark.parametrize(
    ("target", "key", "value", "error"),
    [
        (WHOLE, "max_cards", 9, BadSetting),
        (WHOLE, "nonsense", 1, BadSetting),
        (CHANNEL, "log_channel", 5, BadSetting),
        (WHOLE, "style", "no-such-style", UnknownStyle),
        (WHOLE, "ignored_roles", frozenset(range(1, 27)), BadSetting),
    ],
)
async def test_what_cannot_be_chosen_changes_nothing(target, key, value, error) -> None:
    """A wrong value is refused before the database is asked, with all that was to be set along with it."""
    channels = SettingsService(None, now=lambda: NOW)
    with pytest.raises(error):
        await channels.set(GUILD, target, {"mode": Mode.OFF, key: value}, by=ANN)
    assert channels.overrides(GUILD) == {}


async def test_two_moderators_at_once_lose_nothing(channels: SettingsService, other: SettingsService) -> None:
    """Many keys and targets, set at once from two processes: all are there, and the history tells what each replaced."""
    targets = [WHOLE, CATEGORY, *(Target(Scope.CHANNEL, GUILD + n) for n in range(20, 24))]
    keys = {"mode": Mode.OFF, "max_cards": 3, "cooldown": 60, "suppress": True}
    await asyncio.gather(
        *(
            (channels if (place + number) % 2 else other).set(GUILD, target, {key: value}, by=ANN + number)
            for place, target in enumerate(targets)
            for number, (key, value) in enumerate(keys.items())
        ),
        *(
            (channels if number % 2 else other).set(GUILD, WHOLE, {"style": style}, by=BOB)
            for number, style in enumerate(STYLES)
        ),
    )
    await asyncio.gather(channels.refresh(), other.refresh())
    stored = {target: dict(values) for target, values in channels.overrides(GUILD).items()}
    told = await channels.history(GUILD, most=99)
    styles = [entry.change for entry in told if entry.change.key == "style"]
    assert stored[WHOLE].pop("style") == styles[0].new
    assert [change.old for change in styles] == [*(change.new for change in styles[1:]), None]
    assert stored == dict.fromkeys(targets, keys)
    assert other.overrides(GUILD) == channels.overrides(GUILD)
    assert len(told) == len(targets) * len(keys) + len(STYLES)


async def test_a_failure_changes_nothing(channels: SettingsService, engine: AsyncEngine) -> None:
    """Where the history cannot be written, the change is not made either: neither in memory nor in the database."""
    await channels.set(GUILD, WHOLE, {"mode": Mode.ASK}, by=ANN)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE changes RENAME TO gone"))
    for attempt in (
        channels.set(GUILD, WHOLE, {"mode": Mode.OFF}, by=BOB),
        channels.reset(GUILD, by=BOB),
        channels.history(GUILD),
    ):
        with pytest.raises(StorageError):
            await attempt
    assert channels.effective(PLACE).mode is Mode.ASK
    again = SettingsService(StoredSettings(engine), now=lambda: NOW)
    await again.refresh()
    assert again.overrides(GUILD) == channels.overrides(GUILD)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE guilds RENAME TO away"))
    with pytest.raises(StorageError):
        await channels.refresh()
    assert channels.effective(PLACE).mode is Mode.ASK


async def test_refresh_takes_in_what_others_did(
    channels: SettingsService, other: SettingsService, engine: AsyncEngine
) -> None:
    """Changes, first choices and erased guilds of another process are known after a refresh, none of one's own lost."""
    await channels.set(GUILD, WHOLE, {"mode": Mode.OFF}, by=ANN)
    await other.refresh()
    assert other.effective(PLACE).mode is Mode.OFF
    await other.set(GUILD, WHOLE, {"style": "ieee"}, by=BOB)
    await other.set(GUILD + 5, Target(Scope.GUILD, GUILD + 5), {"mode": Mode.ASK}, by=BOB)
    assert channels.effective(PLACE).style == "apa"
    await asyncio.gather(channels.refresh(), channels.set(GUILD, CHANNEL, {"max_cards": 2}, by=ANN))
    assert channels.effective(PLACE) == ChannelSettings(mode=Mode.OFF, style="ieee", max_cards=2)
    assert channels.effective(Place(GUILD + 5, 1)).mode is Mode.ASK
    guilds = Guilds(engine)
    await guilds.left(GUILD, NOW)
    expired = await guilds.expire(cards_before=NOW, left_before=NOW + timedelta(days=1))
    channels.forget(expired.guilds)
    assert channels.effective(PLACE) == ChannelSettings()
    await channels.set(GUILD, WHOLE, {"mode": Mode.ASK}, by=ANN)
    await other.refresh()
    assert other.effective(PLACE) == channels.effective(PLACE) == ChannelSettings(mode=Mode.ASK)
    await guilds.erase([GUILD])
    await other.refresh()
    assert other.overrides(GUILD) == {}


@pytest.mark.parametrize("known", [True, False])
async def test_a_change_during_a_refresh_is_not_undone(engine: AsyncEngine, known: bool) -> None:
    """What is set while a refresh still holds an older state stays, for a known guild as for one that had nothing."""
    if known:
        await SettingsService(StoredSettings(engine), now=lambda: NOW).set(GUILD, WHOLE, {"cooldown": 1}, by=ANN)
    read, go_on = asyncio.Event(), asyncio.Event()

    class Slow(StoredSettings):
        async def load(self, guild_ids):
            loaded = await super().load(guild_ids)
            read.set()
            await go_on.wait()
            return loaded

    channels = SettingsService(Slow(engine), now=lambda: NOW)
    refresh = asyncio.create_task(channels.refresh())
    await read.wait()
    await channels.set(GUILD, WHOLE, {"mode": Mode.OFF}, by=ANN)
    go_on.set()
    await refresh
    assert channels.effective(PLACE) == ChannelSettings(mode=Mode.OFF, cooldown=1 if known else ChannelSettings().cooldown)


async def test_values_of_another_version_are_left_alone(channels: SettingsService, engine: AsyncEngine) -> None:
    """A key or value that this version does not know counts for nothing, is not destroyed, and is told as it stands."""
    await channels.set(GUILD, WHOLE, {"mode": Mode.OFF, "max_cards": 2}, by=ANN)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE settings SET value = '\"new-mode\"' WHERE key = 'mode'"))
        await connection.execute(text("UPDATE settings SET key = 'new_key' WHERE key = 'max_cards'"))
        await connection.execute(text("UPDATE changes SET new = '\"new-mode\"' WHERE key = 'mode'"))
        await connection.execute(text("UPDATE changes SET key = 'new_key' WHERE key = 'max_cards'"))
    again = SettingsService(StoredSettings(engine), now=lambda: NOW)
    await again.refresh()
    assert again.effective(PLACE) == ChannelSettings()
    await again.set(GUILD, WHOLE, {"style": "ieee"}, by=ANN)
    async with engine.begin() as connection:
        rows = (await connection.execute(text("SELECT key, value FROM settings"))).all()
    assert {tuple(row) for row in rows} == {("mode", '"new-mode"'), ("new_key", "2"), ("style", '"ieee"')}
    assert {entry.change.new for entry in await again.history(GUILD)} == {'"new-mode"', "2", "ieee"}


async def test_a_message_costs_no_query(channels: SettingsService, engine: AsyncEngine) -> None:
    """With the tables gone, what was chosen still holds."""
    await channels.set(GUILD, WHOLE, {"mode": Mode.OFF}, by=ANN)
    async with engine.begin() as connection:
        for table in ("settings", "guilds"):
            await connection.execute(text(f"DROP TABLE {table}"))
    assert channels.effective(PLACE).mode is Mode.OFF
