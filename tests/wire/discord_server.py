"""A simulated Discord on loopback: REST and gateway of one application in one guild, real HTTP and a real websocket.

async with Discord.open() as discord:
    ...  # run a bot with DISCORD_API_URL=discord.api_url, DISCORD_GATEWAY_URL=discord.gateway_url, DISCORD_TOKEN=TOKEN
    pasted = await discord.paste("look: https://...")
    reply = await discord.until(lambda: discord.replies(pasted))
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.wire.routes import Routes
from tests.wire.world import TOKEN, World

__all__ = ["TOKEN", "Discord"]


class Discord(World):
    """The world, served."""

    port = 0
    api_url = ""
    gateway_url = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0, *, strict: bool = True, described: bool = True) -> AsyncIterator["Discord"]:
        """Serve on loopback until the block ends; port 0 takes a free one.

        If `strict`, no request may have been wrong by then. If `described`, requests are checked against Discord's own
        description of its API, which takes longer than all else.
        """
        discord = cls(described=described)
        app = web.Application()
        app.add_routes([web.get("/gateway", discord.gateway.handle), *Routes(discord, discord.rest).all()])
        app.router.add_route("*", "/{rest:.*}", discord.rest.unknown)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, bound = runner.addresses[0][:2]
        discord.port = bound
        discord.api_url = f"http://{host}:{bound}/api/v10"
        discord.gateway_url = discord.gateway.url = f"ws://{host}:{bound}/gateway"
        try:
            yield discord
        finally:
            await discord.gateway.close()
            await runner.cleanup()
        if strict:
            assert discord.rest.violations == []
