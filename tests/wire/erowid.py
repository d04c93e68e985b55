"""A loopback stand-in for Erowid that behaves; its misbehaviour has tests elsewhere. Its records are wholly invented."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

GIVEN = range(100, 200)
"""IDs that have a record."""

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
        self.robots = 0
        self.open = asyncio.Event()
        """Answers wait while it is clear."""
        self.open.set()

    async def _robots(self, request: web.Request) -> web.Response:
        self.robots += 1
        return web.Response(text="User-agent: *\nDisallow: /cgi-bin/\n")

    async def _record(self, request: web.Request) -> web.Response:
        id_ = int(request.query["ID"])
        self.asked.append(id_)
        await self.open.wait()
        if id_ not in GIVEN:
            return web.Response(status=404, text="<html><title>404</title>Not found</html>", content_type="text/html")
        return web.Response(text=PAGE.format(id=id_), content_type="text/html")


@asynccontextmanager
async def serve_erowid() -> AsyncIterator[Erowid]:
    """Serve on loopback until the block ends."""
    site = Erowid()
    app = web.Application()
    app.add_routes([web.get("/robots.txt", site._robots), web.get("/references/refs_view.php", site._record)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    site.url = f"http://{host}:{port}"
    try:
        yield site
    finally:
        site.open.set()
        await runner.cleanup()


def link(id_: int) -> str:
    """Give the address that people paste."""
    return f"https://www.erowid.org/references/refs_view.php?ID={id_}"
