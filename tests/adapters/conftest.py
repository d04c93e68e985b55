"""A clock that only sleeps move, a loopback site on it, and a way to make pages that ask it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.adapters import client
from bot.adapters.bounds import Bounds
from bot.adapters.http import ErowidPages
from bot.core.reference import Reference
from tests.site import Site, is_refusal, open_site, path_of

AGENT = "Precis/0.0 (+test@localhost)"


@dataclass
class FakeTime:
    """Time that passes only when somebody sleeps, in the order in which sleepers are due."""

    now: float = 1000.0
    stands: bool = False
    """While it stands, nobody wakes."""
    slept: list[float] = field(default_factory=list)
    _due: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._due.append((self.now + seconds, len(self.slept), future))
        asyncio.get_running_loop().call_later(0.002, self._pass)  # let all that can run without time passing run first
        await future

    def _pass(self) -> None:
        if self.stands:
            asyncio.get_running_loop().call_later(0.002, self._pass)
            return
        self._due = sorted(entry for entry in self._due if not entry[2].done())
        if self._due:
            at, _, future = self._due.pop(0)
            self.now = max(self.now, at)
            future.set_result(None)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def site(time: FakeTime) -> AsyncIterator[Site]:
    async with open_site(time.clock) as site:
        yield site


MakePages = Callable[..., ErowidPages]


@pytest.fixture
async def make_pages(time: FakeTime) -> AsyncIterator[MakePages]:
    """Make pages that ask `where` in fake time: an address, or a transport that stands for the canonical host.

    Further keywords are bounds; those on a single answer run in real time, so tests keep them short.
    """
    async with AsyncExitStack() as stack:

        def make(
            where: str | httpx.AsyncBaseTransport, *, ca_bundle: Path | None = None, observe: Any = None, **bounds: Any
        ) -> ErowidPages:
            base = where if isinstance(where, str) else "https://www.erowid.org"
            limits = Bounds(**bounds)
            http = (
                client.new_client(httpx.URL(base), limits, ca_bundle)
                if isinstance(where, str)
                else httpx.AsyncClient(transport=where)
            )
            stack.push_async_callback(http.aclose)
            return ErowidPages(
                http,
                url_of=lambda reference: base + path_of(reference),
                is_refusal=is_refusal,
                agent=AGENT,
                bounds=limits,
                clock=time.clock,
                sleep=time.sleep,
                now=lambda: 1_000_000_000.0 + time.now,
                observe=observe,
            )

        yield make


@pytest.fixture
def pages(site: Site, make_pages: MakePages) -> ErowidPages:
    return make_pages(site.url)


ONE = Reference(1)
