"""The rate limit, the circuit breaker and robots.txt, as seen by the site."""

import asyncio
from itertools import pairwise

import httpx
import pytest
from aiohttp import web

from bot.core.errors import BadAnswer, RecordNotFound, Refused, SiteError, TooBusy, Unreachable
from tests.adapters.conftest import ONE, ErowidPages, FakeTime, MakePages, Watched
from tests.references import erowid
from tests.site import BLOCKED, PAGE, Reply, Site, path_of, raw_site

TEXT = {"Content-Type": "text/plain"}


async def test_one_a_second_in_order(site: Site, pages: ErowidPages) -> None:
    """Whatever is asked at once, requests reach the site a second apart, in the order of asking, robots.txt first."""
    results = await asyncio.gather(*(pages.fetch(erowid(number)) for number in range(1, 21)))
    assert all(results)
    assert [asked.path for asked in site.asked] == ["/robots.txt", *(path_of(number) for number in range(1, 21))]
    assert min(later.at - sooner.at for sooner, later in pairwise(site.asked)) >= 1


class SlowToConnect(Watched):
    """Nine tenths of a second go by before the first request can leave."""

    first = True

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._time.now += 0.9 * self.first
        self.first = False
        return await super().handle_async_request(request)


async def test_pause_counts_from_when_a_request_leaves(site: Site, make_pages: MakePages) -> None:
    """A connection that took long to open does not bring the next request closer."""
    await make_pages(site.url, watched=SlowToConnect).fetch(ONE)
    robots, page = site.asked
    assert page.at - robots.at >= 1


async def test_tries_take_turns_too(site: Site, pages: ErowidPages) -> None:
    """A second try stands in the same queue: never two requests within a second."""
    for number in range(1, 5):
        site.set(number, Reply(500), Reply())
    assert all(await asyncio.gather(*(pages.fetch(erowid(number)) for number in range(1, 5))))
    assert len(site.pages) == 8
    assert min(later.at - sooner.at for sooner, later in pairwise(site.asked)) >= 1


