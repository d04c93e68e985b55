"""A loopback stand-in for Erowid that behaves, unless a test tells it otherwise. Its records are wholly invented."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

GIVEN = (*range(100, 200), *range(10_000, 30_000))
_GIVEN = frozenset(GIVEN)
"""IDs that have a record."""
BLOCK_PAGE = "<html><title>The Vaults of Erowid : 403 - Blocked</title>"

ROUNDS = 8
"""Rounds of a busy event loop from a request's arrival, on a new connection, to its handler; some of them to spare."""

PAGE = """<html><head><title>Erowid References Database</title></head><body>
<div>Erowid</div><div>Plants - Drugs Mind - Spirit Freedom - Law Arts - Culture Library</div>
<h2>Erowid References Database</h2>
<p>Quill PQ, Inkwell RS. </p>
<p>“Invented measurement number {id} of tides in a teacup”. </p>
<p>J Invented Stud. 1988 Apr 26;447(1):141-4.</p>
<h3>Abstract</h3>
<p>METHODS: Forty teacups were watched for a week.</p>
<p>CONCLUSIONS: We conclude that teacup {id} has no tides.</p>
<h3>Comments and Responses to this Article</h3><p>#</p><p>Submit Comment</p><p>[ Cite HTML ]</p>
</body></html>"""


class Erowid:
    """What was asked, and whether answers are held back."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[int] = []
        """IDs, in the order of the requests."""
        self.asked_at: dict[int, list[float]] = {}
        """When each ID was asked for, on the monotonic clock."""
        self.at: list[float] = []
        """When each request was seen, robots.txt included, on the monotonic clock."""
        self._since: list[float] = []
        """The earliest time at which each of them can have come."""
        self._rounds: deque[float] = deque([time.monotonic()], maxlen=ROUNDS)
        self.robots = 0
        self.robots_status = 200
        self.status = 200
        """Of every page; another than 200 has no page in it."""
        self.blocks = False
        """Every page is the one that refuses us."""
        self.changed = False
        """Every page is one that no parser knows."""
        self.drips = False
        """Every page comes a byte at a time, and never whole."""
        self.seconds = 0.0
        """What every answer takes."""
        self.open = asyncio.Event()
        """Answers wait while it is clear."""
        self.open.set()

    def least_gap(self) -> float:
        """Give the shortest time between two requests, in seconds: as long as it can have been, if some were seen late."""
        return min((after - before for before, after in zip(self._since, self.at[1:], strict=False)), default=float("inf"))

    async def count_rounds(self) -> None:
        """Note when the event loop came round, while it runs."""
        while True:
            self._rounds.append(time.monotonic())
            await asyncio.sleep(0.01)

    def _came(self) -> None:
        self.at.append(time.monotonic())
        self._since.append(self._rounds[0])

    async def answer_robots(self, request: web.Request) -> web.Response:
        self._came()
        self.robots += 1
        return web.Response(text="User-agent: *\nDisallow: /cgi-bin/\n", status=self.robots_status)

    async def answer_record(self, request: web.Request) -> web.StreamResponse:
        self._came()
        id_ = int(request.query["ID"])
        self.asked.append(id_)
        self.asked_at.setdefault(id_, []).append(self.at[-1])
        await self.open.wait()
        await asyncio.sleep(self.seconds)
        if self.drips:
            return await self._drip(request)
        if self.blocks:
            return web.Response(text=BLOCK_PAGE, content_type="text/html")
        if self.changed:
            return web.Response(text="<html><p>Welcome to the new vaults!</p>", content_type="text/html")
        if self.status != 200:
            return web.Response(status=self.status, text="<html>Sorry", content_type="text/html")
        if id_ not in _GIVEN:
            return web.Response(status=404, text="<html><title>404</title>Not found</html>", content_type="text/html")
        return web.Response(text=PAGE.format(id=id_), content_type="text/html")

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/html"})
        await answer.prepare(request)
        with suppress(ConnectionResetError):  # who asks has hung up
            while self.drips:
                await answer.write(b" ")
                await asyncio.sleep(0.02)
        return answer


@asynccontextmanager
async def serve_erowid() -> AsyncIterator[Erowid]:
    """Serve on loopback until the block ends."""
    site = Erowid()
    app = web.Application()
    app.add_routes([web.get("/robots.txt", site.answer_robots), web.get("/references/refs_view.php", site.answer_record)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    site.url = f"http://{host}:{port}"
    rounds = asyncio.create_task(site.count_rounds())
    try:
        yield site
    finally:
        rounds.cancel()
        site.open.set()
        await runner.cleanup()


def link(id_: int) -> str:
    """Give the address that people paste."""
    return f"https://www.erowid.org/references/refs_view.php?ID={id_}"
