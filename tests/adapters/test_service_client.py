"""The client of one service, over real HTTP on loopback, on a clock that a test moves."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.adapters.site.service_client import LARGEST, ServiceClient
from bot.core.errors import BadAnswer, SiteError, TooBusy, Unreachable
from tests.site import Reply, Site, open_site


class Clock:
    """Time that passes only in `sleep`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def site(clock: Clock) -> AsyncIterator[Site]:
    async with open_site(clock) as opened:
        yield opened


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(headers={"User-Agent": "Precis/1 (+me@invented.org)"}, trust_env=False) as client:
        yield client


async def test_an_answer(site: Site, http: httpx.AsyncClient, clock: Clock) -> None:
    """Status and body come as they are, with the honest User-Agent; a redirect is not followed."""
    site.set("/a", Reply(200, b"{}"))
    site.set("/b", Reply(404, b"Resource not found."))
    site.set("/c", Reply(302, b"", {"Location": "/a"}))
    get = ServiceClient(http, clock=clock, sleep=clock.sleep)
    answers = [await get(site.url + path, every=0.1) for path in ("/a", "/b", "/c")]
    assert [(one.status, one.body) for one in answers] == [(200, b"{}"), (404, b"Resource not found."), (302, b"")]
    assert site.asked[0].headers["User-Agent"] == "Precis/1 (+me@invented.org)"
    assert len(site.asked) == 3


@pytest.mark.parametrize(("pace", "gap"), [(float, 1.0), (lambda every: 2 * every, 2.0), (lambda _: 0.0, 0.0)])
async def test_the_pace(site: Site, http: httpx.AsyncClient, clock: Clock, pace: object, gap: float) -> None:
    """Requests leave as far apart as the caller and the pace say."""
    get = ServiceClient(http, clock=clock, sleep=clock.sleep, pace=pace)  # type: ignore[arg-type]
    for _ in range(3):
        await get(site.url + "/a", every=1.0)
    assert [asked.at - 1000 for asked in site.asked] == [0, gap, 2 * gap]


@pytest.mark.parametrize(
    ("reply", "rest"),
    [
        (Reply(429, b"", {"Retry-After": "7"}), 7.0),
        (Reply(503, b"", {"Retry-After": "7"}), 7.0),
        (Reply(429, b"", {}), 5.0),
        (Reply(503, b"", {}), 5.0),
    ],
)
async def test_retry_after(site: Site, http: httpx.AsyncClient, clock: Clock, reply: Reply, rest: float) -> None:
    """After 429 or 503 the service is left in peace for as long as it asks."""
    site.set("/a", reply, Reply(200, b"{}"))
    get = ServiceClient(http, clock=clock, sleep=clock.sleep)
    with pytest.raises(TooBusy):
        await get(site.url + "/a", every=0.2)
    await get(site.url + "/a", every=0.2)
    assert [asked.at - 1000 for asked in site.asked] == [0, rest]


async def test_a_long_rest(site: Site, http: httpx.AsyncClient, clock: Clock) -> None:
    """A rest that is longer than anyone waits fails at once, and no request leaves before its end."""
    site.set("/a", Reply(429, b"", {"Retry-After": "600"}), Reply(200, b"{}"))
    get = ServiceClient(http, clock=clock, sleep=clock.sleep)
    for _ in range(2):
        with pytest.raises(TooBusy):
            await get(site.url + "/a", every=0.2)
    assert len(site.asked) == 1
    clock.now += 600
    assert (await get(site.url + "/a", every=0.2)).status == 200


@pytest.mark.parametrize(
    ("reply", "error"), [(Reply(500), BadAnswer), (Reply(504), BadAnswer), (Reply(200, b"x" * (LARGEST + 1)), BadAnswer)]
)
async def test_bad_answers(site: Site, http: httpx.AsyncClient, clock: Clock, reply: Reply, error: type[SiteError]) -> None:
    """A server's error and a body without end are no answers."""
    site.set("/a", reply)
    with pytest.raises(error):
        await ServiceClient(http, clock=clock, sleep=clock.sleep)(site.url + "/a", every=0.2)


async def test_nobody_there(http: httpx.AsyncClient, clock: Clock) -> None:
    """A connection that is refused is Unreachable."""
    with pytest.raises(Unreachable):
        await ServiceClient(http, clock=clock, sleep=clock.sleep)("http://127.0.0.1:1/a", every=0.2)
