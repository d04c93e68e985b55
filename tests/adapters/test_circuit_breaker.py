"""When a site is left alone, and when it is tried again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.adapters.site import circuit_breaker
from bot.adapters.site.circuit_breaker import CircuitBreaker
from bot.adapters.site.service_state import MemoryState, OpenPeriod
from bot.core.errors import Refused, TooBusy, Unreachable
from tests.adapters.conftest import FakeTime
from tests.adapters.test_rate_limiter import limiter
from tests.tables import table_of

GOOD, BAD, CANCEL, OTHER, OPEN = "an answer", "a failure", "cancelled", "another error", "open for 100 s"
UNSENT = "no turn"
WAIT = "ten seconds and a bit"


class Service:
    """A circuit breaker with three failures and ten seconds, and its rate limiter without a gap."""

    def __init__(self, fake_time: FakeTime, failures: int = 3) -> None:
        store = MemoryState(fake_time.clock)
        self.breaker = CircuitBreaker(store, failures=failures, seconds=10, failed=(Unreachable,))
        self.limiter = limiter(fake_time, gap=0, store=store)

    @asynccontextmanager
    async def request(self, asker: object) -> AsyncIterator[None]:
        self.breaker.check()
        async with self.limiter.turn() as turn, self.breaker.request(asker, probe=turn.probe):
            yield

    async def fail(self, asker: object, error: BaseException) -> None:
        with pytest.raises(type(error)):
            async with self.request(asker):
                raise error

    async def open(self, seconds: float) -> None:
        await self.breaker.open(OpenPeriod(seconds, seconds, Refused, "x"))

    async def passes(self) -> bool:
        try:
            async with self.request("last"):
                return True
        except (TooBusy, Refused):
            return False


OUTCOMES: dict[str, BaseException | None] = {
    "an answer": None,
    "a failure, not the last allowed": Unreachable("x"),
    "the last failure allowed": Unreachable("x"),
    "an answer to the probe": None,
    "a failure of the probe": Unreachable("x"),
    "a cancellation of the probe": asyncio.CancelledError(),
}


@pytest.mark.parametrize(("states", "event", "after"), table_of(circuit_breaker.__doc__))
async def test_the_table_of_states_holds(states: str, event: str, after: str, fake_time: FakeTime) -> None:
    """Each row, with a request that is the probe where the state says so."""
    for state in states.split(", "):
        service = Service(fake_time)
        failures = 0 if state == "closed" else 3
        if event == "the last failure allowed":
            failures = 2
        for asker in range(failures):
            await service.fail(asker, Unreachable("x"))
        if state == "probing" or event == "a request after the period":
            fake_time.now += 10.1
        request = service.request("one")
        if state == "probing":
            await request.__aenter__()
        assert service.breaker.state == state
        if event == "`open`":
            await service.open(100)
        elif "request" in event:
            request = service.request("another")
            if after.startswith("refused"):
                with pytest.raises(TooBusy):
                    await request.__aenter__()
            else:
                await request.__aenter__()
        else:
            if state != "probing":
                await request.__aenter__()
            error = OUTCOMES[event]
            await request.__aexit__(type(error) if error else None, error, None)
        assert service.breaker.state == after.removeprefix("refused: ")


@pytest.mark.parametrize(
    ("events", "passes"),
    [
        ([], True),
        ([BAD, BAD], True),
        ([BAD, BAD, BAD], False),
        ([BAD, BAD, GOOD, BAD, BAD], True),
        ([BAD, BAD, OTHER, BAD, BAD], True),
        ([BAD, BAD, CANCEL, BAD], False),
        ([BAD] * 3 + [WAIT], True),
        ([BAD] * 3 + [WAIT, GOOD, BAD, BAD], True),
        ([BAD] * 3 + [WAIT, OTHER, BAD, BAD], True),
        ([BAD] * 3 + [WAIT, BAD], False),
        ([BAD] * 3 + [WAIT, BAD, WAIT], True),
        ([BAD] * 3 + [WAIT, CANCEL], True),
        ([BAD] * 3 + [WAIT, CANCEL, BAD], False),
        ([BAD] * 3 + [WAIT, UNSENT], True),
        ([BAD] * 3 + [WAIT, UNSENT, BAD], False),
        ([BAD, BAD, UNSENT, BAD], False),
        ([OPEN], False),
        ([OPEN, WAIT], False),
        ([OPEN, *[WAIT] * 10], True),
        ([OPEN, *[WAIT] * 10, BAD, WAIT], False),
        ([BAD] * 3 + [OPEN, WAIT], False),
        ([OPEN, "open for 1 s", WAIT], False),
    ],
)
async def test_what_may_pass(events: list[str], passes: bool, fake_time: FakeTime) -> None:
    """Whether a request may pass after these events."""
    service = Service(fake_time)
    errors: dict[str, Any] = {
        BAD: Unreachable("x"),
        OTHER: ValueError(),
        CANCEL: asyncio.CancelledError(),
        UNSENT: TooBusy("x"),
    }
    for event in events:
        if event == WAIT:
            fake_time.now += 10.1
        elif event.startswith("open"):
            await service.open(float(event.split()[2]))
        elif event == GOOD:
            async with service.request(object()):
                pass
        else:
            await service.fail(object(), errors[event])
    assert await service.passes() is passes


async def test_breaker_counts_an_asker_once(fake_time: FakeTime) -> None:
    """Three tries for one page are one failure; three pages are three."""
    service = Service(fake_time)
    for asker in ("a", "a", "a", "b", "b"):
        await service.fail(asker, Unreachable("x"))
    assert service.breaker.state == "closed"
    await service.fail("c", Unreachable("x"))
    assert service.breaker.state == "open"


async def test_late_answers_change_nothing(fake_time: FakeTime) -> None:
    """A request sent before a refusal and answered well after it does not lift the refusal; nor does an old probe."""
    service = Service(fake_time, failures=1)
    async with service.request("early"):
        await service.open(100)
    assert not await service.passes()
    fake_time.now += 101
    async with service.request("probe"):
        assert service.breaker.state == "probing"
        assert not await service.passes()
        await service.open(100)
    assert not await service.passes()


async def test_a_refusal_while_a_request_waits_for_its_connection(fake_time: FakeTime) -> None:
    """A request that was prepared when the circuit opened does not leave, and does not make the period longer."""
    service = Service(fake_time)

    async def late() -> None:
        async with service.limiter.turn() as turn, service.breaker.request("late", probe=turn.probe):
            await service.open(100)
            fake_time.now += 40
            await turn.depart()

    with pytest.raises(Refused):
        await late()
    fake_time.now += 61
    assert await service.passes()
