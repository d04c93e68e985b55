"""Turns at a site, in one process and in many."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site.rate_limiter import RateLimiter
from bot.adapters.site.service_state import MemoryState, OpenPeriod, ServiceState, StateStore, Terms
from bot.core.errors import Refused, SiteError, TooBusy
from tests.adapters.conftest import FakeTime, timing

T = TypeVar("T")


def limiter(fake_time: FakeTime, *, gap: float, patience: float = 60, store: StateStore | None = None) -> RateLimiter:
    return RateLimiter(store or MemoryState(fake_time.clock), gap=gap, patience=patience, timing=timing(fake_time))


async def test_turns(fake_time: FakeTime) -> None:
    """Turns come in the order of asking, a set time apart; giving up leaves no gap; a wait too long is refused at once."""
    turns = limiter(fake_time, gap=2, patience=8)
    came: list[tuple[int, float]] = []

    async def ask(number: int) -> None:
        async with turns.turn() as turn:
            came.append((number, fake_time.now - 1000))
            await turn.depart()

    tasks = [asyncio.create_task(ask(number)) for number in range(7)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    tasks[0].cancel()  # it had its turn
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert came == [(0, 0), (1, 2), (3, 4), (4, 6)]
    assert [type(result).__name__ for result in results] == ["NoneType", "NoneType", "CancelledError"] + ["NoneType"] * 2 + [
        "TooBusy"
    ] * 2
    assert turns.waiting == 0


async def test_held_turns(fake_time: FakeTime) -> None:
    """A hold moves everyone, those who sleep already too; a shorter one changes nothing."""
    turns = limiter(fake_time, gap=2, patience=30)

    async def ask() -> None:
        async with turns.turn() as mine:
            await mine.depart()

    await ask()
    waiting = [asyncio.create_task(ask()) for _ in range(2)]
    await asyncio.sleep(0)
    await turns.hold(10)
    await turns.hold(1)
    await waiting[0]
    assert fake_time.now == 1010
    await waiting[1]
    assert fake_time.now == 1012
    await turns.hold(31)
    with pytest.raises(TooBusy):
        await ask()


async def test_departures(fake_time: FakeTime) -> None:
    """Requests leave a set time apart, however long each took to prepare; robots.txt's delay counts before and after."""
    turns, left = limiter(fake_time, gap=1), list[float]()

    async def ask(delay: float | None, preparing: float) -> None:
        async with turns.turn(delay=delay) as turn:
            await fake_time.wait(preparing)
            await turn.depart()
            left.append(fake_time.now - 1000)
            await turn.departed()
            await fake_time.wait(0.1)

    await asyncio.gather(ask(None, 5), ask(None, 0), ask(3, 0), ask(0, 0.5))
    assert left == [5, 6, 9, 12.5]


OPERATION = st.tuples(st.sampled_from(["reserve", "depart", "hold", "open", "pass"]), st.floats(0, 20))


@given(st.lists(OPERATION, max_size=60))
def test_whatever_processes_do(operations: list[tuple[str, float]]) -> None:
    """No two requests leave closer than the gap, none during a hold or an open period."""
    state, terms, now = ServiceState(), Terms(gap=2, patience=30), 1000.0
    left = held = opened = 0.0
    for number, (operation, seconds) in enumerate(operations):
        if operation == "pass":
            now += seconds / 4
        elif operation == "hold":
            state.hold(now, seconds)
            held = max(held, now + seconds)
        elif operation == "open":
            state.open(now, OpenPeriod(seconds, seconds, Refused, "x"))
            opened = max(opened, now + seconds)
        elif operation == "reserve":
            assert isinstance(state.reserve(now, terms), SiteError) or now >= opened
        elif state.depart(now, terms, None, str(number)) == 0:
            assert now >= max(left + terms.gap, held, opened)
            left = now


class SlowStore(MemoryState):
    """A store that takes a second for each step."""

    def __init__(self, fake_time: FakeTime) -> None:
        super().__init__(fake_time.clock)
        self.steps = 0
        self._time = fake_time

    async def apply(self, step: Callable[[ServiceState, float], T]) -> T:
        self.steps += 1
        self._time.now += 1
        return await super().apply(step)


async def test_a_slow_store(fake_time: FakeTime) -> None:
    """A request that was let go slowly asks once more, and then leaves."""
    store = SlowStore(fake_time)
    async with limiter(fake_time, gap=1, store=store).turn() as turn:
        await turn.depart()
    assert store.steps == 3


async def test_a_gap_of_its_own(fake_time: FakeTime) -> None:
    """A request may ask for a longer gap than the limiter's, before and after it."""
    turns, left = limiter(fake_time, gap=1), list[float]()
    for gap in (None, None, 5, None):
        async with turns.turn(gap=gap) as turn:
            await turn.depart()
            left.append(fake_time.now - 1000)
            await turn.departed()
    assert left == [0, 1, 6, 11]
