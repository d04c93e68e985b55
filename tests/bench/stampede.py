"""Many pastes of few records over many channels at once: one fetch for each record, a right card for each paste.

The real client asks a real site on loopback, without a pace, and answers over HTTP and a websocket to a simulated Discord
(`tests.wire`) in the same process; simcord looks through all its timers for each, so that a thousand at once bury it. The
parts are: each record looked up by itself (fetch, read, store, card), and as many pastes one after the other.
"""

import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from discord.http import Route

from bot.adapters.site.limits import FetchLimits
from bot.app import build_client, open_services
from bot.core.channel_settings import ChannelSettings
from bot.discord_client.limits import DiscordLimits
from bot.settings import Settings
from bot.use_cases import Services
from tests.bench import Figure, middle
from tests.references import erowid
from tests.wire import objects as o
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import GIVEN, Erowid, link, serve_erowid

FIRST = 900_000_000_000_000_000
"""The first of the channels' IDs."""
PATIENCE = 600.0
"""Seconds for all replies: a guard against waiting for ever, not a bound."""
READY = 0.1
"""Seconds that discord.py waits for one more guild before it says that it is ready; nothing is timed until then."""


@dataclass(frozen=True, slots=True)
class Room:
    """A running bot between its two servers."""

    discord: Discord
    site: Erowid
    services: Services


@dataclass(frozen=True, slots=True)
class Storm:
    """What one stampede came to."""

    seconds: float
    fetches: int
    right: int
    growth: float
    """Megabytes by which the process's largest resident size grew, both servers' own share included."""


def figures(runs: int = 3, pastes: int = 1_000, records: int = 50, channels: int = 100) -> Iterator[Figure]:
    """Time storm and parts run by run; memory is the first storm's, since later ones find it taken already."""
    timed = [(asyncio.run(storm(pastes, records, channels)), asyncio.run(_parts(pastes, records))) for _ in range(runs)]
    storms = [one for one, _ in timed]
    off = max(abs(one.fetches - records) for one in storms)
    yield Figure("stampede: fetches too many or too few", off, "fetches", most=0)
    yield Figure("stampede: pastes without the right card", max(pastes - one.right for one in storms), "cards", most=0)
    yield Figure("stampede: growth of memory", storms[0].growth, "MB", most=200)
    yield middle(Figure("stampede", one.seconds, "s", parts, 1.5) for one, parts in timed)


async def storm(pastes: int, records: int, channels: int) -> Storm:
    """Paste all at once; each record comes into each channel once at most."""
    wave = -(-records * channels // pastes)
    plan = [(n % channels, GIVEN[(n // channels * wave + n % channels % wave) % records]) for n in range(pastes)]
    async with open_room() as room:
        before, began = _largest(), time.perf_counter()
        pasted = [(await room.discord.paste(link(record), channel=FIRST + channel), record) for channel, record in plan]
        await room.discord.until(lambda: len(room.discord.messages) >= 2 * pastes, PATIENCE)
        seconds, growth = time.perf_counter() - began, _largest() - before
        shown: dict[str, list[str]] = {}
        for message in room.discord.messages.values():
            if message["author"]["id"] == str(o.APPLICATION):
                shown.setdefault(message["message_reference"]["message_id"], []).append(str(message["components"]))
        right = sum(
            len(cards := shown.get(message["id"], [])) == 1 and f"measurement number {record} of" in cards[0]
            for message, record in pasted
        )
        return Storm(seconds, len(room.site.asked), right, growth)


def _largest() -> float:
    """Give the largest resident size of this process so far, in megabytes (Linux counts `ru_maxrss` in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


async def _parts(pastes: int, records: int) -> float:
    """Give the seconds of the parts."""
    async with open_room() as room:
        began = time.perf_counter()
        for number in GIVEN[:records]:
            await room.services.cards.card(erowid(number), ChannelSettings())
        lookups = time.perf_counter() - began
        sample = min(pastes, 200)
        began = time.perf_counter()
        for number in range(sample):
            count = len(room.discord.messages) + 2
            await room.discord.paste(link(GIVEN[number % records]), channel=FIRST + number)
            await room.discord.until(lambda count=count: len(room.discord.messages) >= count)
        return lookups + (time.perf_counter() - began) * pastes / sample


@asynccontextmanager
async def open_room() -> AsyncIterator[Room]:
    with tempfile.TemporaryDirectory(prefix="precis-bench-") as folder:
        async with Discord.open(described=False) as server, serve_erowid() as site:
            settings = Settings(
                _env_file=None,
                database_url=f"sqlite+aiosqlite:///{folder}/precis.sqlite3",
                erowid_url=site.url,
                enrich="off",
                discord_api_url=server.api_url,
                discord_gateway_url=server.gateway_url,
            )
            base = Route.BASE
            try:
                no_gap = FetchLimits(gap=0)
                soon = DiscordLimits(ready=READY)
                async with (
                    open_services(settings, no_gap) as services,
                    build_client(services, settings, limits=soon) as client,
                ):
                    running = asyncio.create_task(client.start(TOKEN))
                    await client.wait_until_ready()
                    server.channels |= {*range(FIRST, FIRST + 1_000)}
                    yield Room(server, site, services)
                    while listening := [task for task in asyncio.all_tasks() if task.get_name().startswith("discord.py: ")]:
                        await asyncio.wait(listening)  # cards are remembered once they were sent
                    await client.close()
                    await running
            finally:
                Route.BASE = base
