"""A stand-in for the site on 127.0.0.1 with the sample records, some of which simulate failures of a server.

The stand-ins for bibliographic services are served under the same address.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web

from bot.core.reference import Reference
from bot.demo.bibliography import StandIns
from bot.demo.pages import write_missing, write_page
from bot.demo.sample import Behaviour, Sample
from bot.demo.samples import SAMPLES
from bot.sources import erowid

FAILURES = 2
"""The number of failures before a page with FAILS_TWICE is served."""


class Site:
    """The handlers of the stand-in; `asked` counts the requests for each ID."""

    def __init__(self, samples: tuple[Sample, ...] = SAMPLES) -> None:
        self._samples = {sample.reference: sample for sample in samples}
        self.asked: Counter[Reference] = Counter()

    def application(self) -> web.Application:
        """Give the web application."""
        application = web.Application()
        application.router.add_get("/robots.txt", self._robots)
        application.router.add_get("/references/refs_view.php", self._record)
        StandIns().add_to(application)
        return application

    async def _robots(self, request: web.Request) -> web.Response:  # noqa: ARG002
        return web.Response(text="User-agent: *\nDisallow: /experiences/exp_edit.php\n")

    async def _record(self, request: web.Request) -> web.Response:
        reference = erowid.read_number(request.query.get("ID", ""))
        sample = self._samples.get(reference) if reference else None
        if reference is None or sample is None:
            return _html(write_missing(), HTTPStatus.NOT_FOUND)
        self.asked[reference] += 1
        match sample.answer:
            case Behaviour.SILENT:
                await asyncio.Event().wait()
            case Behaviour.FAILS_TWICE if self.asked[reference] <= FAILURES:
                return _html(b"<title>500 Internal Server Error</title>", HTTPStatus.INTERNAL_SERVER_ERROR)
            case Behaviour.MISSING:
                return _html(write_missing())
        return _html(write_page(sample))


def _html(body: bytes, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Answer with a page; as on the site, the header names no charset."""
    return web.Response(body=body, status=status, headers={"Content-Type": "text/html"})


@asynccontextmanager
async def open_site(site: Site) -> AsyncIterator[str]:
    """Serve a stand-in on a free port of 127.0.0.1 and yield its address without a final slash."""
    runner = web.AppRunner(site.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
