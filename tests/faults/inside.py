"""The bot within the test's own process: the whole of it, over real HTTP, a real websocket and a real database.

A test may so look at its tasks, and choose its clock and its waits; what needs a process of its own (`kill -9`, signals) has
`tests.wire.process`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import structlog
from discord.http import Route

from bot.adapters.database.engine import DatabaseLimits
from bot.adapters.site.limits import FetchLimits
from bot.app import build_client, open_services, run_bot, utc_now
from bot.core.channel_settings import Scope, Target, Value
from bot.core.errors import ConfigurationError
from bot.discord_client.client import Precis
from bot.discord_client.limits import DiscordLimits
from bot.settings import Settings
from bot.use_cases import Services
from tests.wire import objects as o
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import Erowid, link

PATIENCE = 180
"""Seconds that a test waits for what a busy machine may take long to do."""

HURRIED = FetchLimits(gap=0.01, pause=0.01)
"""For tests that are not about the pace at the site."""
SOON = DiscordLimits(pause=0.05, quick=0, rate_limit=0.5, identify_gap=0, new_session=0)
"""The waits of the client."""


@dataclass
class Inside:
    """A running bot, and what stands around it."""

    discord: Discord
    site: Erowid
    running: "asyncio.Task[None]"
    clients: list[Precis]
    """Each client that was built, the last one connected."""
    services: list[Services]
    logged: list[dict[str, Any]] = field(default_factory=list)
    """Its log lines."""

    async def paste(self, *ids: int, channel: int = o.GENERAL) -> o.Json:
        """Let Alice paste links."""
        return await self.discord.paste(" ".join(map(link, ids)), channel=channel)

    async def cards(self, message: o.Json, count: int = 1) -> list[o.Json]:
        """Wait for the replies to a message."""
        return await self.discord.until(
            lambda: self.alive() and len(found := self.discord.replies(message)) >= count and found, PATIENCE
        )

    async def mark(self, message: o.Json) -> str:
        """Wait for the reaction to a message."""
        return (await self.discord.until(lambda: self.alive() and self.discord.reactions_to(message), PATIENCE))[0]

    async def choose(self, **values: Value) -> None:
        """Let a moderator choose for the whole guild."""
        await self.services[-1].settings.set(o.GUILD, Target(Scope.GUILD, o.GUILD), values, by=o.ALICE)

    async def command(self, group: str, name: str, *, permissions: int = o.PERMISSIONS, **options: str | bool) -> str:
        """Let Alice use a slash command; gives the interaction's token."""
        kinds = {str: 3, bool: 5}
        given = [{"name": key, "type": kinds[type(value)], "value": value} for key, value in options.items()]
        data = {"id": "5", "type": 1, "name": group, "options": [{"type": 1, "name": name, "options": given}]}
        return await self.discord.interact(2, data, permissions=permissions)

    async def still_answers(self, channel: int = o.GENERAL) -> None:
        """The bot does its work: one paste, one card."""
        assert len(await self.cards(await self.paste(101, channel=channel))) == 1

    async def idle(self) -> None:
        """Wait until no listener is at work any more."""
        async with asyncio.timeout(PATIENCE):
            await self.clients[-1].work.nothing_left()

    def alive(self) -> bool:
        """Raise what ended the bot, if something did."""
        if self.running.done():
            self.running.result()
            raise AssertionError("the bot ended")
        return True


@contextmanager
def quiet_log() -> Iterator[list[dict[str, Any]]]:
    """Gather the log; at the end it may hold no traceback, and nothing that nobody foresaw."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        with structlog.testing.capture_logs() as lines:
            yield lines
    finally:
        logging.getLogger().removeHandler(handler)
    unforeseen = [line for line in lines if line.get("exc_info") or line["event"] == "listener failed" or "ticket" in line]
    assert not unforeseen, unforeseen
    one_line = ("Attempting a reconnect", "Ignoring exception in autocomplete")  # as `bot.logs` writes it
    raised = [it for it in records if it.exc_info and not str(it.msg).startswith(one_line)]
    assert [(it.getMessage(), it.exc_info) for it in raised] == []


@asynccontextmanager
async def inside(
    server: Discord,
    site: Erowid,
    folder: Path,
    patch: pytest.MonkeyPatch,
    *,
    limits: FetchLimits | None = None,
    database: DatabaseLimits | None = None,
    now: Callable[[], datetime] = utc_now,
    **settings: Any,
) -> AsyncIterator[Inside]:
    """Run the bot until the block ends, without its pauses before it connects again."""
    patch.setattr(Route, "BASE", Route.BASE)
    hasty = SimpleNamespace(**vars(asyncio) | {"sleep": _a_tenth_of_it})
    patch.setattr(discord.http, "asyncio", hasty)
    patch.setattr(discord.webhook.async_, "asyncio", hasty)
    clients: list[Precis] = []
    services: list[Services] = []

    def building(opened: Services, *args: Any) -> Precis:
        services.append(opened)
        clients.append(build_client(opened, *args))
        return clients[-1]

    opening = partial(open_services, limits=limits, database=database, now=now)
    given = {
        "discord_token": TOKEN,
        "discord_api_url": server.api_url,
        "discord_gateway_url": server.gateway_url,
        "database_url": f"sqlite+aiosqlite:///{folder / 'precis.sqlite3'}",
        "erowid_url": site.url,
        "enrich": "off",
        "contact": "keeper@precis.example",
    }
    with quiet_log() as lines:
        chosen = Settings(_env_file=None, **given | settings)
        running = asyncio.create_task(run_bot(chosen, limits=SOON, opening=opening, building=building))
        running.add_done_callback(lambda _: server.notify())
        try:
            room = Inside(server, site, running, clients, services, lines)
            await server.until(lambda: room.alive() and server.gateway.connected(), PATIENCE)
            yield room
            await room.idle()
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError, ConfigurationError):
                await running


async def _a_tenth_of_it(seconds: float) -> None:
    """Pause as discord.py does between its tries, in a tenth of its time."""
    await asyncio.sleep(seconds / 10)
