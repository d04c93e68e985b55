"""Cards in the making, for one message: each is looked up once, however many steps want it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.core.links import Link
from bot.core.reference import Reference
from bot.services.ports import CardContent, Chat

SLOW = 1.0
"""Seconds after which "typing" shows that a card is being made."""
PATIENCE = 10.0
"""Seconds for which a message of several studies waits for all of them."""


class Making:
    """The cards of a message's links."""

    def __init__(self, make: Callable[[Link], Coroutine[Any, Any, CardContent]]) -> None:
        self._make = make
        self._tasks: dict[Link, asyncio.Task[CardContent]] = {}

    def begin(self, link: Link) -> asyncio.Task[CardContent]:
        """Begin to make a card, unless that has begun."""
        if link not in self._tasks:
            self._tasks[link] = asyncio.create_task(self._make(link))
        return self._tasks[link]

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


async def wait_for(chat: Chat, *making: asyncio.Task[CardContent], enough: int | None = None) -> None:
    """Wait until cards are made, or cannot be; "typing" shows once that takes long.

    `enough`: the number that will do once PATIENCE is over; None for all.
    """
    _, pending = await asyncio.wait(making, timeout=SLOW)
    if not pending:
        return
    async with chat.typing():
        _, pending = await asyncio.wait(pending, timeout=PATIENCE)
        while pending and (enough is None or sum(map(_is_made, making)) < enough):
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)


def _is_made(task: asyncio.Task[CardContent]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def stated_by(content: CardContent) -> frozenset[Reference]:
    """Give the references by which a card's own record knows its work."""
    enrichment = content.card.study.enrichment
    return frozenset(enrichment.references if enrichment is not None else ())
