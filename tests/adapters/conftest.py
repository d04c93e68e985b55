"""A clock that moves without waiting, a loopback site on it, and a way to make pages that ask it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.adapters.site import http_client as client
from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.pages import Pages
from bot.adapters.site.service_state import Timing
from bot.core.reference import Reference
from bot.core.site import SiteProfile
from bot.services.ports import Page
from bot.sources.erowid import erowid_source
from tests.references import erowid
from tests.site import Site, is_refusal, open_site

AGENT = "Precis/0.0 (+test@localhost)"


@dataclass
class FakeTime:
    """Time that jumps to the end of the shortest wait once all is still: everybody waits, and no request is on its way.

    No test waits for it but for the requests, which are real: while one is on its way, this looks again each millisecond,
    as long as it takes.
    """

    now: float = 1000.0
    flying: int = 0
    """Requests sent and not yet answered."""
    waits: list[float] = field(default_factory=list)
    _due: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    _passing: bool = False

    def clock(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        """Wait until so much of this time has passed."""
        self.waits.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._due.append((self.now + seconds, len(self.waits), future))
        self._pass(STILL)
        await future

    def _pass(self, rounds: int, *, again: bool = False) -> None:
        """End the next wait after so many rounds of the event loop in which no request was on its way."""
        if self._passing and not again:
            return
        self._due = sorted(entry for entry in self._due if not entry[2].done())
        self._passing = bool(self._due)
        loop = asyncio.get_running_loop()
        if not self._due:
            return
        if self.flying:
            loop.call_later(0.001, partial(self._pass, STILL, again=True))
        elif rounds:
            loop.call_soon(partial(self._pass, rounds - 1, again=True))
        else:
            at, _, future = self._due.pop(0)
            self.now = max(self.now, at)
            future.set_result(None)
            self._pass(STILL, again=True)


STILL = 50
"""Rounds of the event loop after which nobody is taken to have anything left to do."""


class Watched(httpx.AsyncBaseTransport):
    """A transport that lets fake time stand while a request is on its way."""

    def __init__(self, inner: httpx.AsyncBaseTransport, fake_time: FakeTime) -> None:
        self._inner = inner
        self._time = fake_time

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._time.flying += 1
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self._time.flying -= 1

    async def aclose(self) -> None:
        await self._inner.aclose()


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def site(fake_time: FakeTime) -> AsyncIterator[Site]:
    async with open_site(fake_time.clock) as site:
        yield site


def timing(fake_time: FakeTime) -> Timing:
    return Timing(fake_time.clock, fake_time.wait, lambda: 1_000_000_000.0 + fake_time.now)


def profile(base: str) -> SiteProfile:
    """What the bot tells its fetcher of Erowid, for any address; the stand-in refuses with a page of its own."""
    (described,) = erowid_source(base).sites
    return replace(described, is_refusal=is_refusal)


class ErowidPages:
    """Erowid's pages, asked for by their references."""

    def __init__(self, fetcher: Fetcher, base: str) -> None:
        self.fetcher = fetcher
        self._source = erowid_source(base)
        self._pages = Pages({self._source.title: fetcher})

    async def fetch(self, reference: Reference, known: Page | None = None) -> Page | None:
        (request,) = self._source.requests(reference)
        return await self._pages.fetch(request, known)

    async def allows(self, reference: Reference) -> bool:
        (request,) = self._source.requests(reference)
        return await self.fetcher.allows(request.url)


MakePages = Callable[..., ErowidPages]


@pytest.fixture
async def make_pages(fake_time: FakeTime) -> AsyncIterator[MakePages]:
    """Make pages that ask `where` in fake time: an address, or a transport that stands for the canonical host.

    Further keywords are limits; those on a single answer run in real time, so tests keep them short.
    """
    async with AsyncExitStack() as stack:

        def make(
            where: str | httpx.AsyncBaseTransport,
            *,
            ca_bundle: Path | None = None,
            observe: Any = None,
            watched: type[Watched] = Watched,
            **limits: Any,
        ) -> ErowidPages:
            base = where if isinstance(where, str) else "https://www.erowid.org"
            within = FetchLimits(**limits)
            http = (
                client.new_client(httpx.URL(base), within, ca_bundle)
                if isinstance(where, str)
                else httpx.AsyncClient(transport=where)
            )
            http._transport = watched(http._transport, fake_time)  # noqa: SLF001 - httpx gives no other access to it
            stack.push_async_callback(http.aclose)
            fetcher = Fetcher(http, profile(base), agent=AGENT, limits=within, timing=timing(fake_time), observe=observe)
            return ErowidPages(fetcher, base)

        yield make


@pytest.fixture
def pages(site: Site, make_pages: MakePages) -> ErowidPages:
    return make_pages(site.url)


ONE = erowid(1)
