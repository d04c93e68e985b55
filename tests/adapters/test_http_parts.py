"""The parts that requests go through, each alone: Retry-After, bodies, turns, the breaker's table, robots rules."""

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site import responses as answers
from bot.adapters.site.body import read_body
from bot.adapters.site.circuit_breaker import CircuitBreaker
from bot.adapters.site.rate_limiter import RateLimiter
from bot.adapters.site.responses import MayPass
from bot.adapters.site.retry_after import LONGEST_WAIT, retry_after
from bot.adapters.site.robots import Robots
from bot.adapters.site.service_state import MemoryState, OpenPeriod, ServiceState, StateStore, Terms
from bot.core.errors import BadAnswer, Refused, SiteError, TooBusy, Unreachable
from tests.adapters.conftest import FakeTime, timing

T = TypeVar("T")

HOSTS = frozenset({"erowid.org", "www.erowid.org"})
NOW = 1_000_000_000.0  # Sun, 09 Sep 2001 01:46:40 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("9" * 5000, LONGEST_WAIT),
        ("-5", None),
        ("1.5", None),
        ("\u0663", None),
        ("soon", None),
        ("Sun, 09 Sep 2001 01:46:50 GMT", 10),
        ("Sunday, 09-Sep-01 01:46:50 GMT", 10),
        ("Sun Sep  9 01:46:50 2001", 10),
        ("Sun, 09 Sep 2001 01:46:30 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Sun, 99 Sep 2001 01:46:50 GMT", None),
        ("Sun, 09 Sep 2001 01:46:50 -0000", None),
        ("Sun, 09 Sep 2001 01:46:50 EST", None),
        ("Sun, 9 Sep 2001 01:46:50 GMT", None),
        ("sun, 09 sep 2001 01:46:50 gmt", None),
        ("Sunday, 09-Sep-2001 01:46:50 GMT", None),
        ("Sunday, 09-Sep-51 01:46:50 GMT", LONGEST_WAIT),
        ("Sunday, 09-Sep-52 01:46:50 GMT", 0),
        ("Sun Sep 09 01:46:50 2001", 10),
        ("Fri, 30 Feb 2001 01:46:50 GMT", None),
        ("Sun, 09 Sep 2001 25:46:50 GMT", None),
        ("2001-09-09T01:46:50Z", None),
        ("09 Sep 2001 01:46:50 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Seconds, or one of the three forms of an HTTP date; nothing else, and nothing absurd."""
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_retry_after_of_anything(value: str) -> None:
    """Whatever stands there, it is a bounded number or nothing."""
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@given(st.text())
def test_next_hop_of_anything(location: str) -> None:
    """Whatever a Location says, it leads to one of the site's hosts over https, or nowhere."""
    canonical = httpx.URL("https://www.erowid.org/references/refs_view.php?ID=1")
    try:
        target = answers.next_hop(canonical, HOSTS, canonical, location)
    except BadAnswer:
        return
    assert target.scheme == "https"
    assert target.host in HOSTS
    assert not target.userinfo


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (None, None),
        ("text/html", None),
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/html;charset="windows-1252"; x=y', "windows-1252"),
        ("text/html; charset=", None),
        ("text/html; charset=''", "''"),
        ("; ; ;charset", None),
    ],
)
def test_charset(content_type: str | None, charset: str | None) -> None:
    """The charset that the header names, as it names it; the reader of the page judges it."""
    headers = httpx.Headers({"content-type": content_type} if content_type else {})
    assert answers.charset_of(headers) == charset


class Pieces(httpx.AsyncByteStream):
    def __init__(self, body: bytes, size: int) -> None:
        self._pieces = [body[at : at + size] for at in range(0, len(body), size)]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


@given(
    body=st.binary(max_size=300), size=st.integers(1, 100), encoding=st.sampled_from(["gzip", "deflate", "raw", "identity"])
)
def test_any_body_in_any_pieces(body: bytes, size: int, encoding: str) -> None:
    """What was packed comes out, whatever the pieces; cut anywhere, it is never taken for whole."""
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "raw": lambda b: zlib.compress(b)[2:-4], "identity": bytes}
    packed = pack[encoding](body)
    headers = {"content-encoding": "deflate" if encoding == "raw" else encoding}

    async def read(sent: bytes, cap: int, *, cut: bool = False) -> bytes:
        return await read_body(httpx.Response(200, headers=headers, stream=Pieces(sent, size)), cap, cut=cut)

    assert asyncio.run(read(packed, 400)) == body
    start = asyncio.run(read(packed, 10, cut=True))
    assert body.startswith(start)
    assert len(start) <= 10
    if len(body) > 10:
        with pytest.raises(BadAnswer):
            asyncio.run(read(packed, 10))
    if encoding != "identity":
        with pytest.raises(MayPass):
            asyncio.run(read(packed[:-1], 400))


@given(sent=st.binary(min_size=1, max_size=300), encoding=st.sampled_from(["gzip", "deflate"]))
def test_body_of_anything(sent: bytes, encoding: str) -> None:
    """Bytes that are no gzip or deflate end in an error of ours, or within the cap."""

    async def read() -> bytes:
        response = httpx.Response(200, headers={"content-encoding": encoding}, stream=Pieces(sent, 7))
        return await read_body(response, 1000)

    with contextlib.suppress(MayPass, BadAnswer):
        assert len(asyncio.run(read())) <= 1000


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
            await fake_time.sleep(preparing)
            await turn.depart()
            left.append(fake_time.now - 1000)
            await turn.departed()
            await fake_time.sleep(0.1)

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
async def test_breaker_table(events: list[str], passes: bool, fake_time: FakeTime) -> None:
    """The table at the head of `bot.adapters.site.circuit_breaker`, row by row: may a request pass after these events?"""
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


async def test_failed_robots_are_shared(fake_time: FakeTime) -> None:
    """Who waited while robots.txt failed gets that failure; who comes after it makes a try of their own."""
    robots = Robots(agent="Precis", life=100, clock=fake_time.clock)
    reads = 0

    async def fail() -> bytes:
        nonlocal reads
        reads += 1
        await asyncio.sleep(0)
        raise MayPass(Unreachable("x"))

    results = await asyncio.gather(*(robots.rules(fail) for _ in range(9)), return_exceptions=True)
    assert [type(result) for result in results] == [MayPass] * 9
    assert len({id(result) for result in results}) == 9
    assert reads == 1
    with pytest.raises(MayPass):
        await robots.rules(fail)
    assert reads == 2


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        (b"", 0),
        (b"User-agent: *\nCrawl-delay: 5", 5),
        (b"User-agent: *\nCrawl-delay: 2.5\n\nUser-agent: precis\nCrawl-delay: 9", 9),
        (b"User-agent: *\nCrawl-delay: 1e9", 100),
        (b"User-agent: *\nCrawl-delay: inf", 0),
        (b"User-agent: *\nCrawl-delay: -3", 0),
    ],
)
async def test_crawl_delay(text: bytes, delay: float, fake_time: FakeTime) -> None:
    """The delay asked of us, at most as long as the file is believed."""
    robots = Robots(agent="Precis", life=100, clock=fake_time.clock)
    assert robots.delay is None

    async def read() -> bytes:
        return text

    await robots.rules(read)
    assert robots.delay == delay
