"""Bots in a simulated Discord, to be timed: ours on a database in a file, and a bare one of twelve lines."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import simcord
from discord.ext import commands
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.stores.records import Records
from bot.app import build_client
from bot.services.lookup import Lookup
from bot.settings import Settings
from bot.use_cases import Services, build_services
from tests.fakes import Pages
from tests.invented import invented_page
from tests.references import SOURCES

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LINK = "https://www.erowid.org/references/refs_view.php?ID={}"
ABSTRACT = (
    "Imaginary drugs are much discussed. We asked whether pretendoline changes imaginary sleep. Twelve imaginary rats were "
    "given 5 mg/kg. REM latency rose from 42.5 to 61.0 min (p < 0.05). No other measure changed. We conclude that "
    "pretendoline delays imaginary sleep."
)


def title(number: int) -> str:
    """Give the title of an invented record."""
    return f"On drug {number} that does not exist, and sleep"


def pages() -> Pages:
    """A site on which every record is another."""
    site = Pages()
    site.answer = invented_page(title(0), ABSTRACT)
    return site


@dataclass(frozen=True, slots=True)
class Ours:
    """The real services, as the bot has them."""

    engine: AsyncEngine
    lookup: Lookup
    services: Services

    def client(self) -> commands.Bot:
        """Build the bot."""
        return build_client(self.services, Settings(_env_file=None))


@asynccontextmanager
async def open_ours(url: str, site: Any = None) -> AsyncIterator[Ours]:
    """Open the services on a database, with choices and people loaded, as at a start."""
    async with open_database(url) as engine:
        lookup = Lookup(site or pages(), Records(engine), SOURCES, now=lambda: NOW)
        services = build_services(lookup, engine, now=lambda: NOW)
        await services.settings.refresh()
        await services.privacy.refresh()
        try:
            yield Ours(engine, lookup, services)
        finally:
            await lookup.close()


@dataclass(frozen=True, slots=True)
class Pasted:
    """What pastes took, medians in seconds."""

    first: float
    """Until the reply was there, of a channel's first since the start."""
    replied: float
    """Until the reply was there, of the others."""
    settled: float
    """Until nothing was left to be done, of the others."""


async def paste(client: commands.Bot, *, pastes: int, records: Sequence[int], channels: int = 41) -> Pasted:
    """Let somebody paste links, one after the other: one into each channel, then so many more, none twice into a channel."""
    channels = min(channels, pastes)
    env = simcord.Env(client, settle_timeout=60)
    await env.start()
    try:
        with env.time_context():
            guild = env.create_guild("Reading Room")
            rooms = [guild.create_text_channel(f"studies-{number}") for number in range(channels)]
            warm = guild.create_text_channel("warm")
            alice = guild.add_member(env.create_user("alice"))
            for record in records:
                await alice.send(warm, LINK.format(record))
            timed = [
                await _timed(env, alice.id, rooms[number % channels].id, records[number % len(records)])
                for number in range(channels + pastes)
            ]
    finally:
        await env.shutdown()
    replied, settled = zip(*timed, strict=True)
    return Pasted(*map(statistics.median, (replied[:channels], replied[channels:], settled[channels:])))


async def _timed(env: simcord.Env, author: int, channel: int, record: int) -> tuple[float, float]:
    replied = asyncio.get_running_loop().create_future()

    def see(event: str, payload: Any) -> None:
        if event == "MESSAGE_CREATE" and int(payload["author"]["id"]) != author and not replied.done():
            replied.set_result(time.perf_counter())

    env.backend.subscribers.append(see)
    began = time.perf_counter()
    env.backend.create_message(channel, author, LINK.format(record))
    at = await replied
    env.backend.subscribers.remove(see)
    await env.settle(idle=0.002)
    return at - began, time.perf_counter() - began


def in_a_folder(work: Callable[[str], Awaitable[Any]]) -> Any:
    """Run a coroutine on the address of a database that is to be in a file of its own."""
    with tempfile.TemporaryDirectory(prefix="precis-bench-") as folder:
        return asyncio.run(work(f"sqlite+aiosqlite:///{Path(folder)}/precis.sqlite3"))  # type: ignore[arg-type]
