"""Pointers: the line that links to an earlier card."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.card import Card
from bot.core.errors import BotError
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.ports import PointerContent

AT_ONCE = 1.0
"""Seconds that a pointer waits for the title of its study, which is usually in memory, since it was shown recently."""

GetCard = Callable[[Reference], Awaitable[Card]]
"""Gives a record's card; raises a BotError if it cannot be made."""


async def pointer_to(target: Reply, reference: Reference, card_of: GetCard, *, spoiler: bool) -> PointerContent:
    """Make a pointer to a card, with the study's title unless the card or the link is a spoiler or the title takes long."""
    if spoiler or target.spoiler:
        return PointerContent(target)
    try:
        card = await asyncio.wait_for(asyncio.shield(card_of(reference)), AT_ONCE)
    except (BotError, TimeoutError):
        return PointerContent(target)
    return PointerContent(target, card.record.plain_title)
