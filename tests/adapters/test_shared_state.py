"""The state of a service that processes share, on both databases: two stores on one database stand for two processes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import NamedTuple

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.database.shared_state import DatabaseState
from bot.adapters.database.tables import ServiceRow
from bot.adapters.site.circuit_breaker import CircuitBreaker
from bot.adapters.site.rate_limiter import RateLimiter, Turn
from bot.adapters.site.service_state import OpenPeriod, Slot, Terms, Timing
from bot.core.errors import Refused, SiteError, TooBusy, Unreachable

GAP = 0.1
PATIENCE = 60.0
HOUR = 3600.0
BLOCKED = OpenPeriod(HOUR, HOUR, Refused, "a block page")


class Process:
    """What one process has of the service."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.store = DatabaseState(engine, "site https://site.example")
        self.asleep = asyncio.Event()
        """A request waits for its turn."""
        self.limiter = RateLimiter(self.store, gap=GAP, patience=PATIENCE, timing=Timing(sleep=self._sleep))
        self.breaker = CircuitBreaker(self.store, failures=3, seconds=60, failed=(Unreachable,))

    async def _sleep(self, seconds: float) -> None:
        self.asleep.set()
        await asyncio.sleep(seconds)

    @asynccontextmanager
    async def request(self, *, gap: float | None = None, delay: float | None = None) -> AsyncIterator[Turn]:
        self.breaker.check()
        async with self.limiter.turn(gap=gap, delay=delay) as turn, self.breaker.request(self, probe=turn.probe):
            yield turn


def processes(engine: AsyncEngine, count: int = 2) -> list[Process]:
    return [Process(engine) for _ in range(count)]


class Left(NamedTuple):
    """Between which two times a request was let go: a busy machine may learn late of it."""

    soonest: float
    latest: float


async def leave(process: Process, *, gap: float | None = None, preparing: float = 0) -> Left:
    """Send a request; gives when it left."""
    async with process.request(gap=gap) as turn:
        await asyncio.sleep(preparing)
        soonest = time.monotonic()
        await turn.depart()
        left = Left(soonest, time.monotonic())
        await turn.departed()
    return left


def apart(*left: Left) -> float:
    """Give the seconds between the two requests that left closest to each other."""
    return min(later.latest - sooner.soonest for sooner, later in pairwise(sorted(left, key=lambda one: one.latest)))


async def fail(process: Process) -> None:
    """Send a request that fails, as the probe."""
    async with process.request() as turn:
        assert turn.probe is not None
        raise Unreachable("again")


async def reserve(
    store: DatabaseState, *, gap: float = 10, delay: float | None = None, patience: float = 45
) -> Slot | SiteError:
    return await store.apply(lambda state, now: state.reserve(now, Terms(gap, patience, delay)))


async def ahead(store: DatabaseState, *, gap: float = 10, delay: float | None = None, patience: float = 45) -> float:
    slot = await reserve(store, gap=gap, delay=delay, patience=patience)
    assert isinstance(slot, Slot)
    return slot.ahead


async def shift(engine: AsyncEngine, seconds: float) -> None:
    """Let the database's clock jump: all times of the row move the other way."""
    async with engine.begin() as connection:
        await connection.execute(
            update(ServiceRow).values(
                {
                    name: getattr(ServiceRow, name) - seconds
                    for name in ("next_free", "last_sent", "held_until", "open_until")
                }
            )
        )


async def test_a_set_time_apart_over_all(engine: AsyncEngine) -> None:
    """Whoever asks where, requests leave a set time apart, however long each took to prepare."""
    here, there = processes(engine)
    left = await asyncio.gather(*(leave(process, preparing=n % 3 / 10) for n, process in enumerate([here, there] * 5)))
    assert apart(*left) >= GAP * 0.99


