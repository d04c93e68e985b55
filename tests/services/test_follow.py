"""What one process changes holds in the others: two sets of services on one real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.people import People
from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import StorageError
from bot.services.guild_settings import SettingsService
from bot.services.privacy import Privacy
from bot.services.refresh import EVERY, WHOLE, follow

GUILD = 5
ALL = Target(Scope.GUILD, GUILD)


class Process:
    """What one process keeps in memory, and its own clock."""

    def __init__(self, engine: AsyncEngine, start: datetime) -> None:
        self.now = start
        self.engine = engine
        self.guilds = Guilds(engine)
        self.stored = StoredSettings(engine)
        self.channels = SettingsService(self.stored, now=lambda: self.now)
        self.privacy = Privacy(People(engine), now=lambda: self.now)

    async def set(self, mode: Mode, guild: int = GUILD) -> None:
        await self.channels.set(guild, Target(Scope.GUILD, guild), {"mode": mode}, by=6)

    def mode(self, guild: int = GUILD) -> object:
        return self.channels.overrides(guild).get(Target(Scope.GUILD, guild), {}).get("mode")


@dataclass
class Looks:
    """The time between looks, which passes as a test lets it."""

    now: float = 0
    _go: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    slept: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def sleep(self, seconds: float) -> None:
        self.slept.release()
        await self._go.acquire()
        self.now += seconds

    async def one(self) -> None:
        """Let one look be done whole."""
        self._go.release()
        async with asyncio.timeout(60):
            await self.slept.acquire()


@pytest.fixture
def here(engine: AsyncEngine) -> Process:
    return Process(engine, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def there(engine: AsyncEngine) -> Process:
    return Process(engine, datetime(2026, 11, 22, tzinfo=UTC))  # its clock is a day behind, which is nobody's business


@pytest.fixture
async def looks(there: Process) -> AsyncIterator[Looks]:
    """`there` follows."""
    looks = Looks()
    task = asyncio.create_task(follow(there.channels, there.privacy, clock=lambda: looks.now, sleep=looks.sleep))
    async with asyncio.timeout(60):
        await looks.slept.acquire()
    yield looks
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_change_holds_elsewhere_at_the_next_look(here: Process, there: Process, looks: Looks) -> None:
    """Choices and wishes, made and taken back, in whatever order of clocks."""
    for mode in (Mode.OFF, Mode.ASK):
        await here.set(mode)
        await here.privacy.opt_out(7)
        await looks.one()
        assert there.mode() is mode
        assert there.privacy.opted_out(7)
    await here.channels.reset(GUILD, by=6)
    await here.privacy.opt_in(7)
    await here.privacy.opt_out(8)
    await looks.one()
    assert there.mode() is None
    assert (there.privacy.opted_out(7), there.privacy.opted_out(8)) == (False, True)
    assert EVERY < 5


async def test_a_look_at_nothing_reads_nothing(engine: AsyncEngine, here: Process, there: Process, looks: Looks) -> None:
    """However many guilds chose long ago, a look at no change gets no row of them."""
    for guild in range(1, 40):
        await here.set(Mode.OFF, guild)
    await here.privacy.opt_out(7)
    await looks.one()
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE guilds SET changed_at = changed_at - 120"))
    asked = list[str]()

    def note(_connection, _cursor, statement, *_) -> None:
        asked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await looks.one()
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len(asked) == 2
    assert not any("settings" in statement for statement in asked)
    assert there.mode(39) is Mode.OFF


async def test_a_store_that_was_gone(here: Process, there: Process, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store does not answer, memory stays as it was; afterwards all that changed meanwhile is seen."""
    await here.set(Mode.OFF)
    await looks.one()
    with monkeypatch.context() as broken:

        async def gone(*_) -> None:
            raise StorageError("gone")

        for method in ("changed", "revisions"):
            broken.setattr(there.stored, method, gone)
        await here.set(Mode.ASK)
        for _ in range(int(60 / EVERY)):
            await looks.one()
        assert there.mode() is Mode.OFF
    await _age(there)
    await looks.one()
    assert there.mode() is Mode.ASK


async def test_what_was_missed_is_seen_in_time(here: Process, there: Process, looks: Looks) -> None:
    """A change that no look at the last minute shows is found by the comparison of all; an erased guild goes too."""
    await here.set(Mode.OFF)
    await here.set(Mode.OFF, 6)
    await looks.one()
    await here.set(Mode.ASK)
    await here.guilds.erase([6])
    await _age(here)
    await looks.one()
    assert there.mode() is Mode.OFF
    for _ in range(int(WHOLE / EVERY)):
        await looks.one()
    assert there.mode() is Mode.ASK
    assert there.mode(6) is None


async def _age(process: Process) -> None:
    """Let all changes be two minutes old."""
    async with process.engine.begin() as connection:
        await connection.execute(text("UPDATE guilds SET changed_at = changed_at - 120"))


async def test_a_guild_is_looked_at_by_itself(here: Process, there: Process) -> None:
    """What is about to be shown of one guild is what is stored, also where nothing is left of it or it began anew."""
    await there.channels.refresh_guild(GUILD)
    await here.set(Mode.OFF)
    await here.set(Mode.ASK)
    await there.channels.refresh_guild(GUILD)
    assert there.mode() is Mode.ASK
    await here.guilds.erase([GUILD])
    await there.channels.refresh_guild(GUILD)
    assert there.mode() is None
    here.channels.forget([GUILD])
    await here.set(Mode.OFF)
    await there.channels.refresh_guild(GUILD)
    assert there.mode() is Mode.OFF


async def test_one_s_own_change_is_not_undone(here: Process, there: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change made here while an older state is on its way stays."""
    await here.set(Mode.OFF)
    load = there.stored.load

    async def late(guild_ids):
        loaded = await load(guild_ids)
        await there.set(Mode.ASK)
        return loaded

    monkeypatch.setattr(there.stored, "load", late)
    await there.channels.refresh_recent(60)
    assert there.mode() is Mode.ASK
    await there.channels.refresh_guild(GUILD)
    assert there.mode() is Mode.ASK
    assert timedelta(0) < here.now - there.now
