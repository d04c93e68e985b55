"""The bot as its own process, run as people run it, with nothing of it mocked; a test may choose its waits."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from bot.adapters.site.limits import FetchLimits
from bot.discord_client.limits import DiscordLimits
from tests.databases import new_file
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.forks import ROOT, Fork

SOON = DiscordLimits(
    pause=0.1, ready=0.1, identify_gap=0.2, new_session=0.1, resume_every=0.2, catch_up_pause=0.02, yielding=0.2
)
"""For tests that are not about waits."""
UNPACED = FetchLimits(gap=0.01, pause=0.01)
"""For tests that are not about the pace at a site."""


class Process:
    """A running `python -m bot ...` and what it wrote."""

    def __init__(self, child: asyncio.subprocess.Process | Fork, changed: Callable[[], None]) -> None:
        self._child = child
        self._changed = changed
        self.out = ""
        """Its standard output so far."""
        self.log = ""
        """Its standard error so far."""
        self._readers = [asyncio.create_task(self._read("out")), asyncio.create_task(self._read("log"))]

    async def _read(self, name: str) -> None:
        stream = self._child.stdout if name == "out" else self._child.stderr
        assert stream is not None
        async for line in stream:
            setattr(self, name, getattr(self, name) + line.decode())
            self._changed()
        self._changed()

    @property
    def pid(self) -> int:
        """Its number among the system's processes."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._child.returncode is None

    async def exit(self, seconds: float = 60) -> int:
        """Wait for its end and give its exit code."""
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(*self._readers)
                return await self._child.wait()
        except TimeoutError:
            raise AssertionError(f"still running after {seconds} s:\n{self.log[-3000:]}") from None

    def send(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal, if it has not ended."""
        if self._child.returncode is None:
            self._child.send_signal(number)

    async def stop(self) -> int:
        """Send SIGTERM, wait for its end and give its exit code."""
        self.send()
        return await self.exit()

    async def kill(self) -> None:
        """End it without asking, where it is still there."""
        if self._child.returncode is None:
            self._child.kill()
        await asyncio.gather(*self._readers)
        await self._child.wait()


def bot(command: str, server: Discord, folder: Path, **settings: str) -> AbstractAsyncContextManager[Process]:
    """Run a command of the bot."""
    return _running(Fork.start, ["bot", command], server, folder, settings)


def hasty(
    server: Discord, folder: Path, waits: DiscordLimits = SOON, site: FetchLimits | None = UNPACED, **settings: str
) -> AbstractAsyncContextManager[Process]:
    """Run `run` with waits other than the usual ones, on a database that has its tables.

    Where `site` is None, each site has its own pace.
    """
    if "DATABASE_URL" not in settings and not (file := folder / "precis.sqlite3").exists():
        new_file(file)
    limits = (json.dumps(asdict(one) if one is not None else {}) for one in (waits, site))
    return _running(Fork.start, ["tests.wire.hasty", *limits], server, folder, settings)


def program(
    arguments: Sequence[str], server: Discord, folder: Path, **settings: str
) -> AbstractAsyncContextManager[Process]:
    """Run a Python module as a program that imports all for itself."""
    return _running(_start, arguments, server, folder, settings)


async def _start(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def _running(
    start: Callable[..., Awaitable[asyncio.subprocess.Process | Fork]],
    arguments: Sequence[str],
    server: Discord,
    folder: Path,
    settings: Mapping[str, str],
) -> AsyncIterator[Process]:
    """Run a module against a server, in a folder, with no environment but the settings.

    Neither the token nor a traceback, as text or as JSON, may turn up in what it writes.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": server.api_url,
        "DISCORD_GATEWAY_URL": server.gateway_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'precis.sqlite3'}",
        "EROWID_URL": "http://127.0.0.1:9",
        "EUROPEPMC_URL": "http://127.0.0.1:9",
        "NCBI_URL": "http://127.0.0.1:9",
        "ENRICH": "off",
        "CONTACT": "keeper@precis.example",
    }
    environment |= settings
    child = await start(arguments, folder, environment)
    process = Process(child, server.notify)
    try:
        yield process
    finally:
        await process.kill()
    written = process.out + process.log
    assert not (token := environment["DISCORD_TOKEN"]) or token not in written
    assert "Traceback" not in written, written
    assert '"exception"' not in written, written
