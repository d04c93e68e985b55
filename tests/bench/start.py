"""From nothing to ready, in a process of its own, against importing discord.py alone.

Ready is when the gateway of a simulated Discord on loopback has said so; the database has today's tables, as at any start
but the first. Both take turns.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import Figure, middle
from tests.wire.discord_server import Discord
from tests.wire.process import bot

FLOOR = "import discord, discord.ext.commands"


def figures(runs: int = 7) -> Iterator[Figure]:
    """Time imports alone, then all until ready."""
    imported = [(_python("import bot.__main__ as started", "-h"), _python(FLOOR)) for _ in range(runs)]
    yield middle(Figure("start: imports", ours, "s", floor) for ours, floor in imported)
    yield from asyncio.run(_ready(runs))


def _python(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


async def _ready(runs: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="precis-bench-") as folder:
        first, *timed = [(await _run(Path(folder)), _python(FLOOR)) for _ in range(runs + 1)]
    return [
        middle(Figure("start", ours, "s", floor, 2) for ours, floor in timed),
        Figure("start: the first, which makes the tables", first[0], "s"),
    ]


async def _run(folder: Path) -> float:
    async with Discord.open() as server:
        began = time.perf_counter()
        async with bot("run", server, folder) as process:
            await server.until(server.gateway.connected, 60)
            seconds = time.perf_counter() - began
            await process.stop()
    return seconds
