"""The way to the site is opened when it is needed, once, unless something may be wrong with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site import http_client as client
from bot.adapters.site import opening as site
from bot.adapters.site.opening import open_site, plain
from bot.core.errors import ConfigurationError
from bot.core.reference import Reference
from bot.services.ports import Page

ONE = Reference(1)
PAGE = Page(ONE, b"page")


class Way:
    """What opens the pages, counted."""

    def __init__(self) -> None:
        self.opened = self.closed = 0
        self.peace = SimpleNamespace(waiting=3, breaker="open")

    async def fetch(self, _reference: Reference, _known: Page | None) -> Page:
        return PAGE

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        await asyncio.sleep(0)
        self.opened += 1
        yield self
        self.closed += 1


async def test_opened_by_the_first_question() -> None:
    """However many ask at once, it is opened once, and closed with the block."""
    way = Way()
    async with open_site(way, at_once=False) as site:
        assert (site.waiting, site.breaker, way.opened) == (0, "closed", 0)
        assert await asyncio.gather(*(site.fetch(ONE) for _ in range(3)), site.open()) == [PAGE] * 3 + [way]
        assert (site.waiting, site.breaker, way.opened, way.closed) == (3, "open", 1, 0)
    assert way.closed == 1


async def test_never_needed() -> None:
    """Where nobody asks, nothing is opened."""
    async with open_site(way := Way(), at_once=False):
        pass
    assert (way.opened, way.closed) == (0, 0)


async def test_at_once() -> None:
    """What may be wrong is said before anything else is done."""

    @asynccontextmanager
    async def wrong() -> AsyncIterator[Any]:
        raise ConfigurationError("CA_BUNDLE")
        yield

    with pytest.raises(ConfigurationError):
        async with open_site(wrong, at_once=True):
            pytest.fail("opened")


@pytest.mark.parametrize(
    ("address", "contact", "bundle", "expected"),
    [
        ("https://www.erowid.org", "", None, True),
        ("http://127.0.0.1:54321", "keeper+bot@precis.example", None, True),
        ("https://www.erowid.org", "https://precis.example/about?a=b", None, True),
        ("https://www.erowid.org", "keeper (at) precis.example", None, False),
        ("https://www.erowid.org", "k\xe9eper@precis.example", None, False),
        ("https://www.erowid.org", "", Path("ca.pem"), False),
        ("https://a:b@www.erowid.org", "", None, False),
        ("https://xn--", "", None, False),
        ("https://", "", None, False),
        ("https://www.erowid.org:99999", "", None, False),
        ("http://300.1.1.1", "", None, False),
        ("http://01.02.03.04", "", None, False),
        ("https://-.org", "", None, False),
    ],
)
def test_plain(address: str, contact: str, bundle: Path | None, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are plain where they can only be right."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert plain(address, contact, bundle) is expected


@given(st.from_regex(site._ADDRESS, fullmatch=True))
def test_nothing_is_wrong_with_what_is_plain(address: str) -> None:
    """An address that is opened late is one that can be opened."""
    assert client.origin(f"{address}/references/refs_view.php?ID=1").host in address


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "all_proxy"])
def test_what_the_environment_says_is_not_plain(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What httpx reads of the environment may be wrong, too."""
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert not plain("https://www.erowid.org", "", None)