async def test_a_restart_asks_no_sooner(engine: AsyncEngine) -> None:
    """The last departure is in the database, whatever became of the process."""
    first = await leave(processes(engine)[0], gap=0.5)
    assert apart(first, await leave(processes(engine)[0], gap=0.5)) >= 0.5 * 0.99


async def test_patience_over_all(engine: AsyncEngine) -> None:
    """Whose turn is too far away hears so at once, and keeps no slot."""
    stores = [DatabaseState(engine, "site"), DatabaseState(engine, "site")]
    slots = [await ahead(stores[n % 2]) for n in range(5)]
    assert slots == pytest.approx([0, 10, 20, 30, 40], abs=5)
    for _ in range(3):
        assert isinstance(await reserve(stores[0]), TooBusy)
    assert await ahead(stores[1], patience=60) == pytest.approx(50, abs=5)


async def test_names_have_turns_of_their_own(engine: AsyncEngine) -> None:
    """A site and a bucket of identifies do not wait for each other."""
    for name in ("site", "identify 0", "identify 1"):
        assert await ahead(DatabaseState(engine, name), patience=0) <= 0


async def test_a_delay_that_one_has_read_holds_for_all(engine: AsyncEngine) -> None:
    """What robots.txt asks for is kept by a process that has not read it yet, also after a restart; until it says less."""
    here, there = DatabaseState(engine, "site"), DatabaseState(engine, "site")
    await ahead(here, gap=1, delay=20, patience=60)
    assert await ahead(there, gap=1, patience=60) == pytest.approx(20, abs=5)
    assert await ahead(here, gap=1, delay=0, patience=60) == pytest.approx(40, abs=5)
    assert await ahead(here, gap=1, patience=60) == pytest.approx(41, abs=5)


async def test_a_hold_holds_all(engine: AsyncEngine) -> None:
    """Nobody leaves during a hold, whoever asked for it, and those who wait already neither."""
    here, there = processes(engine)
    await leave(here)
    waiting = [asyncio.create_task(leave(there)) for _ in range(2)]
    await asyncio.sleep(0)
    began = time.monotonic()
    await here.limiter.hold(0.6)
    left = await asyncio.gather(*waiting, leave(here))
    assert sorted(one.latest for one in left)[-2] - began >= 0.6 * 0.99  # one may have been on its way


async def test_a_refusal_stops_all_and_outlives_them(engine: AsyncEngine) -> None:
    """What one process learns keeps all from asking, those who wait and those who start later, until one request may try."""
    here, there = processes(engine)
    await leave(here, gap=1)
    waiting = asyncio.create_task(leave(there, gap=1))
    await there.asleep.wait()
    await here.breaker.open(BLOCKED)
    with pytest.raises(Refused, match="a block page"):
        await waiting
    for process in (here, there, *processes(engine)):
        with pytest.raises(Refused, match="a block page") as caught:
            await leave(process)
        assert HOUR - 100 < (caught.value.retry_after or 0) < HOUR + 1
        assert process.breaker.state == "open"
    await here.breaker.open(OpenPeriod(1, 1, TooBusy, "failures"))
    with pytest.raises(Refused):
        await leave(there)
    await shift(engine, HOUR)
    here, there = processes(engine)
    async with there.request() as turn:
        period = there.breaker.period
        assert period is not None
        assert (period.seconds, period.error, period.reason) == (HOUR, Refused, "a block page")
        assert there.breaker.state == "probing"
        with pytest.raises(Refused):
            await leave(here)
        await turn.depart()
        await turn.departed()
    assert there.breaker.state == "closed"
    await leave(processes(engine)[0])


async def test_a_probe_that_dies_holds_nobody_up_for_long(engine: AsyncEngine) -> None:
    """The probe has half a minute; then another request may be the probe, and what becomes of the first does not count."""
    [first] = processes(engine, 1)
    await first.breaker.open(BLOCKED)
    await shift(engine, HOUR)
    [first, second, third] = processes(engine, 3)
    async with first.request() as turn:
        assert turn.probe is not None
        with pytest.raises(Refused):
            await leave(second)
        await shift(engine, 31)
        [second] = processes(engine, 1)
        with pytest.raises(Unreachable):
            await fail(second)
    with pytest.raises(Refused, match="a block page") as caught:
        await leave(third)
    assert (caught.value.retry_after or 0) > HOUR - 100


