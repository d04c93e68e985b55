"""Workers, which are processes of their own, and a site that they ask."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.invented import invented_page
from tests.site import Reply, Site, open_site

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds for anything, on a machine that is busy."""


class Worker:
    """A running `tests.many.worker`."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child = child

    async def answer(self) -> Any:
        """Give the next line that it says."""
        assert self.child.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await self.child.stdout.readline()
        assert line, "it ended"
        return json.loads(line)

    async def ask(self, command: str, *arguments: Any) -> Any:
        """Tell it what to do, and give its answer."""
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps([command, *arguments]).encode() + b"\n")
        return await self.answer()

    async def until(self, expected: Any, command: str, *arguments: Any) -> None:
        """Ask until it answers as expected."""
        async with asyncio.timeout(PATIENCE):
            while await self.ask(command, *arguments) != expected:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.2)

    async def kill(self) -> None:
        """SIGKILL."""
        self.child.kill()
        await self.child.wait()


Start = Callable[..., Awaitable[Worker]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start workers; at the end none is left."""
    async with AsyncExitStack() as stack:

        async def begin(database_url: str, site: Site, pace: float = 0.1) -> Worker:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.many.worker", database_url, site.url, str(pace)),
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            worker = Worker(child)

            async def end() -> None:
                if child.returncode is None:
                    await worker.kill()

            stack.push_async_callback(end)
            assert await worker.answer() == "ready"
            return worker

        yield begin


@asynccontextmanager
async def open_records() -> AsyncIterator[Site]:
    """A site whose records 1 to 99 are there, each with its number in its title."""
    async with open_site(time.monotonic) as site:
        for number in range(1, 100):
            site.set(number, Reply(body=invented_page(title(number))))
        yield site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_records() as site:
        yield site


def title(number: int) -> str:
    return f"Invented record {number}"
