"""What no start waits for is loaded in a thread as soon as Discord has let the bot in, so that few messages wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bot.adapters.stores.record_json import record_json
from bot.services.cards import warm_up
from cogs.discord_kit.i18n import languages, speak


@asynccontextmanager
async def warming_up(client: discord.Client) -> AsyncIterator[None]:
    """Load what the first card and the first German word need.

    discord.py says that it is ready two seconds after it has connected; messages come at once.
    """

    async def warm() -> None:
        await client.wait_for("connect")
        await asyncio.to_thread(record_json)
        await asyncio.to_thread(warm_up)
        await asyncio.to_thread(lambda: [speak(language) for language in languages()])

    warming = asyncio.create_task(warm(), name="warm up")
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
