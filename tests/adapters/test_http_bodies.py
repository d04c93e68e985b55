"""Bodies and answers that break off, never end or swell, from servers that break HTTP itself."""

import asyncio
import gzip
import socket
import struct
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable

import pytest

from bot.core.errors import BadAnswer, BotError, Unreachable
from tests.adapters.conftest import ONE, ErowidPages, MakePages
from tests.site import PAGE, Reply, Site, path_of, raw_site

HTML = {"Content-Type": "text/html"}
MEBI = 1024 * 1024


def bomb(gibibytes: int) -> bytes:
    """Make a gzip of so many GiB of zeros: one flushed run of 16 MiB, over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    run = packer.compress(bytes(16 * MEBI)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + run * (64 * gibibytes)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_gzip_bomb(encoding: str, site: Site, pages: ErowidPages) -> None:
    """A gigabyte in a megabyte of gzip is refused after the first few megabytes of it."""
    body = bomb(1)
    assert len(body) < 2 * MEBI
    site.set(1, Reply(body=body, headers=HTML | {"Content-Encoding": encoding}))
    tracemalloc.start()
    try:
        with pytest.raises(BadAnswer, match="more than"):
            await pages.fetch(ONE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * MEBI
    assert len(site.pages) == 1


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])),
        ("gzip", lambda body: gzip.compress(body) + bytes(9)),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("identity", bytes),
    ],
)
async def test_encodings(encoding: str, pack: Callable[[bytes], bytes], site: Site, pages: ErowidPages) -> None:
    """Every encoding that we say we accept is read, however it is cut into pieces."""
    site.set(1, Reply(body=pack(PAGE), headers=HTML | {"Content-Encoding": encoding}))
    page = await pages.fetch(ONE)
    assert page is not None
    assert page.body == PAGE


def sends(*parts: bytes, pause: float = 0.0, then: str = "close") -> Callable[..., Awaitable[None]]:
    """Talk that sends parts, then closes, resets or hangs."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        if then == "reset":  # a linger of no time makes closing a TCP reset
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        elif then == "hang":
            await asyncio.sleep(3600)

    return talk


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CUT = OK + b"Content-Length: 1000\r\n\r\n" + PAGE
BROKEN = [
    ("closed at once", sends(), Unreachable),
    ("reset at once", sends(then="reset"), Unreachable),
    ("reset in the middle", sends(CUT, pause=0.01, then="reset"), Unreachable),
    ("truncated", sends(CUT), BadAnswer),
    ("truncated chunks", sends(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<html>"), BadAnswer),
    ("slow first byte", sends(then="hang"), Unreachable),
    ("stops halfway", sends(CUT, then="hang"), Unreachable),
    ("endless drip", sends(OK + b"\r\n", *[b"x"] * 100, pause=0.02), Unreachable),
    ("endless head", sends(b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 100, pause=0.02), Unreachable),
    ("endless interim answers", sends(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 100, pause=0.02), Unreachable),
    ("no HTTP", sends(b"220 mail.example ESMTP\r\n"), Unreachable),
    ("huge head", sends(b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 200_000), Unreachable),
]


@pytest.mark.parametrize(("talk", "error"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
async def test_broken_http(talk: Callable[..., Awaitable[None]], error: type[BotError], make_pages: MakePages) -> None:
    """However an answer breaks off, the error is one of ours, after the set number of tries and in bounded time."""
    async with raw_site(talk) as (url, paths), asyncio.timeout(60):
        pages = make_pages(url, read=0.3, answer=0.6, tries=2)
        with pytest.raises(error):
            await pages.fetch(ONE)
    assert paths == ["/robots.txt", path_of(1), path_of(1)]


async def test_endless_fast_body(make_pages: MakePages) -> None:
    """A body without end stops at the cap, also one that unpacks to nothing at all."""
    nothing = gzip.compress(b"") * 1000
    packed = OK + b"Content-Encoding: gzip\r\n"
    for head, part in ((OK, b"x" * 65536), (packed, nothing), (packed, gzip.compress(PAGE) + bytes(65536))):
        async with raw_site(sends(head + b"\r\n", *[part] * 500)) as (url, paths):
            with pytest.raises(BadAnswer, match="more than"):
                await make_pages(url).fetch(ONE)
        assert len(paths) == 2


async def test_close_delimited_page(make_pages: MakePages) -> None:
    """A page that ends with its connection is whole, as HTTP/1.0 has it."""
    async with raw_site(sends(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE)) as (url, _):
        page = await make_pages(url).fetch(ONE)
    assert page is not None
    assert page.body == PAGE
