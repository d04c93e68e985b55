"""robots.txt: asked for once, and its delay."""

import asyncio

import pytest

from bot.adapters.site.responses import MayPass
from bot.adapters.site.robots import Robots
from bot.core.errors import Unreachable
from tests.adapters.conftest import FakeTime


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
