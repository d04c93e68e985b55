"""discord.py as it is, and with our workarounds, on a simulated Discord and on single answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import discord
import pytest
import yarl
from aiohttp import web
from discord.http import HTTPClient, Route
from discord.webhook.async_ import async_context

from bot.discord_client.limits import DiscordLimits
from bot.discord_client.workarounds.bot import HookedBot
from bot.discord_client.workarounds.gateway import HookedShards
from tests.wire.bare import BareAdapter, BareHTTP
from tests.wire.discord_server import TOKEN, Discord

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Client = TypeVar("Client", bound=discord.Client)

SOON = DiscordLimits(ready=0)
INTENTS = discord.Intents(guilds=True, messages=True)


class _There:
    """The addresses of a simulated Discord, for a client that is otherwise discord.py's."""

    def __init__(self, server: Discord, **options: Any) -> None:
        self._server = server
        super().__init__(intents=INTENTS, **{"guild_ready_timeout": 0.0, **options})

    def _get_state(self, **options: Any) -> Any:
        self.http = BareHTTP(self.loop)
        self.http.api, self.http.gateway = self._server.api_url, yarl.URL(self._server.gateway_url)
        return super()._get_state(**options)

    async def setup_hook(self) -> None:
        async_context.set(BareAdapter(self._server.api_url))

    async def before_identify_hook(self, *_: Any, **__: Any) -> None:
        """Identify at once."""


class Plain(_There, discord.Client):
    """discord.py's client of one shard."""


class PlainShards(_There, discord.AutoShardedClient):
    """discord.py's client of several shards."""


class Ours(HookedBot):
    """Our client without any cog; `Route.BASE` says where its requests go."""

    def __init__(self, server: Discord | None = None, **options: Any) -> None:
        url = server.gateway_url if server is not None else ""
        given = {"command_prefix": (), "help_command": None, "limits": SOON}
        super().__init__(intents=INTENTS, gateway_url=url, **given, **options)

    async def before_identify_hook(self, *_: Any, **__: Any) -> None:
        """Identify at once."""


class OurShards(Ours, HookedShards):
    """Our client of several shards."""


@asynccontextmanager
async def connected(client: Client) -> AsyncIterator[Client]:
    """Stay connected until the block ends."""
    async with client:
        await client.login(TOKEN)
        waiting = asyncio.create_task(client.wait_until_ready())
        staying = asyncio.create_task(client.connect())
        try:
            async with asyncio.timeout(60):
                await asyncio.wait({staying, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if staying.done():
                staying.result()
            yield client
        finally:
            waiting.cancel()
            staying.cancel()
            await asyncio.wait({staying, waiting})


@asynccontextmanager
async def served(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Serve every path by one function in Discord's place; gives the paths, with queries, as they are asked for."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.append(request.path_qs)
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield asked
    finally:
        await runner.cleanup()


@asynccontextmanager
async def logged_in(http: HTTPClient) -> AsyncIterator[HTTPClient]:
    """A client that may ask, without a login."""
    http._HTTPClient__session = aiohttp.ClientSession()  # type: ignore[attr-defined]
    http._global_over = asyncio.Event()
    http._global_over.set()
    try:
        yield http
    finally:
        await http.close()


def as_json(text: str, status: int = 200) -> web.Response:
    """An answer with Discord's own content type, which has no charset."""
    headers = {"Content-Type": "application/json", "Via": "1.1 google"}
    return web.Response(body=text.encode(), status=status, headers=headers)
