"""Stand-ins for Erowid on loopback: `Site` answers well or badly in HTTP, `raw_site` breaks HTTP itself."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.core.reference import Reference

PAGE = (
    b"<html><title>A made-up record</title><p>Invented A. \xe2\x80\x9cAn invented title\xe2\x80\x9d. Invented J. 1999;1:1-2."
)
BLOCKED = b"<html><title>The Vaults of Erowid : 403 - Blocked</title>"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_refusal(body: bytes) -> bool:
    return b"403 - Blocked" in body


def path_of(reference: Reference | int) -> str:
    number = reference if isinstance(reference, int) else reference.id
    return f"/references/refs_view.php?ID={number}"


@dataclass(frozen=True)
class Reply:
    """One answer, as data."""

    status: int = 200
    body: bytes = PAGE
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


@dataclass(frozen=True)
class Asked:
    """One request that reached the site."""

    path: str
    headers: Mapping[str, str]
    at: float
    """By the clock given to the site."""


class Site:
    """An HTTP server whose answers a test sets, path by path; robots.txt is 404 and all else `otherwise` unless set."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.otherwise: Reply | Handler = Reply()
        """The answer to what no path is set for."""
        self._clock = clock
        self._replies: dict[str, list[Reply | Handler]] = {"/robots.txt": [Reply(404)]}

    def set(self, where: str | int, *replies: Reply | Handler) -> None:
        """Answer a path (or a record's, by its ID) with these in turn; the last one stays."""
        self._replies[path_of(where) if isinstance(where, int) else where] = list(replies)

    def url_of(self, reference: Reference) -> str:
        return self.url + path_of(reference)

    @property
    def pages(self) -> list[Asked]:
        """The requests for anything but robots.txt."""
        return [asked for asked in self.asked if asked.path != "/robots.txt"]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.path_qs, dict(request.headers), self._clock()))
        replies = self._replies.get(request.path_qs, [self.otherwise])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if not isinstance(reply, Reply):
            return await reply(request)
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)


@asynccontextmanager
async def open_site(clock: Callable[[], float], context: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """Serve a Site on a free port."""
    site = Site(clock)
    server = web.ServerRunner(web.Server(site.answer, access_log=None), shutdown_timeout=0.01)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0, ssl_context=context).start()
    site.url = f"{'https' if context else 'http'}://127.0.0.1:{server.addresses[0][1]}"
    try:
        yield site
    finally:
        await server.cleanup()


@asynccontextmanager
async def raw_site(talk: Talk) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve bytes: give the address and the paths asked for. `talk` gets the page requests, once their head is read."""
    paths: list[str] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            paths.append(head.split()[1].decode())
            if paths[-1] == "/robots.txt":
                writer.write(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await talk(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client hung up, as it may
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", paths
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
