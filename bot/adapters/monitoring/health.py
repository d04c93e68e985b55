"""The page for monitoring: `/healthz` tells whether the bot works, `/metrics` gives its metrics.

It is served in the bot's own event loop: if the loop hangs, the page does not answer either. It shows no secrets, no names
of guilds and no texts of people, and listens on loopback unless the host sets another address.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import storage_errors
from bot.adapters.site.service_state import Clock
from bot.core.errors import ConfigurationError, StorageError
from bot.services.page_ports import UnreadablePageStore
from bot.services.page_watch import describe, stopped

PATIENCE = 2.0
"""Seconds that a check may take."""
EVERY = 15.0
"""Seconds between the bot's own checks, by which the report knows since when something is wrong."""

STARTING, STOPPING, WARNING = "starting", "stopping", "warning"

HealthCheck = Callable[[], Awaitable[str]]
"""Checks a part; gives what is wrong in a few words, or an empty text."""


@dataclass(slots=True)
class _Part:
    """A part of the bot, the result of its last check, and the time since which the result is the same."""

    check: HealthCheck | None
    since: float
    wrong: str = STARTING
    asked: asyncio.Task[str] | None = field(default=None)
    """The check that is still running, if there is one."""
    warns: bool = False
    """Whether a fault of the part only warns, and leaves the bot healthy."""


class Health:
    """Checks the parts of the bot, and knows since when something is wrong with each."""

    def __init__(self, *parts: str, clock: Clock = time.monotonic, patience: float = PATIENCE) -> None:
        self._clock = clock
        self._patience = patience
        self._parts = {name: _Part(None, clock()) for name in parts}

    def watch(self, name: str, check: HealthCheck, *, warns: bool = False) -> None:
        """Add a part to check; a fault of a part that only `warns` leaves the bot healthy."""
        self._parts.setdefault(name, _Part(None, self._clock(), warns=warns)).check = check

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Check all parts; give whether the bot is healthy, and the report."""
        await asyncio.gather(*(self._ask(part) for part in self._parts.values()))
        now = self._clock()
        parts = {
            name: {"ok": not part.wrong, "state": part.wrong or "ok", "seconds": round(now - part.since, 1)}
            for name, part in self._parts.items()
        }
        wrong = [part.wrong for part in self._parts.values() if part.wrong and not part.warns]
        if wrong:
            state = next((word for word in (STOPPING, STARTING) if word in wrong), "failing")
        else:
            state = WARNING if any(part.wrong for part in self._parts.values()) else "ok"
        return not wrong, {"status": state, "parts": parts}

    async def _ask(self, part: _Part) -> None:
        """Check one part. A check that takes too long goes on until the next time, so that no two run at once."""
        if part.check is None:
            return
        if part.asked is None or part.asked.done():
            part.asked = asyncio.ensure_future(_asked(part.check))
        asked = part.asked
        await asyncio.wait({asked}, timeout=self._patience)
        wrong = (
            STOPPING if asked.cancelled() else asked.result() if asked.done() else f"no answer within {self._patience:.0f} s"
        )
        if wrong != part.wrong:
            part.wrong, part.since = wrong, self._clock()

    async def look(self) -> None:
        """Check all parts at intervals, until cancelled."""
        while True:
            await self.report()
            await asyncio.sleep(EVERY)

    async def close(self) -> None:
        """Stop checking, before the checked parts are closed."""
        for part in self._parts.values():
            part.check = None
            if part.wrong != STOPPING:
                part.wrong, part.since = STOPPING, self._clock()
            if part.asked is not None:
                part.asked.cancel()
                await asyncio.wait({part.asked})


async def _asked(check: HealthCheck) -> str:
    try:
        return await check()
    except Exception as error:  # noqa: BLE001 - any error means that the part does not work
        return type(error).__name__


def database_answers(engine: AsyncEngine) -> HealthCheck:
    """Make the check of a database: it selects a constant."""

    async def check() -> str:
        try:
            with storage_errors():
                async with engine.connect() as connection:
                    await connection.execute(text("SELECT 1"))
        except StorageError:
            return "does not answer"
        return ""

    return check


def pages_readable(store: UnreadablePageStore) -> HealthCheck:
    """Make the check whether the sites' pages can be read. While the database does not answer, it finds nothing wrong."""

    async def check() -> str:
        try:
            return "; ".join(map(describe, stopped(await store.health())))
        except StorageError:
            return ""

    return check


@asynccontextmanager
async def serve(host: str, port: int | None, health: Health, registry: CollectorRegistry) -> AsyncIterator[str]:
    """Serve the page during the block; give its address, or an empty text if `port` is None.

    Raises ConfigurationError if it cannot listen on that host and port.
    """
    if port is None:
        yield ""
        return

    async def healthz(_: web.Request) -> web.Response:
        well, report = await health.report()
        return web.json_response(report, status=200 if well else 503, headers={"Cache-Control": "no-store"})

    async def metrics(request: web.Request) -> web.Response:
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(registry), headers={"Content-Type": kind})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE)
    try:
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ConfigurationError(
                f"HEALTH_HOST and HEALTH_PORT name {host} port {port}, where nothing can listen ({_said(error)}): choose "
                "another port, or none."
            ) from error
        looking = asyncio.create_task(health.look(), name="health")
        try:
            yield " ".join(_addresses(runner))
        finally:
            looking.cancel()
            await asyncio.wait({looking})
    finally:
        await runner.cleanup()
        await health.close()


def _said(error: OSError) -> str:
    said = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or type(error).__name__
    return said.lower()


def _addresses(runner: web.AppRunner) -> Iterator[str]:
    for address in runner.addresses:
        host, port = address[:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
