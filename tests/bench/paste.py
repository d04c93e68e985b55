"""A paste to its reply and the memory that this takes: the bot as a process, over HTTP and a websocket.

The time is that from MESSAGE_CREATE leaving the simulated Discord to the reply's POST reaching it. Each run measures a
discord.py bot of fifteen lines beside ours. The site is on loopback, and is asked without a pause.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.adapters.database.engine import open_database
from tests.bench import Figure, middle
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import GIVEN, Erowid, link, serve_erowid
from tests.wire.process import Process, program

PAUSE = 0.05
"""Seconds between two pastes, in which the bot does what comes after a reply."""
PATIENCE = 60.0
"""Seconds for a start and for each reply."""
WARM = 3
"""Pastes before the first that counts."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds to a reply, and the process's resident megabytes after the last one."""

    fetched: float
    stored: float
    resident: float


def figures(runs: int = 3, records: int = 50) -> Iterator[Figure]:
    """Measure both bots in turns, run by run."""
    turns = [(asyncio.run(_ours(records)), asyncio.run(_fifteen(records))) for _ in range(runs)]
    yield middle(Figure("paste: stored", ours.stored * 1e3, "ms", floor.stored * 1e3, 8) for ours, floor in turns)
    yield middle(Figure("paste: fetched", ours.fetched * 1e3, "ms", most=50) for ours, _ in turns)
    yield middle(Figure("memory", ours.resident, "MB", floor.resident, 2.5) for ours, floor in turns)


async def _ours(records: int) -> Measured:
    async with _servers() as (server, site, folder):
        async with open_database(f"sqlite+aiosqlite:///{folder}/precis.sqlite3"):
            pass  # makes the tables, so that the process starts as at any start but the first
        settings = {"EROWID_URL": site.url, "LOG_LEVEL": "ERROR"}
        async with program(["tests.wire.hasty", "{}", '{"gap": 0}'], server, folder, **settings) as process:
            return await _measure(server, site, process, records)


async def _fifteen(records: int) -> Measured:
    async with _servers() as (server, site, folder), program(["tests.bench.fifteen"], server, folder) as process:
        return await _measure(server, site, process, records)


@asynccontextmanager
async def _servers() -> AsyncIterator[tuple[Discord, Erowid, Path]]:
    with tempfile.TemporaryDirectory(prefix="precis-bench-") as folder:
        async with Discord.open(described=False) as server, serve_erowid() as site:
            yield server, site, Path(folder)


async def _measure(server: Discord, site: Erowid, process: Process, records: int) -> Measured:
    """Paste each record twice, in two channels; the first time it is fetched."""
    await server.until(server.gateway.connected, PATIENCE)
    await _replies(server, GIVEN[-WARM:], o.ROOMS[0])
    fetched = await _replies(server, GIVEN[:records], o.ROOMS[1])
    resident = psutil.Process(process.pid).memory_info().rss / 1e6
    stored = await _replies(server, GIVEN[:records], o.ROOMS[2])
    return Measured(fetched, stored, resident)


async def _replies(server: Discord, records: Sequence[int], channel: int) -> float:
    """Paste one after the other into a channel; give the median seconds until each reply was there."""
    took = []
    for record in records:
        began = time.perf_counter()
        pasted = await server.paste(link(record), channel=channel)
        await server.until(lambda pasted=pasted: server.replies(pasted), PATIENCE)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    return statistics.median(took)
