"""The way to the site, opened when it is needed: what it takes (httpx, its certificates, the parser) no start waits for.

Whatever may be wrong with it is to be said at the start all the same. So what is not `plain` is opened at once.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import getproxies

from bot.core.reference import Reference
from bot.services.ports import Page

if TYPE_CHECKING:
    from bot.adapters.site.fetcher import ErowidPages

_ADDRESS = re.compile(
    r"https?://(?:(?:[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?\.){0,3}[a-z]{1,30}|127\.0\.0\.1)(?::[1-5]?[0-9]{1,4})?"
)
"""An address that nothing is wrong with; of those that this leaves out, httpx says what is."""
_CONTACT = re.compile(r"[\w.+:/?=&%#@~-]*", re.ASCII)
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")

Way = Callable[[], AbstractAsyncContextManager["ErowidPages"]]
"""Gives what opens `ErowidPages`; called in a thread, since it imports."""


def plain(address: str, contact: str, ca_bundle: Path | None) -> bool:
    """Whether nothing of these settings, or of the environment that httpx reads, can be wrong."""
    ordinary = _ADDRESS.fullmatch(address) and _CONTACT.fullmatch(contact) and ca_bundle is None
    return bool(ordinary) and not getproxies() and not any(map(os.environ.get, _CERTIFICATES))


class Site:
    """A `PageSource` that opens at the first question, or by `open`."""

    def __init__(self, way: Way, stack: AsyncExitStack) -> None:
        self._way = way
        self._stack = stack
        self._pages: ErowidPages | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> "ErowidPages":
        """Open the way, where it is not open yet. Raises ConfigurationError for a setting that cannot be."""
        async with self._opening:
            if self._pages is None:
                self._pages = await self._stack.enter_async_context(await asyncio.to_thread(self._way))
            return self._pages

    async def fetch(self, reference: Reference, known: Page | None = None) -> Page | None:
        """Fetch a record's page; see `PageSource`."""
        return await (self._pages or await self.open()).fetch(reference, known)

    @property
    def waiting(self) -> int:
        """Requests that wait for their turn."""
        return self._pages.peace.waiting if self._pages is not None else 0

    @property
    def breaker(self) -> str:
        """The state of the circuit breaker."""
        return self._pages.peace.breaker if self._pages is not None else "closed"


@asynccontextmanager
async def open_site(way: Way, *, at_once: bool) -> AsyncIterator[Site]:
    """Give the site, and close the way to it at the end, where it was opened."""
    async with AsyncExitStack() as stack:
        site = Site(way, stack)
        if at_once:
            await site.open()
        yield site