async def test_queue_is_bounded(site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """Of a thousand at once, those whose turn would be too far away hear so at once; the others get their pages."""
    await pages.fetch(ONE)
    began = fake_time.now
    results = await asyncio.gather(*(pages.fetch(erowid(n)) for n in range(1, 1001)), return_exceptions=True)
    served = [result for result in results if not isinstance(result, BaseException)]
    assert 20 <= len(served) <= 30
    assert all(served)
    assert {type(result) for result in results if isinstance(result, BaseException)} == {TooBusy}
    assert [asked.path for asked in site.pages[1:]] == [path_of(n + 1) for n in range(len(served))]
    assert fake_time.now - began < 40


async def test_breaker(site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """Five pages in a row that failed, and nothing is asked for a minute; then one request, and all is well again."""
    for number in range(1, 6):
        site.set(number, Reply(500))
        with pytest.raises(BadAnswer):
            await pages.fetch(erowid(number))
    asked = len(site.asked)
    for _ in range(3):
        with pytest.raises(TooBusy) as caught:
            await pages.fetch(erowid(6))
        assert 0 < (caught.value.retry_after or 0) < 61
    assert len(site.asked) == asked
    assert pages.fetcher.breaker == "open"
    fake_time.now += 61
    with pytest.raises(BadAnswer):
        await pages.fetch(ONE)
    assert len(site.asked) == asked + 1
    with pytest.raises(TooBusy):
        await pages.fetch(erowid(6))
    fake_time.now += 61
    assert await pages.fetch(erowid(6)) is not None
    assert await pages.fetch(erowid(7)) is not None


async def test_one_probe(site: Site, make_pages: MakePages, fake_time: FakeTime) -> None:
    """Of many who ask when the rest is over, one gets through before the site has answered."""
    reached, go = asyncio.Event(), asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        reached.set()
        await go.wait()
        return web.Response(body=PAGE, content_type="text/html")

    pages = make_pages(site.url, failures=1, tries=1)
    site.set(1, Reply(500), wait)
    with pytest.raises(BadAnswer):
        await pages.fetch(ONE)
    fake_time.now += 61
    probe = asyncio.create_task(pages.fetch(ONE))
    await reached.wait()
    assert pages.fetcher.breaker == "probing"
    others = await asyncio.gather(*(pages.fetch(erowid(n)) for n in range(2, 9)), return_exceptions=True)
    assert {type(result) for result in others} == {TooBusy}
    go.set()
    assert await probe is not None
    assert pages.fetcher.breaker == "closed"
    assert await pages.fetch(erowid(2)) is not None
    assert len(site.pages) == 3


async def test_one_bad_page_is_no_bad_site(site: Site, pages: ErowidPages) -> None:
    """Missing records, odd pages, and one page that fails between good ones never open the breaker."""
    site.set(1, Reply(500))
    site.set(2, Reply(404))
    site.set(3, Reply(headers={"Content-Type": "image/png"}))
    for _ in range(8):
        for number, error in ((1, BadAnswer), (2, RecordNotFound), (3, BadAnswer)):
            with pytest.raises(error):
                await pages.fetch(erowid(number))
    assert await pages.fetch(erowid(4)) is not None


async def test_robots_forbids(site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """What robots.txt does not allow is not asked for, until it is read again and allows it."""
    site.set("/robots.txt", Reply(body=b"User-agent: Precis\nDisallow: /references/\n", headers=TEXT), Reply(404))
    for _ in range(3):
        with pytest.raises(Refused):
            await pages.fetch(ONE)
    assert [asked.path for asked in site.asked] == ["/robots.txt"]
    fake_time.now += 24 * 3600
    assert await pages.fetch(ONE) is not None
    await pages.fetch(ONE)
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /references/\n\nUser-agent: precis\nAllow: /\n",
        "User-agent: OtherBot\nDisallow: /\n",
        "\ufeffUser-agent: *\nDisallow: /cgi-bin/\n",
        "<html><title>no such file</title></html>",
        "",
        "\x00\xff" * 1000,
    ],
)
async def test_robots_allows(text: str, site: Site, pages: ErowidPages) -> None:
    """Rules for us go before rules for all; what is no robots.txt forbids nothing."""
    site.set("/robots.txt", Reply(body=text.encode(), headers=TEXT))
    assert await pages.fetch(ONE) is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_no_robots(status: int, site: Site, pages: ErowidPages) -> None:
    """No file, no rules (RFC 9309, 2.3.1.3)."""
    site.set("/robots.txt", Reply(status))
    assert await pages.fetch(ONE) is not None


@pytest.mark.parametrize("status", [429, 500, 501, 503, 520])
async def test_robots_out_of_reach(status: int, site: Site, pages: ErowidPages) -> None:
    """While the rules cannot be had, no page is asked for (RFC 9309, 2.3.1.4); those who wait for it share a try."""
    site.set("/robots.txt", Reply(status))
    results = await asyncio.gather(*(pages.fetch(erowid(n)) for n in (1, 2, 3)), return_exceptions=True)
    assert all(isinstance(result, SiteError) for result in results)
    assert site.pages == []
    assert len(site.asked) <= 1 + 2 * 3
    site.set("/robots.txt", Reply(404))
    assert await pages.fetch(ONE) is not None


async def test_old_robots_serve_while_new_are_out_of_reach(site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """A site that gave its rules once is held to them while it cannot give them again (RFC 9309, 2.4)."""
    site.set("/robots.txt", Reply(404), Reply(500))
    await pages.fetch(ONE)
    fake_time.now += 25 * 3600
    assert await pages.fetch(ONE) is not None
    assert await pages.fetch(ONE) is not None
    assert [asked.path for asked in site.asked].count("/robots.txt") == 2


async def test_crawl_delay(site: Site, pages: ErowidPages) -> None:
    """A longer pause than ours is kept, a shorter one changes nothing."""
    site.set("/robots.txt", Reply(body=b"User-agent: *\nCrawl-delay: 7\n", headers=TEXT))
    await asyncio.gather(*(pages.fetch(erowid(n)) for n in (1, 2, 3)))
    assert min(later.at - sooner.at for sooner, later in pairwise(site.pages)) >= 7


async def test_long_robots(site: Site, pages: ErowidPages) -> None:
    """Of a robots.txt without end the first 500 KiB count."""
    rules = b"User-agent: *\nDisallow: /references/\n"
    site.set("/robots.txt", Reply(body=rules + b"#" * 3_000_000, headers=TEXT))
    with pytest.raises(Refused):
        await pages.fetch(ONE)


CHALLENGE = {"Content-Type": "text/html", "cf-mitigated": "challenge"}


@pytest.mark.parametrize("reply", [Reply(body=BLOCKED), *(Reply(status, headers=CHALLENGE) for status in (200, 403, 503))])
async def test_block_page_for_robots(reply: Reply, site: Site, pages: ErowidPages) -> None:
    """A refusal is one wherever it stands."""
    site.set("/robots.txt", reply)
    for _ in range(2):
        with pytest.raises(Refused):
            await pages.fetch(ONE)
    assert len(site.asked) == 1


async def test_robots_redirected_away(site: Site, pages: ErowidPages) -> None:
    """Redirects that we do not follow are as good as no file (RFC 9309, 2.3.1.2)."""
    site.set("/robots.txt", Reply(301, headers={"Location": "https://evil.example/robots.txt"}))
    assert await pages.fetch(ONE) is not None


async def test_redirect_into_what_robots_forbids(site: Site, pages: ErowidPages) -> None:
    """Each hop is held to the rules."""
    site.set("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /references/1\n", headers=TEXT))
    site.set(1, Reply(302, headers={"Location": "/references/1"}))
    with pytest.raises(Refused):
        await pages.fetch(ONE)
    assert len(site.pages) == 1


async def test_silent_site_and_many_who_wait(make_pages: MakePages) -> None:
    """A site that never answers is asked a few times; all who wait hear of it in bounded time."""

    async def silence(*_: object) -> None:
        await asyncio.sleep(3600)

    async with raw_site(silence) as (url, paths), asyncio.timeout(60):
        pages = make_pages(url, read=0.05, tries=2)
        results = await asyncio.gather(*(pages.fetch(erowid(n)) for n in range(1, 1001)), return_exceptions=True)
    assert {type(result) for result in results} == {Unreachable, TooBusy}
    assert len(paths) < 60


async def test_whole_is_bounded(site: Site, make_pages: MakePages) -> None:
    """A fetch ends when its time is over, wherever it stands."""
    gone = asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        await gone.wait()
        raise AssertionError

    site.set(1, slow)
    pages = make_pages(site.url, whole=0.15)
    async with asyncio.timeout(60):
        with pytest.raises(Unreachable):
            await pages.fetch(ONE)


async def test_no_wait_that_cannot_help(site: Site, make_pages: MakePages, fake_time: FakeTime) -> None:
    """Asked to wait for longer than a fetch may take, it ends at once, with what the site said."""
    site.set(1, Reply(503, headers={"Retry-After": "6"}), Reply())
    with pytest.raises(BadAnswer, match="503"):
        await make_pages(site.url, whole=5).fetch(ONE)
    assert fake_time.waits == pytest.approx([1.25])
