"""Which proxies of the environment a client uses, and which would keep the bot from starting."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site import http_client as client
from bot.adapters.site.limits import FetchLimits
from bot.core.errors import (
    ConfigurationError,
    RecordNotFound,
    Unreachable,
)
from tests.adapters.conftest import ONE, MakePages
from tests.site import Reply, Site, raw_site


async def test_proxy_is_not_asked_for_loopback(site: Site, make_pages: MakePages, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment cannot know this machine's own addresses; for others it is used."""
    async with raw_site(lambda *_: asyncio.sleep(0)) as (proxy, asked):
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.setenv("NO_PROXY", "")
        site.set(1, Reply(404))
        with pytest.raises(RecordNotFound):
            await make_pages(site.url).fetch(ONE)
        assert asked == []
        with pytest.raises(Unreachable):
            await make_pages("https://erowid.test", tries=1).fetch(ONE)
        assert asked == ["erowid.test:443"]


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "address", ["gopher://localhost:70", "http://[bad", "http://", "http://a:0", "socks5://localhost:port"]
)
def test_useless_proxy(variable: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that httpx cannot use is named at the start, by the variable that holds it."""
    monkeypatch.setenv("NO_PROXY", "[::1]")
    monkeypatch.setenv("HTTP_PROXY", "http://another:1")
    monkeypatch.setenv(variable, address)
    with pytest.raises(ConfigurationError, match=f"^{variable} "):
        client.new_client(httpx.URL("https://erowid.test"), FetchLimits())


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize(
    "no_proxy",
    [
        "localhost,127.0.0.1,[::1]",
        "[::1]",
        "::1",
        "10.0.0.0/8",
        "fd00::/8",
        "[fd00::]/8",
        "[",
        "::::",
        "http://x",
        ",, ,",
        "\xff",
    ],
)
def test_any_no_proxy_lets_the_bot_start(no_proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever NO_PROXY holds, the bot starts."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    client.new_client(httpx.URL("https://www.erowid.org"), FetchLimits())


@pytest.mark.parametrize(
    ("no_proxy", "host", "bypassed"),
    [
        ("", "www.erowid.org", False),
        ("a.example, .Erowid.org", "www.erowid.org", True),
        ("www.erowid.org.", "www.erowid.org", True),
        ("org.erowid.www", "www.erowid.org", False),
        ("erowid.org:443", "www.erowid.org", True),
        ("10.1.2.3:443", "10.1.2.3", True),
        ("10.1.2.3:80", "10.1.2.3", False),
        ("10.0.0.0/8", "www.erowid.org", False),
        ("[fd00::]/8", "[fd12::1]", True),
        ("[fd12::1]:443", "[fd12::1]", True),
        ("[fd12::1]:80", "[fd12::1]", False),
        ("[", "www.erowid.org", False),
        (".", "www.erowid.org", False),
    ],
)
def test_no_proxy(no_proxy: str, host: str, bypassed: bool) -> None:
    """Beside the table of `bypasses`: lists, letter case, dots at an end, default ports, and what is ignored."""
    assert client.bypasses(no_proxy, httpx.URL(f"https://{host}/")) is bypassed


@given(st.text(alphabet="[]:./*, 0123456789abcdef"))
def test_no_proxy_of_anything(no_proxy: str) -> None:
    """Whatever stands there, it is read."""
    assert client.bypasses(no_proxy, httpx.URL("https://www.erowid.org")) in {True, False}
