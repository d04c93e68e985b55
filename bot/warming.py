"""What no start waits for is loaded once the bot is there, in a thread: so that no message waits for it either."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import discord

from bot.adapters.record_json import record_json
from bot.services.cards import warm_up
from cogs.words import languages, speak


@asynccontextmanager
async def warming_up(client: discord.Client, open_site: Callable[[], Awaitable[object]] | None) -> AsyncIterator[None]:
    """Load what the first fetch, the first card and the first German word need."""

    async def warm() -> None:
        await client.wait_until_ready()
        if open_site is not None:
            await open_site()
        await asyncio.to_thread(record_json)
        await asyncio.to_thread(warm_up)
        await asyncio.to_thread(lambda: [speak(language) for language in languages()])

    warming = asyncio.create_task(warm(), name="warm up")
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
