"""From a pasted link to its reply, and the memory that a bot takes: ours as a process, beside fifteen lines of discord.py.

Both run as processes against a simulated Discord and a stand-in for the site on loopback, over HTTP and a websocket.
Time runs from the moment at which MESSAGE_CREATE leaves to the arrival of the reply's POST. Pastes come one after the other.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import Figure, middle
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import GIVEN, link, serve_erowid
from tests.wire.process import ROOT, bot

FIRST = 900_000_000_000_000_000
"""The first of the channels' IDs."""
PAUSE = 0.05
"""Seconds between two pastes, in which a bot stores what it did."""
PATIENCE = 60.0
WAITS = {"pace": 0.0, "ready": 0.1}
"""Ours waits for no gap between requests at the site: it is not asked how polite it is here."""
CARDS = 50
"""Cards after which memory is compared."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one bot took."""

    stored: float
    """Median seconds until a reply, of records that are stored."""
    fetched: float
    """The same, of records that are fetched; 0 where nothing is fetched."""
    resident: float
    """Megabytes of resident memory after `CARDS` cards."""


def figures(runs: int = 3, pastes: int = 60) -> Iterator[Figure]:
    """Let both take turns, run by run."""
    measured = [(asyncio.run(_ours(pastes)), asyncio.run(_bare(pastes))) for _ in range(runs)]
    yield middle(Figure("paste", ours.stored * 1e3, "ms", bare.stored * 1e3, 8) for ours, bare in measured)
    yield middle(Figure("paste: a record that is fetched", ours.fetched * 1e3, "ms", most=50) for ours, _ in measured)
    yield middle(Figure("memory", ours.resident, "MB", bare.resident, 2.5) for ours, bare in measured)


async def _ours(pastes: int) -> Run:
    known, new = GIVEN[: CARDS // 2], GIVEN[CARDS // 2 :][:pastes]
    with tempfile.TemporaryDirectory(prefix="precis-bench-") as folder:
        async with (
            _discord() as server,
            serve_erowid() as site,
            bot("run", server, Path(folder), WAITS, EROWID_URL=site.url) as process,
        ):
            await server.until(server.gateway.connected, PATIENCE)
            await _paste(server, known, channel=FIRST)
            fetched = await _paste(server, new, channel=FIRST)
            stored = await _paste(server, [known[n % len(known)] for n in range(pastes)], channel=FIRST + 1)
            await _paste(server, known, channel=FIRST + 500)
            resident = _resident(process._child.pid)
            await process.stop()
    return Run(stored, fetched, resident)


async def _bare(pastes: int) -> Run:
    async with _discord() as server:
        environment = os.environ | {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": server.api_url,
            "DISCORD_GATEWAY_URL": server.gateway_url,
        }
        command = (sys.executable, "-m", "tests.bench.bare_bot")
        child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE)
        try:
            assert child.stdout is not None
            assert await child.stdout.readline() == b"ready\n"
            await _paste(server, GIVEN[:CARDS], channel=FIRST)
            stored = await _paste(server, [GIVEN[n % len(GIVEN)] for n in range(pastes)], channel=FIRST + 1)
            resident = _resident(child.pid)
        finally:
            child.kill()
            await child.wait()
    return Run(stored, 0, resident)


@asynccontextmanager
async def _discord() -> AsyncIterator[Discord]:
    async with Discord.open(strict=False) as server:
        server.rest._description = None  # to judge each request by Discord's description takes longer than all else
        server.channels |= {*range(FIRST, FIRST + 1_000)}
        yield server


async def _paste(server: Discord, records: Sequence[int], *, channel: int) -> float:
    """Paste records one after the other, each into a channel of its own; gives the median seconds until the reply."""
    took = []
    for number, record in enumerate(records):
        count = len(server.messages) + 2
        began = time.perf_counter()
        await server.paste(link(record), channel=channel + number)
        await server.until(lambda count=count: len(server.messages) >= count, PATIENCE)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    return statistics.median(took) if took else 0.0


def _resident(pid: int) -> float:
    """Give a process's resident memory in megabytes (proc(5), statm)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
