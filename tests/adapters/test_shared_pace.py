"""Turns over all processes, on both databases: two paces on one database stand for two processes."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.database.slots import Slots
from bot.adapters.database.tables import TurnRow
from bot.adapters.site.rate_limiter import Rest
from bot.adapters.site.shared_pace import SharedPace
from bot.core.errors import Refused, TooBusy

EVERY = 0.1
PATIENCE = 30.0
HOUR = 3600.0
ROBOTS = Rest(HOUR, HOUR, Refused, "a block page")


def paces(engine: AsyncEngine, count: int = 2) -> list[SharedPace]:
    return [SharedPace(engine, "https://site.example") for _ in range(count)]


async def leave(pace: SharedPace, *, every: float = EVERY, delay: float | None = None, preparing: float = 0) -> float:
    """Take a turn; gives when it left."""
    async with pace.turn(every=every, delay=delay, patience=PATIENCE) as turn:
        await asyncio.sleep(preparing)
        await turn.depart()
        left = time.monotonic()
        await turn.departed()
    return left


async def shift(engine: AsyncEngine, seconds: float) -> None:
    """Let the database's clock jump: all times of the row move the other way."""
    async with engine.begin() as connection:
        await connection.execute(
            update(TurnRow).values(
                {name: getattr(TurnRow, name) - seconds for name in ("next_at", "left_at", "held_until", "rest_until")}
            )
        )


async def test_a_set_time_apart_over_all(engine: AsyncEngine) -> None:
    """Whoever asks where, requests leave a set time apart, however long each took to prepare."""
    here, there = paces(engine)
    left = await asyncio.gather(*(leave(pace, preparing=n % 3 / 10) for n, pace in enumerate([here, there] * 5)))
    assert min(later - sooner for sooner, later in pairwise(sorted(left))) >= EVERY * 0.99


async def test_a_restart_asks_no_sooner(engine: AsyncEngine) -> None:
    """The last departure is in the database, whatever became of the process."""
    first = await leave(paces(engine)[0], every=0.5)
    assert await leave(paces(engine)[0], every=0.5) - first >= 0.5 * 0.99


async def test_patience_over_all(engine: AsyncEngine) -> None:
    """Whose turn is too far away hears so at once, and keeps no slot."""
    slots = [Slots(engine, "site"), Slots(engine, "site")]
    ahead = [(await slots[n % 2].reserve(every=10, delay=None, patience=45)).ahead for n in range(5)]
    assert ahead == pytest.approx([0, 10, 20, 30, 40], abs=5)
    for _ in range(3):
        with pytest.raises(TooBusy):
            await slots[0].reserve(every=10, delay=None, patience=45)
    assert (await slots[1].reserve(every=10, delay=None, patience=60)).ahead == pytest.approx(50, abs=5)


async def test_names_have_turns_of_their_own(engine: AsyncEngine) -> None:
    """A site and a bucket of identifies do not wait for each other."""
    for name in ("site", "identify 0", "identify 1"):
        assert (await Slots(engine, name).reserve(every=10, delay=None, patience=0)).ahead <= 0


async def test_a_delay_that_one_has_read_holds_for_all(engine: AsyncEngine) -> None:
    """What robots.txt asks for is kept by a process that has not read it yet, also after a restart; until it says less."""
    slots = Slots(engine, "site")
    await slots.reserve(every=1, delay=20, patience=60)
    assert (await Slots(engine, "site").reserve(every=1, delay=None, patience=60)).ahead == pytest.approx(20, abs=5)
    assert (await slots.reserve(every=1, delay=0, patience=60)).ahead == pytest.approx(40, abs=5)
    assert (await slots.reserve(every=1, delay=None, patience=60)).ahead == pytest.approx(41, abs=5)


async def test_a_hold_holds_all(engine: AsyncEngine) -> None:
    """Nobody leaves during a hold, whoever asked for it, and those who wait already neither."""
    here, there = paces(engine)
    await leave(here)
    waiting = [asyncio.create_task(leave(there)) for _ in range(2)]
    await asyncio.sleep(0)
    began = time.monotonic()
    await here.hold(0.6)
    left = await asyncio.gather(*waiting, leave(here))
    assert sorted(left)[-2] - began >= 0.6 * 0.99  # one may have been on its way


