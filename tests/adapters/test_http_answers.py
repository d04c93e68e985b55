"""What becomes of each answer the site may give, asked for over a real socket."""

import asyncio
import gzip

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.core.errors import BadAnswer, BotError, RecordNotFound, Refused, TooBusy
from bot.services.ports import Page
from tests.adapters.conftest import AGENT, ONE, ErowidPages, FakeTime, MakePages
from tests.site import BLOCKED, PAGE, Reply, Site, path_of

HTML = {"Content-Type": "text/html"}
MEBI = 1024 * 1024


async def test_good_page(site: Site, pages: ErowidPages) -> None:
    """A page comes with its charset and validators; the site is told honestly who asks."""
    headers = {
        "Content-Type": "Text/HTML; Charset=Windows-1252",
        "ETag": '"a1"',
        "Last-Modified": "Sat, 01 Jan 2000 00:00:00 GMT",
    }
    site.set(1, Reply(headers=headers))
    assert await pages.fetch(ONE) == Page(ONE, PAGE, "windows-1252", '"a1"', "Sat, 01 Jan 2000 00:00:00 GMT", "Erowid")
    assert [asked.path for asked in site.asked] == ["/robots.txt", path_of(1)]
    assert {asked.headers["User-Agent"] for asked in site.asked} == {AGENT}


async def test_known_page_still_holds(site: Site, pages: ErowidPages) -> None:
    """What is known is asked for by its validators, verbatim; 304 means that it holds."""
    site.set(1, Reply(304, b""))
    known = Page(ONE, PAGE, etag='W/"x"', last_modified="Sat, 01 Jan 2000 00:00:00 GMT")
    assert await pages.fetch(ONE, known) is None
    headers = site.pages[0].headers
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('W/"x"', "Sat, 01 Jan 2000 00:00:00 GMT")


async def test_known_page_has_changed(site: Site, pages: ErowidPages) -> None:
    """A 200 replaces what was known."""
    page = await pages.fetch(ONE, Page(ONE, b"old", etag='"x"'))
    assert page is not None
    assert page.body == PAGE


