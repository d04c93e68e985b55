"""The bot as its own process, run as people run it, with nothing of it mocked but waits that a test shortens by name."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from tests.wire.discord_server import TOKEN, Discord
from tests.wire.forks import ROOT, Fork


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

    async def stop(self) -> int:
        """Send SIGTERM, wait for its end and give its exit code."""
        if self._child.returncode is None:
            self._child.send_signal(signal.SIGTERM)
        return await self.exit()

    async def kill(self) -> None:
        """End it without asking, where it is still there."""
        if self._child.returncode is None:
            self._child.kill()
        await asyncio.gather(*self._readers)
        await self._child.wait()


def bot(
    command: str, server: Discord, folder: Path, waits: Mapping[str, float] | None = None, **settings: str
) -> AbstractAsyncContextManager[Process]:
    """Run a command of the bot; `waits` are those that are to be shorter than usual, in seconds (`tests.wire.hasty`)."""
    return _running(Fork.start, [*_module(waits or {}), command], server, folder, settings)


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
    process = Process(child, server._notify)
    try:
        yield process
    finally:
        await process.kill()
    written = process.out + process.log
    assert not (token := environment["DISCORD_TOKEN"]) or token not in written
    assert "Traceback" not in written, written
    assert '"exception"' not in written, written


def _module(waits: Mapping[str, float]) -> list[str]:
    return ["tests.wire.hasty", *(f"{name}={seconds}" for name, seconds in waits.items())] if waits else ["bot"]
