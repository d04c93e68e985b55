"""The ways to the site: certificates, names and connections that fail, what the settings may say."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from structlog.testing import capture_logs

from bot import __version__
from bot.adapters.site import http_client as client
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.opening import open_fetcher
from bot.core.errors import (
    BadAnswer,
    ConfigurationError,
    Refused,
    SiteError,
    TooBusy,
    Unreachable,
    UntrustedSite,
)
from bot.core.site import SiteProfile, json_api
from tests.adapters.conftest import ONE, ErowidPages, FakeTime, MakePages, profile
from tests.site import Reply, Site, open_site, raw_site
from tests.tables import table_of, values_of


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
async def secure(authority: trustme.CA, fake_time: FakeTime) -> AsyncIterator[Callable[..., Site]]:
    async with open_site(fake_time.clock, server_context(authority, "127.0.0.1")) as site:
        yield site


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_certificate_of_the_bundle(secure: Site, bundle: Path, make_pages: MakePages) -> None:
    """With the CA of whoever signs connections here, pages come."""
    assert await make_pages(secure.url, ca_bundle=bundle).fetch(ONE) is not None


async def test_ssl_cert_file(secure: Site, bundle: Path, make_pages: MakePages, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE does the same for those who know it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert await make_pages(secure.url).fetch(ONE) is not None


async def test_unknown_certificate(secure: Site, make_pages: MakePages) -> None:
    """A certificate of an unknown CA is never believed; it is not tried again, and the log names the setting."""
    with capture_logs() as log, pytest.raises(UntrustedSite, match="CA_BUNDLE"):
        await make_pages(secure.url).fetch(ONE)
    assert secure.asked == []
    assert len(log) == 1
    assert "CA_BUNDLE" in log[0]["reason"]


async def test_unknown_certificate_again_and_again(secure: Site, make_pages: MakePages) -> None:
    """A site that cannot be trusted opens the circuit like one that fails."""
    pages = make_pages(secure.url)
    for _ in range(5):
        with pytest.raises(UntrustedSite):
            await pages.fetch(ONE)
    with pytest.raises(TooBusy, match="CA_BUNDLE"):
        await pages.fetch(ONE)


async def test_certificate_of_another(
    authority: trustme.CA, bundle: Path, fake_time: FakeTime, make_pages: MakePages
) -> None:
    """A certificate for another name is not believed, whoever signed it."""
    async with open_site(fake_time.clock, server_context(authority, "www.erowid.org")) as site:
        with pytest.raises(UntrustedSite):
            await make_pages(site.url, ca_bundle=bundle).fetch(ONE)
        assert site.asked == []


async def test_no_tls_there(site: Site, make_pages: MakePages) -> None:
    """A server that speaks no TLS cannot be reached by it."""
    with pytest.raises(Unreachable):
        await make_pages(site.url.replace("http:", "https:")).fetch(ONE)


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, but not listening
        yield held.getsockname()[1]


async def test_connection_refused(closed_port: int, make_pages: MakePages, fake_time: FakeTime) -> None:
    """Nobody listens: tried again, with pauses, then Unreachable."""
    with capture_logs() as log, pytest.raises(Unreachable):
        await make_pages(f"http://127.0.0.1:{closed_port}").fetch(ONE)
    assert [entry["attempt"] for entry in log] == [1, 2, 3]
    assert sum(fake_time.waits) > 3


async def test_unknown_name(make_pages: MakePages, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the resolver does not know."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    pages = make_pages("https://erowid.test", tries=2)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="not known"):
        await pages.fetch(ONE)


async def test_slow_connect(make_pages: MakePages) -> None:
    """A full backlog never takes the connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        try:
            with pytest.raises(Unreachable, match="ConnectTimeout"):
                await make_pages(f"http://127.0.0.1:{listener.getsockname()[1]}", connect=0.1, tries=1).fetch(ONE)
        finally:
            for one in waiting:
                one.close()


async def test_slow_handshake(make_pages: MakePages) -> None:
    """A server that takes the connection but never shakes hands."""
    async with raw_site(lambda *_: asyncio.sleep(0)) as (url, paths):  # waits for the end of an HTTP head
        with pytest.raises(Unreachable, match="ConnectTimeout"):
            await make_pages(url.replace("http:", "https:"), connect=0.1, tries=1).fetch(ONE)
    assert paths == []


