"""The cool-down: a record that a channel saw just now gets a line that points to its card, in place of a second card.

While a card is made, its record is held in its channel, so that of two who paste it at once the second gets the line. Before
anything points to a card, Discord is asked once whether it is still there.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog

from bot.core.channel_settings import ChannelSettings
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.core.wording import Say
from bot.services.ports import CardStore, Locks, Pair
from cogs.cards.buttons import record_of
from cogs.cards.turns import Turn, alone
from cogs.discord_kit.transient_errors import TROUBLE

log = structlog.get_logger(__name__)


class Cooldown:
    """Tells what a channel saw within its cool-down."""

    def __init__(self, pairs: CardStore, locks: Locks, now: Callable[[], datetime]) -> None:
        self._pairs = pairs
        self._locks = locks
        self._now = now

    @asynccontextmanager
    async def earlier(
        self,
        channel: Any,
        reference: Reference,
        settings: ChannelSettings,
        turn: Turn,
        *,
        message_id: int | None,
        at: datetime | None = None,
    ) -> AsyncIterator[Pair | None]:
        """Hold a record in a channel, and give the card that another message than this one got within the cool-down.

        It is counted back from now, or from the time `at`.
        """
        if not settings.cooldown:
            yield None
            return
        since = (at or self._now()) - timedelta(seconds=settings.cooldown)
        async with alone(self._locks, f"record {reference} in {channel.id}"):
            yield await self._standing(channel, reference, since, turn, message_id)

    async def _standing(
        self, channel: Any, reference: Reference, since: datetime, turn: Turn, message_id: int | None
    ) -> Pair | None:
        try:
            while (found := (await self._pairs.last(channel.id, {reference}, since)).get(reference)) is not None:
                if found.message_id == message_id and message_id is not None:
                    return None
                try:
                    card = await channel.fetch_message(found.card_id)
                except discord.NotFound:  # deleted while the bot was away
                    turn.vacated.add(found.card_id)
                    await self._pairs.remove([found.card_id])
                    continue
                return found if record_of(card) == reference else None
        except StorageError as error:
            log.warning("earlier card not known", reason=str(error))
        except TROUBLE as error:
            log.info("earlier card not seen", reason=str(error))
        return None


def pointer(card: Pair, say: Say) -> dict[str, Any]:
    """Say in one line where the card of a record is that the channel saw just now, as arguments of `Messageable.send`."""
    address = f"https://discord.com/channels/{card.guild_id or '@me'}/{card.channel_id}/{card.card_id}"
    return {
        "content": "-# " + say("Shown here already: {address}", address=address),
        "allowed_mentions": discord.AllowedMentions.none(),
        "silent": True,
    }