async def test_a_refusal_stops_all_and_outlives_them(engine: AsyncEngine) -> None:
    """What one process learns keeps all from asking, those who wait and those who start later, until one request may try."""
    here, there = paces(engine)
    await leave(here, every=1)
    waiting = asyncio.create_task(leave(there, every=1))
    await asyncio.sleep(0.1)
    await here.leave(ROBOTS, tried=False)
    with pytest.raises(Refused, match="a block page"):
        await waiting
    for pace in (here, there, *paces(engine)):
        with pytest.raises(Refused, match="a block page"):
            await leave(pace)
    await here.leave(Rest(1, 1, TooBusy, "failures"), tried=False)
    with pytest.raises(Refused):
        await leave(there)
    await shift(engine, HOUR)
    async with there.turn(every=EVERY, delay=None, patience=PATIENCE) as turn:
        assert turn.rest is not None
        assert (turn.rest.seconds, turn.rest.why, turn.rest.reason) == (HOUR, Refused, "a block page")
        with pytest.raises(Refused):
            await leave(here)
        await turn.depart()
        await turn.departed()
    await there.answers()
    await leave(here)


async def test_who_tries_and_dies_holds_nobody_up_for_long(engine: AsyncEngine) -> None:
    """The request that tries has half a minute; then another one may."""
    here, there = paces(engine)
    await here.leave(ROBOTS, tried=False)
    await shift(engine, HOUR)
    async with here.turn(every=EVERY, delay=None, patience=PATIENCE) as turn:
        assert turn.rest is not None
    with pytest.raises(Refused):
        await leave(there)
    await shift(engine, 31)
    async with there.turn(every=EVERY, delay=None, patience=PATIENCE) as turn:
        assert turn.rest is not None
        await there.leave(Rest(50, HOUR, Refused, "again"), tried=True)
    with pytest.raises(Refused, match="again"):
        await leave(here)


async def test_a_clock_that_is_set_back(engine: AsyncEngine) -> None:
    """An hour that comes twice stops nothing for longer than it would have been stopped anyway."""
    here, there = paces(engine)
    await leave(here)
    await shift(engine, -HOUR)
    async with asyncio.timeout(PATIENCE):
        left = [await leave(there), await leave(here)]
    assert left[1] - left[0] >= EVERY * 0.99
    await here.leave(Rest(1, 1, TooBusy, "failures"), tried=False)
    await shift(engine, -HOUR)
    async with engine.begin() as connection:
        with pytest.raises(TooBusy):
            await leave(there)
        rest = await connection.scalar(text("SELECT rest_until - next_at FROM turns"))
    assert rest < 120
    await here.hold(1)
    await shift(engine, -HOUR)
    await here.answers()
    async with asyncio.timeout(PATIENCE):
        await leave(here)


async def test_a_clock_that_is_set_forward(engine: AsyncEngine) -> None:
    """Within one process the pause holds all the same."""
    [pace] = paces(engine, 1)
    first = await leave(pace, every=0.5)
    await shift(engine, HOUR)
    assert await leave(pace, every=0.5) - first >= 0.5 * 0.99


async def test_who_gives_up_stops_nobody(engine: AsyncEngine) -> None:
    """A caller who is cancelled leaves a slot that passes, and no lock."""
    [pace] = paces(engine, 1)
    tasks = [asyncio.create_task(leave(pace)) for _ in range(6)]
    await asyncio.sleep(EVERY)
    for task in tasks[::2]:
        task.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*tasks, return_exceptions=True)
        await leave(pace)


async def test_a_long_queue_that_dies_leaves_one_slot(engine: AsyncEngine) -> None:
    """However many wait in a process that ends, the next process waits for one slot at most."""
    here, there = paces(engine)
    await leave(here, every=1)
    tasks = [asyncio.create_task(leave(here, every=1)) for _ in range(20)]
    await asyncio.sleep(0.5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (await there.slots.reserve(every=1, delay=None, patience=30)).ahead < 3


@pytest.fixture
async def gone() -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine("postgresql+asyncpg://u@127.0.0.1:1/x")
    yield engine
    await engine.dispose()


async def test_without_the_database_nobody_asks(gone: AsyncEngine) -> None:
    """Where nobody can tell what other processes do, the site is left alone."""
    with pytest.raises(TooBusy, match="nobody knows whose turn"):
        await leave(paces(gone)[0])


async def test_who_is_alone_goes_on() -> None:
    """SQLite serves one process: where its file fails, that process's own clock serves, from its last departure on."""
    engine = create_async_engine("sqlite+aiosqlite://")  # without tables
    [pace] = paces(engine, 1)
    left = await asyncio.gather(*(leave(pace, every=0.3) for _ in range(3)))
    assert min(later - sooner for sooner, later in pairwise(sorted(left))) >= 0.3 * 0.99
    await engine.dispose()
