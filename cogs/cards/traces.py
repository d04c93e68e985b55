"""What a process left in a channel that ended in the middle: cards that were sent and not remembered."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import discord
import structlog

from bot.core.links import Link
from bot.services.ports import CardStore, Pair
from cogs.cards.buttons import record_of
from cogs.cards.replies import pair_of
from cogs.discord_kit.transient_errors import TROUBLE

LOOKED_THROUGH = 100
"""Messages after the one that was answered."""
_POINTER = re.compile(r"/channels/(?:[0-9]+|@me)/[0-9]+/(?P<card>[0-9]+)\Z")

log = structlog.get_logger(__name__)


class Traces:
    """Finds the bot's own replies by what Discord says of them."""

    def __init__(self, client: discord.Client, pairs: CardStore, now: Callable[[], datetime]) -> None:
        self._client = client
        self._pairs = pairs
        self._now = now

    async def find(self, message: discord.Message) -> tuple[Pair, ...]:
        """Remember the cards that answer a message, and give all pairs of it. Raises StorageError, and what Discord does."""
        pairs = {pair.card_id: pair for pair in await self._pairs.of_message(message.id)}
        async for reply in self._replies(message.channel, message.id):
            if reply.id not in pairs and (pair := await self._read(message, reply)) is not None:
                await self._pairs.add(pair)
                log.info("card found again", record=pair.reference.id, card=pair.card_id)
                pairs[reply.id] = pair
        return tuple(pairs[card_id] for card_id in sorted(pairs))

    async def erase(self, channel: Any, message_id: int) -> None:
        """Delete what answers a message that is gone. Raises StorageError, and what Discord does."""
        async for reply in self._replies(channel, message_id):
            await reply.delete()
            await self._pairs.remove([reply.id])

    async def _replies(self, channel: Any, message_id: int) -> AsyncIterator[discord.Message]:
        me = self._client.user
        after = discord.Object(message_id)
        async for reply in channel.history(after=after, limit=LOOKED_THROUGH, oldest_first=True):
            answers = reply.reference is not None and reply.reference.message_id == message_id
            if answers and me is not None and reply.author.id == me.id:
                yield reply

    async def _read(self, message: discord.Message, reply: discord.Message) -> Pair | None:
        """Read a card, or a pointer; one that points to nothing known is deleted."""
        if (reference := record_of(reply)) is not None:
            return pair_of(message, reply.id, Link(reference, _is_hidden(reply)), self._now())
        pointed = _POINTER.search(reply.content)
        target = await self._pairs.of_card(int(pointed["card"])) if pointed else None
        if target is not None:
            return pair_of(message, reply.id, Link(target.reference), self._now(), target.card_id)
        if pointed:
            try:
                await reply.delete()
            except TROUBLE as error:
                log.warning("pointer not deleted", card=reply.id, reason=str(error))
        return None


def _is_hidden(card: discord.Message) -> bool:
    embedded = any((embed.description or "").startswith("||") for embed in card.embeds)
    return embedded or any(getattr(component, "spoiler", False) for component in card.components)