async def test_a_period_that_could_not_be_told(engine: AsyncEngine) -> None:
    """A process keeps to what it learned while the database failed, and tells the others once the database is back."""
    here, there = processes(engine)
    await leave(here)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE turns RENAME TO gone"))
    await here.breaker.open(BLOCKED)
    with pytest.raises(Refused, match="a block page"):
        await leave(here)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE gone RENAME TO turns"))
    await here.limiter.hold(0)
    with pytest.raises(Refused, match="a block page"):
        await leave(there)


async def test_a_clock_that_is_set_back(engine: AsyncEngine) -> None:
    """An hour that comes twice stops nothing for longer than it would have been stopped anyway."""
    here, there = processes(engine)
    await leave(here)
    await shift(engine, -HOUR)
    async with asyncio.timeout(PATIENCE):
        left = [await leave(there), await leave(here)]
    assert apart(*left) >= GAP * 0.99
    await here.breaker.open(OpenPeriod(1, 1, TooBusy, "failures"))
    await shift(engine, -HOUR)
    with pytest.raises(TooBusy):
        await leave(there)
    async with engine.begin() as connection:
        rest = await connection.scalar(text("SELECT rest_until - next_at FROM turns"))
    assert rest < 120
    await here.limiter.hold(1)
    await shift(engine, -HOUR)
    with pytest.raises(TooBusy, match="failures") as caught:
        await leave(processes(engine)[0])
    assert (caught.value.retry_after or 0) <= 1
    await shift(engine, 2)
    async with asyncio.timeout(PATIENCE):
        await leave(processes(engine)[0])


async def test_a_clock_that_is_set_forward(engine: AsyncEngine) -> None:
    """Within one process the pause holds all the same."""
    [process] = processes(engine, 1)
    first = await leave(process, gap=0.5)
    await shift(engine, HOUR)
    assert apart(first, await leave(process, gap=0.5)) >= 0.5 * 0.99


async def test_who_gives_up_stops_nobody(engine: AsyncEngine) -> None:
    """A caller who is cancelled leaves a slot that passes, and no lock."""
    [process] = processes(engine, 1)
    tasks = [asyncio.create_task(leave(process)) for _ in range(6)]
    await process.asleep.wait()
    for task in tasks[::2]:
        task.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*tasks, return_exceptions=True)
        await leave(process)


async def test_a_long_queue_that_dies_leaves_one_slot(engine: AsyncEngine) -> None:
    """However many wait in a process that ends, the next process waits for one slot at most."""
    here, there = processes(engine)
    await leave(there, gap=1)
    tasks = [asyncio.create_task(leave(here, gap=1)) for _ in range(20)]
    await here.asleep.wait()  # the first has a slot
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await ahead(there.store, gap=1) < 3


@pytest.fixture
async def gone() -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine("postgresql+asyncpg://u@127.0.0.1:1/x")
    yield engine
    await engine.dispose()


async def test_without_the_database_nobody_asks(gone: AsyncEngine) -> None:
    """Where nobody can tell what other processes do, the site is left alone."""
    with pytest.raises(TooBusy, match="cannot be read"):
        await leave(processes(gone)[0])


async def test_who_is_alone_goes_on() -> None:
    """SQLite serves one process: where its file fails, that process's own clock serves, from its last departure on."""
    engine = create_async_engine("sqlite+aiosqlite://")  # without tables
    [process] = processes(engine, 1)
    left = await asyncio.gather(*(leave(process, gap=0.3) for _ in range(3)))
    assert apart(*left) >= 0.3 * 0.99
    await engine.dispose()
