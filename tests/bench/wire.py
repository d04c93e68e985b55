"""A paste of a stored record to its reply over HTTP and a websocket, against the same bare bot: `reply` without simcord.

Both servers are on loopback in this process, so that what Discord and the way to it take is next to nothing.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import discord

from bot.core.reference import Reference
from cogs.cards.buttons import card_buttons
from cogs.cards.render import draw
from tests.bench import Figure, middle
from tests.bench.stampede import FIRST, READY, open_room
from tests.wire.bare import BareClient
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import GIVEN, link

RECORDS = GIVEN[:37]
CHANNELS = 41
PAUSE = 0.01
"""Seconds between two pastes, in which the bot writes down what it did."""


class Bare(BareClient):
    """Answers a link with one and the same card."""

    drawing: dict[str, Any]

    async def on_message(self, message: discord.Message, /) -> None:
        if "erowid.org" in message.content and not message.author.bot:
            await message.reply(**self.drawing, mention_author=False)


def figures(runs: int = 5, pastes: int = 150) -> Iterator[Figure]:
    """Time both in turns, run by run."""
    measured = [asyncio.run(_turn(pastes)) for _ in range(runs)]
    yield middle(Figure("reply: over HTTP", ours * 1e3, "ms", floor * 1e3) for ours, floor in measured)


async def _turn(pastes: int) -> tuple[float, float]:
    async with open_room() as room:
        for number in RECORDS:
            card = await room.services.cards.card(Reference(number), "apa")
        ours = await _paste(room.discord, pastes)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Discord.open())
        server.rest._description = None
        server.channels |= {*range(FIRST, FIRST + pastes)}
        client = await stack.enter_async_context(Bare(server.api_url, server.gateway_url))
        client._connection.guild_ready_timeout = READY
        client.drawing = draw(card, buttons=card_buttons(card, poster=1))
        running = asyncio.create_task(client.start(TOKEN))
        await client.wait_until_ready()
        floor = await _paste(server, pastes)
        await client.close()
        await running
    return ours, floor


async def _paste(server: Discord, pastes: int) -> float:
    """Paste one after the other, first one into each channel; gives the median seconds until the reply stood there."""
    channels, took = min(CHANNELS, pastes), []
    for number in range(channels + pastes):
        count = len(server.messages) + 2
        began = time.perf_counter()
        await server.paste(link(RECORDS[number % len(RECORDS)]), channel=FIRST + number % channels)
        await server.until(lambda count=count: len(server.messages) >= count)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    return statistics.median(took[channels:])
