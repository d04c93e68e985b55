"""What no start waits for is loaded in a thread as soon as Discord has let the bot in, so that few messages wait for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import discord
import structlog

from bot.core.errors import BotError
from bot.services.cards import warm_up
from cogs.discord_kit.i18n import languages, speak

log = structlog.get_logger(__name__)


@asynccontextmanager
async def warming_up(client: discord.Client, open_site: Callable[[], Awaitable[object]] | None) -> AsyncIterator[None]:
    """Load what the first card, the first fetch and the first German word need.

    discord.py says that it is ready two seconds after it has connected; messages come at once.
    """

    async def warm() -> None:
        await client.wait_for("connect")
        await asyncio.to_thread(warm_up)
        if open_site is not None:
            try:
                await open_site()
            except BotError as error:
                log.warning("the way to the site cannot be opened", reason=str(error))
        await asyncio.to_thread(lambda: [speak(language) for language in languages()])

    warming = asyncio.create_task(warm(), name="warm up")
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