async def test_known_page_needs_no_second_try(site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """Who has a page to show does not wait for a site that is down."""
    site.set(1, Reply(503))
    began = fake_time.now
    with pytest.raises(BadAnswer):
        await pages.fetch(ONE, Page(ONE, b"old"))
    assert len(site.pages) == 1
    assert fake_time.now - began < 2


@pytest.mark.parametrize("etag", ["caf\xe9", "a\r\nX-Evil: 1", "", "x" * 9999])
async def test_unsendable_validator(etag: str, site: Site, pages: ErowidPages) -> None:
    """A validator that cannot be sent as it stands is not sent."""
    assert await pages.fetch(ONE, Page(ONE, PAGE, etag=etag)) is not None
    assert "If-None-Match" not in site.pages[0].headers


FINAL: list[tuple[str, Reply, type[BotError]]] = [
    ("not found", Reply(404), RecordNotFound),
    ("gone", Reply(410), RecordNotFound),
    ("unasked 304", Reply(304, b""), BadAnswer),
    ("no content", Reply(204, b""), BadAnswer),
    ("partial", Reply(206), BadAnswer),
    ("bad request", Reply(400), BadAnswer),
    ("unauthorized", Reply(401), BadAnswer),
    ("teapot", Reply(418), BadAnswer),
    ("legal reasons", Reply(451), BadAnswer),
    ("not implemented", Reply(501), BadAnswer),
    ("image", Reply(headers={"Content-Type": "image/png"}), BadAnswer),
    ("json", Reply(headers={"Content-Type": "application/json; charset=utf-8"}), BadAnswer),
    ("ten megabytes", Reply(body=b"x" * (10 * MEBI)), BadAnswer),
    ("brotli", Reply(headers=HTML | {"Content-Encoding": "br"}), BadAnswer),
    ("gzip twice", Reply(headers=HTML | {"Content-Encoding": "gzip, gzip"}), BadAnswer),
    ("redirect to nowhere", Reply(302, headers={}), BadAnswer),
]


@pytest.mark.parametrize(("reply", "error"), [row[1:] for row in FINAL], ids=[row[0] for row in FINAL])
async def test_final_answer(reply: Reply, error: type[BotError], site: Site, pages: ErowidPages) -> None:
    """An answer that another try cannot better is final, and says nothing of the next record."""
    site.set(1, reply)
    with pytest.raises(BotError) as caught:
        await pages.fetch(ONE)
    assert type(caught.value) is error
    assert len(site.pages) == 1
    site.set(1, Reply())
    assert await pages.fetch(ONE) is not None


@pytest.mark.parametrize(
    "headers",
    [HTML, {"Content-Type": "text/plain"}, {"Content-Type": "application/xhtml+xml; charset=utf-8"}],
)
async def test_page_types(headers: dict[str, str], site: Site, pages: ErowidPages) -> None:
    """The types a page may have; `test_close_delimited_page` has none."""
    site.set(1, Reply(headers=headers))
    assert await pages.fetch(ONE) is not None


PASSING: list[tuple[Reply, type[BotError]]] = [
    (Reply(429), TooBusy),
    (Reply(500), BadAnswer),
    (Reply(502), BadAnswer),
    (Reply(503), BadAnswer),
    (Reply(504), BadAnswer),
    (Reply(body=b""), BadAnswer),
    (Reply(body=b" \r\n\t"), BadAnswer),
    (Reply(body=gzip.compress(PAGE, mtime=0)[:-9], headers=HTML | {"Content-Encoding": "gzip"}), BadAnswer),
    (Reply(body=b"no gzip", headers=HTML | {"Content-Encoding": "gzip"}), BadAnswer),
]


@pytest.mark.parametrize(("reply", "error"), PASSING, ids=str)
async def test_what_may_pass_is_tried_again(
    reply: Reply, error: type[BotError], site: Site, pages: ErowidPages, fake_time: FakeTime
) -> None:
    """Two such answers and then a page are a page; three are an error; the pauses grow."""
    site.set(1, reply, reply, Reply())
    began = fake_time.now
    assert await pages.fetch(ONE) is not None
    assert 3 <= fake_time.now - began <= 10
    site.set(1, reply)
    with pytest.raises(error):
        await pages.fetch(ONE)
    assert len(site.pages) == 6


CHALLENGE = HTML | {"cf-mitigated": "challenge"}


@pytest.mark.parametrize(
    "reply", [Reply(body=BLOCKED), Reply(403), *(Reply(status, headers=CHALLENGE) for status in (200, 503))]
)
async def test_refusal(reply: Reply, site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """After a refusal, by status or by block page, nothing is asked for an hour, then once; the log says what to do."""
    site.set(1, reply)
    with capture_logs() as log, pytest.raises(Refused):
        await pages.fetch(ONE)
    (line,) = [entry for entry in log if entry["event"] == "site refuses"]
    assert line["log_level"] == "error"
    assert "CONTACT" in line["advice"]
    fake_time.now += 3590
    with pytest.raises(Refused):
        await pages.fetch(ONE)
    assert len(site.pages) == 1
    fake_time.now += 20
    with pytest.raises(Refused):
        await pages.fetch(ONE)
    assert len(site.pages) == 2
    fake_time.now += 3610
    site.set(1, Reply())
    assert await pages.fetch(ONE) is not None
    assert await pages.fetch(ONE) is not None


async def test_refusal_stops_those_who_wait(site: Site, pages: ErowidPages) -> None:
    """Whoever is queued behind a refusal is refused without a request."""
    site.set(1, Reply(403))
    results = await asyncio.gather(*(pages.fetch(ONE) for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [Refused] * 5
    assert len(site.pages) == 1


@pytest.mark.parametrize("value", ["7", "Sun, 09 Sep 2001 02:03:28 GMT"])
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after(value: str, status: int, site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """Retry-After is waited for, in seconds or as a date, and by all who ask meanwhile."""
    reached = asyncio.Event()

    async def busy(_: web.Request) -> web.StreamResponse:
        reached.set()
        return web.Response(status=status, headers={"Retry-After": value})

    site.set(1, busy, Reply())
    first = asyncio.create_task(pages.fetch(ONE))
    await reached.wait()
    assert await asyncio.gather(first, pages.fetch(ONE))
    first_at, *others = [asked.at for asked in site.pages]
    assert len(others) == 2
    assert first_at + 5.8 <= min(others)
    assert max(others) <= first_at + 7 + 5


async def test_long_retry_after(site: Site, pages: ErowidPages, fake_time: FakeTime) -> None:
    """A Retry-After beyond our patience ends the fetch, and the circuit is open for just so long."""
    site.set(1, Reply(429, headers={"Retry-After": "600"}))
    with pytest.raises(TooBusy) as caught:
        await pages.fetch(ONE)
    assert caught.value.retry_after == 600
    fake_time.now += 590
    with pytest.raises(TooBusy):
        await pages.fetch(ONE)
    assert len(site.pages) == 1
    fake_time.now += 20
    site.set(1, Reply())
    assert await pages.fetch(ONE) is not None


async def test_cookies_are_not_kept(site: Site, pages: ErowidPages) -> None:
    """Nothing is sent back that would let the site know one request from another."""
    site.set(1, Reply(headers=HTML | {"Set-Cookie": "a=b; Path=/"}))
    await pages.fetch(ONE)
    await pages.fetch(ONE)
    assert all("Cookie" not in asked.headers for asked in site.asked)


async def test_cancelled_fetch_leaves_nothing_behind(site: Site, pages: ErowidPages) -> None:
    """Cancelled while it waits for an answer or for its turn, a fetch passes the cancellation on and blocks nobody."""
    reached = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        reached.set()
        await asyncio.sleep(3600)
        raise AssertionError

    site.set(1, hang)
    asking = asyncio.create_task(pages.fetch(ONE))
    await reached.wait()
    queued = asyncio.create_task(pages.fetch(ONE))
    await asyncio.sleep(0)
    for task in (queued, asking):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    site.set(1, Reply())
    assert await pages.fetch(ONE) is not None


async def test_log_names_the_record_and_no_text(site: Site, make_pages: MakePages) -> None:
    """Each request is one line: record, try, status, seconds; never a body; an observer hears of it too."""
    heard: list[str] = []
    site.set(1, Reply(500, b"secret text"), Reply(body=b"secret text"))
    with capture_logs() as log:
        await make_pages(site.url, observe=lambda outcome, _: heard.append(outcome)).fetch(ONE)
    asked = [entry for entry in log if entry["event"] == "site asked"]
    assert [(e["record"], e["attempt"], e["what"], e["status"]) for e in asked] == [
        ("erowid:1", 1, "robots.txt", 404),
        ("erowid:1", 1, "page", 500),
        ("erowid:1", 2, "page", 200),
    ]
    assert all(entry["seconds"] >= 0 for entry in asked)
    assert "secret" not in repr(log)
    assert heard == ["404", "500", "200"]