@pytest.mark.parametrize(
    "error",
    [getattr(httpx, name) for name in httpx.__all__ if isinstance(getattr(httpx, name), type)
     and issubclass(getattr(httpx, name), (httpx.TransportError, httpx.DecodingError, httpx.TooManyRedirects))]
    + [httpx.InvalidURL, OSError, TimeoutError, ssl.SSLError],
)  # fmt: skip
async def test_every_error_of_httpx(error: type[Exception], make_pages: MakePages) -> None:
    """Whatever httpx may raise ends in our tree."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error("made up")

    with pytest.raises(SiteError):
        await make_pages(httpx.MockTransport(fail)).fetch(ONE)


async def test_open_fetcher(site: Site) -> None:
    """The one call that the application makes, with real time."""
    async with open_fetcher(profile(site.url), contact="test@localhost", limits=FetchLimits(gap=0.01)) as fetcher:
        assert await ErowidPages(fetcher, site.url).fetch(ONE) is not None
    assert {asked.headers["User-Agent"] for asked in site.asked} == {f"Precis/{__version__} (+test@localhost)"}


def crossref(url: str) -> SiteProfile:
    return json_api("Crossref", url, "CROSSREF_URL", gap=1.25)


JSON = {"Content-Type": "application/json;charset=UTF-8"}


async def test_service_fetcher(site: Site) -> None:
    """An API is asked for what is wanted and nothing else; a 404 is an answer, a page is none."""
    site.set("/works?a=b", Reply(body=b"{}", headers=JSON))
    site.set("/works/none", Reply(404, b"Resource not found.", {"Content-Type": "text/plain"}))
    site.set("/works/html", Reply())
    site.set("/works/down", Reply(500))
    limits = FetchLimits(gap=0, pause=0, tries=2)
    async with open_fetcher(crossref(site.url), contact="test@localhost", limits=limits) as fetcher:
        assert (await fetcher.get(f"{site.url}/works?a=b")).body == b"{}"
        assert (await fetcher.get(f"{site.url}/works/none", gap=0.01)).status == 404
        for path in ("html", "down"):
            with pytest.raises(BadAnswer):
                await fetcher.get(f"{site.url}/works/{path}")
    assert [asked.path for asked in site.asked] == [
        "/works?a=b", "/works/none", "/works/html", "/works/down", "/works/down"
    ]  # fmt: skip


async def test_service_that_refuses(site: Site) -> None:
    """A service that refuses us is not asked again, and says until when."""
    site.set("/works", Reply(403))
    limits = FetchLimits(gap=0, refusal_seconds=600)
    async with open_fetcher(crossref(site.url), contact="", limits=limits) as fetcher:
        for _ in range(2):
            with pytest.raises(Refused) as caught:
                await fetcher.get(f"{site.url}/works")
            assert 500 < (caught.value.retry_after or 0) < 601
        assert fetcher.open_period is not None
    assert len(site.asked) == 1


async def test_service_address() -> None:
    """A wrong address is named by its setting."""
    with pytest.raises(ConfigurationError, match="CROSSREF_URL"):
        await open_fetcher(crossref("crossref.org"), contact="").__aenter__()


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "caf\xe9@example.org", "a) (b", "\x00"])
def test_contact_that_no_header_carries(contact: str) -> None:
    """A contact that would break the header is named at the start."""
    with pytest.raises(ConfigurationError, match="CONTACT"):
        client.user_agent("1.0", contact)


@pytest.mark.parametrize(
    "address", ["", "erowid.org", "ftp://erowid.org", "https://", "https://a:b@erowid.org", "https://xn--"]
)
def test_site_address(address: str) -> None:
    """An EROWID_URL that is no address of a site is named at the start."""
    with pytest.raises(ConfigurationError, match="EROWID_URL"):
        client.origin(address, "EROWID_URL")


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_bundle_that_cannot_be_read(text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CA bundle that is missing, empty or no PEM is named, rather than silently not used."""
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match="CA_BUNDLE"):
        client.trust(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        client.trust()


def test_trust_always_verifies(bundle: Path) -> None:
    """There is no way to a context that does not verify."""
    for context in (client.trust(), client.trust(bundle)):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname


@pytest.mark.parametrize(("entries", "direct", "by_proxy"), table_of(client.bypasses.__doc__))
def test_the_table_of_no_proxy_holds(entries: str, direct: str, by_proxy: str) -> None:
    for entry in values_of(entries):
        for hosts, expected in ((direct, True), (by_proxy, False)):
            for host in values_of(hosts) if hosts != "none" else ():
                assert client.bypasses(entry, httpx.URL(f"https://{host}/")) is expected, (entry, host)
