"""Parts of fetching that need no server: when to come again, where to go next, and bodies in any pieces."""

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site import responses as answers
from bot.adapters.site.body import read_body
from bot.adapters.site.responses import MayPass
from bot.adapters.site.retry_after import LONGEST_WAIT, retry_after
from bot.core.errors import BadAnswer

HOSTS = frozenset({"erowid.org", "www.erowid.org"})
NOW = 1_000_000_000.0  # Sun, 09 Sep 2001 01:46:40 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("9" * 5000, LONGEST_WAIT),
        ("-5", None),
        ("1.5", None),
        ("\u0663", None),
        ("soon", None),
        ("Sun, 09 Sep 2001 01:46:50 GMT", 10),
        ("Sunday, 09-Sep-01 01:46:50 GMT", 10),
        ("Sun Sep  9 01:46:50 2001", 10),
        ("Sun, 09 Sep 2001 01:46:30 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Sun, 99 Sep 2001 01:46:50 GMT", None),
        ("Sun, 09 Sep 2001 01:46:50 -0000", None),
        ("Sun, 09 Sep 2001 01:46:50 EST", None),
        ("Sun, 9 Sep 2001 01:46:50 GMT", None),
        ("sun, 09 sep 2001 01:46:50 gmt", None),
        ("Sunday, 09-Sep-2001 01:46:50 GMT", None),
        ("Sunday, 09-Sep-51 01:46:50 GMT", LONGEST_WAIT),
        ("Sunday, 09-Sep-52 01:46:50 GMT", 0),
        ("Sun Sep 09 01:46:50 2001", 10),
        ("Fri, 30 Feb 2001 01:46:50 GMT", None),
        ("Sun, 09 Sep 2001 25:46:50 GMT", None),
        ("2001-09-09T01:46:50Z", None),
        ("09 Sep 2001 01:46:50 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Seconds, or one of the three forms of an HTTP date; nothing else, and nothing absurd."""
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_retry_after_of_anything(value: str) -> None:
    """Whatever stands there, it is a bounded number or nothing."""
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@given(st.text())
def test_next_hop_of_anything(location: str) -> None:
    """Whatever a Location says, it leads to one of the site's hosts over https, or nowhere."""
    canonical = httpx.URL("https://www.erowid.org/references/refs_view.php?ID=1")
    try:
        target = answers.next_hop(canonical, HOSTS, canonical, location)
    except BadAnswer:
        return
    assert target.scheme == "https"
    assert target.host in HOSTS
    assert not target.userinfo


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (None, None),
        ("text/html", None),
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/html;charset="windows-1252"; x=y', "windows-1252"),
        ("text/html; charset=", None),
        ("text/html; charset=''", "''"),
        ("; ; ;charset", None),
    ],
)
def test_charset(content_type: str | None, charset: str | None) -> None:
    """The charset that the header names, as it names it; the reader of the page judges it."""
    headers = httpx.Headers({"content-type": content_type} if content_type else {})
    assert answers.charset_of(headers) == charset


class Pieces(httpx.AsyncByteStream):
    def __init__(self, body: bytes, size: int) -> None:
        self._pieces = [body[at : at + size] for at in range(0, len(body), size)]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


@given(
    body=st.binary(max_size=300), size=st.integers(1, 100), encoding=st.sampled_from(["gzip", "deflate", "raw", "identity"])
)
def test_any_body_in_any_pieces(body: bytes, size: int, encoding: str) -> None:
    """What was packed comes out, whatever the pieces; cut anywhere, it is never taken for whole."""
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "raw": lambda b: zlib.compress(b)[2:-4], "identity": bytes}
    packed = pack[encoding](body)
    headers = {"content-encoding": "deflate" if encoding == "raw" else encoding}

    async def read(sent: bytes, cap: int, *, cut: bool = False) -> bytes:
        return await read_body(httpx.Response(200, headers=headers, stream=Pieces(sent, size)), cap, cut=cut)

    assert asyncio.run(read(packed, 400)) == body
    start = asyncio.run(read(packed, 10, cut=True))
    assert body.startswith(start)
    assert len(start) <= 10
    if len(body) > 10:
        with pytest.raises(BadAnswer):
            asyncio.run(read(packed, 10))
    if encoding != "identity":
        with pytest.raises(MayPass):
            asyncio.run(read(packed[:-1], 400))


@given(sent=st.binary(min_size=1, max_size=300), encoding=st.sampled_from(["gzip", "deflate"]))
def test_body_of_anything(sent: bytes, encoding: str) -> None:
    """Bytes that are no gzip or deflate end in an error of ours, or within the cap."""

    async def read() -> bytes:
        response = httpx.Response(200, headers={"content-encoding": encoding}, stream=Pieces(sent, 7))
        return await read_body(response, 1000)

    with contextlib.suppress(MayPass, BadAnswer):
        assert len(asyncio.run(read())) <= 1000
