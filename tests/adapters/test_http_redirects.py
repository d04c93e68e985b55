"""Redirects: within the site they are followed, anywhere else they are an answer that is no page."""

from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
import pytest

from bot.core.errors import BadAnswer, SiteError
from tests.adapters.conftest import ONE, MakePages
from tests.references import erowid
from tests.site import PAGE, Reply, Site, path_of

CANONICAL = "https://www.erowid.org" + path_of(1)


class Streamed(httpx.AsyncByteStream):
    """A body that is read from a stream, as from a socket."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


class Web(httpx.AsyncBaseTransport):
    """All the web there is: redirects by address, a page at `end`, and what was asked for."""

    def __init__(self, redirects: dict[str, str], end: str = "") -> None:
        self._redirects = redirects
        self._end = end
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        self.asked.append(url)
        if url == self._end:
            return httpx.Response(200, stream=Streamed(PAGE))
        return httpx.Response(301, headers={"Location": self._redirects[url]})


@pytest.mark.parametrize(
    "location",
    [
        "https://erowid.org/references/1",
        "https://www.erowid.org:443/references/1",
        "//erowid.org/references/1",
        "/references/1",
        "1",
        "HTTPS://WWW.EROWID.ORG/references/1",
    ],
)
async def test_redirect_within_the_site(location: str, make_pages: MakePages) -> None:
    """A redirect between the site's hosts is followed."""
    end = str(httpx.URL(CANONICAL).join(location))
    web = Web({CANONICAL: location}, end)
    page = await make_pages(web).fetch(ONE)
    assert page is not None
    assert page.body == PAGE
    assert web.asked == [CANONICAL, end]


@pytest.mark.parametrize(
    "location",
    [
        "http://www.erowid.org/references/1",
        "https://evil.example/references/1",
        "https://erowid.org.evil.example/",
        "https://erowid.org@evil.example/",
        "https://user:word@www.erowid.org/references/1",
        "https://noterowid.org/",
        "https://taz4.erowid.org/",
        "https://www.erowid.org:8443/",
        "https://www.erowid.org./",
        "https://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "ftp://www.erowid.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,hello",
        "https://www.erowid.org\\@evil.example/",
        "https://xn--/",
        "http:",
    ],
)
async def test_redirect_out_of_the_site(location: str, make_pages: MakePages) -> None:
    """A redirect to anywhere else is an answer that is no page, and nobody else is asked."""
    web = Web({CANONICAL: location})
    with pytest.raises(BadAnswer):
        await make_pages(web).fetch(ONE)
    assert web.asked == [CANONICAL]


@pytest.mark.parametrize(
    "location",
    [
        path_of(7),
        "/references/7",
        "/references/refs_view.php?ID=11",
        "/references/refs_view.php?ID=1&ID=7",
        "/references/",
        "/",
        "/archive/rhodium/1",
        "/login.php?to=/references/refs_view.php?ID=1",
        "?ID=",
    ],
)
async def test_redirect_to_another_page(location: str, make_pages: MakePages) -> None:
    """Another record, or any other page of the site, is not the record that was asked for."""
    web = Web({CANONICAL: location})
    with pytest.raises(BadAnswer, match="something else"):
        await make_pages(web).fetch(ONE)
    assert web.asked == [CANONICAL]


@pytest.mark.parametrize(
    "location", ["https://[bad/", "https://www.erowid.org:port/", "https://a\x00b/", "https://" + "a" * 70000]
)
async def test_redirect_to_no_address(location: str, make_pages: MakePages) -> None:
    """A Location that cannot be read ends in our tree too."""
    with pytest.raises(SiteError):
        await make_pages(Web({CANONICAL: location})).fetch(ONE)


async def test_redirect_loop(make_pages: MakePages) -> None:
    """Round in circles: seen at the first address that comes again."""
    other = "https://erowid.org/references/1"
    web = Web({CANONICAL: other, other: CANONICAL})
    with pytest.raises(BadAnswer, match="loop"):
        await make_pages(web).fetch(ONE)
    assert web.asked == [CANONICAL, other]


async def test_endless_redirects(site: Site, make_pages: MakePages) -> None:
    """On and on: only so many are followed, each in its own turn."""
    for number in range(20):
        here = path_of(1) if number == 0 else f"/references/1?{number}"
        site.set(here, Reply(302, headers={"Location": f"/references/1?{number + 1}#part"}))
    with pytest.raises(BadAnswer, match="more than 4"):
        await make_pages(site.url).fetch(ONE)
    assert len(site.pages) == 5
    times = [asked.at for asked in site.asked]
    assert all(later - sooner >= 1 for sooner, later in pairwise(times))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_on_loopback(status: int, site: Site, make_pages: MakePages) -> None:
    """The stand-in may redirect within itself, and only there."""
    site.set(1, Reply(status, headers={"Location": "/references/1"}))
    site.set(2, Reply(status, headers={"Location": "http://localhost:1/"}))
    site.set(3, Reply(status, headers={"Location": site.url.replace("127.0.0.1", "localhost")}))
    pages = make_pages(site.url)
    assert await pages.fetch(ONE) is not None
    for number in (2, 3):
        with pytest.raises(BadAnswer):
            await pages.fetch(erowid(number))
