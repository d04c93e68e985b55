"""The parts that requests go through, each alone: Retry-After, bodies, turns, the breaker's table, robots rules."""

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site import responses as answers
from bot.adapters.site.body import read_body
from bot.adapters.site.circuit_breaker import Breaker
from bot.adapters.site.rate_limiter import LocalPace
from bot.adapters.site.responses import MayPass
from bot.adapters.site.retry_after import LONGEST_WAIT, retry_after
from bot.adapters.site.robots import Robots
from bot.core.errors import BadAnswer, Refused, TooBusy, Unreachable
from tests.adapters.conftest import FakeTime

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
        ("Sun, 09 Sep 2001 01:46:50 -0000", 10),
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
        target = answers.next_hop(canonical, canonical, location)
    except BadAnswer:
        return
    assert target.scheme == "https"
    assert target.host in answers.HOSTS
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


async def test_turns(fake_time: FakeTime) -> None:
    """Turns come in the order of asking, a set time apart; giving up leaves no gap; a wait too long is refused at once."""
    pace = LocalPace(clock=fake_time.clock, sleep=fake_time.sleep)
    came: list[tuple[int, float]] = []

    async def ask(number: int) -> None:
        async with pace.turn(every=2, delay=None, patience=8) as turn:
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
    assert pace.waiting == 0


async def test_held_turns(fake_time: FakeTime) -> None:
    """A hold moves everyone, those who sleep already too; a shorter one changes nothing."""
    pace = LocalPace(clock=fake_time.clock, sleep=fake_time.sleep)

    async def turn() -> None:
        async with pace.turn(every=2, delay=None, patience=30) as mine:
            await mine.depart()

    await turn()
    waiting = [asyncio.create_task(turn()) for _ in range(2)]
    await asyncio.sleep(0)
    await pace.hold(10)
    await pace.hold(1)
    await waiting[0]
    assert fake_time.now == 1010
    await waiting[1]
    assert fake_time.now == 1012
    await pace.hold(31)
    with pytest.raises(TooBusy):
        await turn()


async def test_departures(fake_time: FakeTime) -> None:
    """Requests leave a set time apart, however long each took to prepare; the delay of robots.txt counts where longer."""
    pace, left = LocalPace(clock=fake_time.clock, sleep=fake_time.sleep), list[float]()

    async def ask(delay: float | None, preparing: float) -> None:
        async with pace.turn(every=1, delay=delay, patience=60) as turn:
            await fake_time.sleep(preparing)
            await turn.depart()
            left.append(fake_time.now - 1000)
            await turn.departed()
            await fake_time.sleep(0.1)

    await asyncio.gather(ask(None, 5), ask(None, 0), ask(3, 0), ask(0, 0.5))
    assert left == [5, 6, 7, 10.5]


GOOD, BAD, CANCEL, OTHER, LEAVE = "an answer", "a failure", "given up", "another error", "leave for 100 s"
WAIT = "ten seconds and a bit"


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
        ([LEAVE], False),
        ([LEAVE, WAIT], False),
        ([LEAVE, *[WAIT] * 10], True),
        ([LEAVE, *[WAIT] * 10, BAD, WAIT], False),
        ([BAD] * 3 + [LEAVE, WAIT], False),
        ([LEAVE, "leave for 1 s", WAIT], False),
    ],
)
def test_breaker_table(events: list[str], passes: bool, fake_time: FakeTime) -> None:
    """The table at the head of `bot.adapters.site.circuit_breaker`, row by row: may a request pass after these events?"""
    breaker = Breaker(failures=3, rest=10, failed=(Unreachable,), clock=fake_time.clock)
    errors: dict[str, Any] = {BAD: Unreachable("x"), OTHER: ValueError(), CANCEL: asyncio.CancelledError()}
    for event in events:
        if event == WAIT:
            fake_time.now += 10.1
        elif event.startswith("leave"):
            breaker.leave(float(event.split()[2]), Refused, "x")
        elif event == GOOD:
            with breaker.request(object()):
                pass
        else:
            with pytest.raises(type(errors[event])), breaker.request(object()):
                raise errors[event]
    if passes:
        breaker.check()
    else:
        with pytest.raises((TooBusy, Refused)):
            breaker.check()


def test_breaker_counts_a_page_once(fake_time: FakeTime) -> None:
    """Three tries for one page are one failure; three pages are three."""
    breaker = Breaker(failures=3, rest=10, failed=(Unreachable,), clock=fake_time.clock)
    for asker in ("a", "a", "a", "b", "b"):
        with pytest.raises(Unreachable), breaker.request(asker):
            raise Unreachable("x")
    assert breaker.closed
    with pytest.raises(Unreachable), breaker.request("c"):
        raise Unreachable("x")
    assert not breaker.closed


def test_late_answers_change_nothing(fake_time: FakeTime) -> None:
    """A request sent before a refusal and answered well after it does not lift the refusal; nor does an old probe."""
    breaker = Breaker(failures=1, rest=10, failed=(Unreachable,), clock=fake_time.clock)
    with breaker.request("early"):
        breaker.leave(100, Refused, "x")
    with pytest.raises(Refused):
        breaker.check()
    fake_time.now += 101
    with breaker.request("probe"):
        with pytest.raises(Refused), breaker.request("other"):
            pytest.fail("two probes")
        breaker.leave(100, Refused, "x")
    with pytest.raises(Refused):
        breaker.check()


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
