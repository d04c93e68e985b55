"""From nothing to ready, in a process of its own, against importing discord.py alone.

Ready is when the gateway of a simulated Discord on loopback has said so; the database has today's tables, as at any start
but the first, and nobody identified lately, which a start would wait for. Both take turns.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.adapters.database.engine import open_database
from tests.bench import Figure, middle
from tests.wire.discord_server import Discord
from tests.wire.process import bot

NAME = "precis.sqlite3"
"""The file that `process.bot` names."""
FLOOR = "import discord, discord.ext.commands"


def figures(runs: int = 7) -> Iterator[Figure]:
    """Time imports alone, then all until ready."""
    imported = [(_python("import bot.__main__ as started", "run", "-h"), _python(FLOOR)) for _ in range(runs)]
    yield middle(Figure("start: imports", ours, "s", floor) for ours, floor in imported)
    yield from asyncio.run(_ready(runs))


def _python(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


async def _ready(runs: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="precis-bench-") as folder:
        made = tempfile.mkdtemp(dir=folder)
        async with open_database(f"sqlite+aiosqlite:///{made}/{NAME}"):
            pass
        timed = [(await _run(shutil.copytree(made, Path(folder, str(run)))), _python(FLOOR)) for run in range(runs + 1)]
        first = await _run(Path(folder))
    return [
        middle(Figure("start", ours, "s", floor, 2) for ours, floor in timed[1:]),
        Figure("start: the first, which makes the tables", first, "s"),
    ]


async def _run(folder: Path) -> float:
    async with Discord.open() as server:
        began = time.perf_counter()
        async with bot("run", server, folder) as process:
            await server.until(server.gateway.connected, 60)
            seconds = time.perf_counter() - began
            await process.stop()
    return seconds
