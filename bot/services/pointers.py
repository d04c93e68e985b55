"""Pointers: what one line says of the card that it links to."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.errors import BotError
from bot.core.reply import Reply
from bot.services.ports import CardContent, PointerContent

AT_ONCE = 1.0
"""Seconds that a pointer waits for the title of its study; the record was shown a moment ago, so it is usually in memory."""


async def pointer_to(card: Reply, *, spoiler: bool, make: Callable[[], Awaitable[CardContent]]) -> PointerContent:
    """Point to a card. Name its study, unless the card or the link is a spoiler or the record cannot be had in time."""
    if spoiler or card.spoiler:
        return PointerContent(card)
    try:
        made = await asyncio.wait_for(make(), AT_ONCE)
    except (BotError, TimeoutError):
        return PointerContent(card)
    return PointerContent(card, made.card.record.plain_title)
