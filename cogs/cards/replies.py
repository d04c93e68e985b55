"""Cards that live with their messages: sent, redrawn, and taken away again.

Each card is remembered with the message that it answers (`bot.services.ports.Pair`), so that a restart forgets nothing. What
cannot be remembered, since the database is gone, is shown all the same.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings, Size
from bot.core.errors import BotError, StorageError
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.wording import Say
from bot.services.cards import MOST_FINDINGS, Cards
from bot.services.meters import Meters, Outcome, outcome_of
from bot.services.ports import CardStore, Pair
from cogs.cards.buttons import card_buttons
from cogs.cards.cooldown import Cooldown, pointer
from cogs.cards.render import draw
from cogs.cards.turns import Turn
from cogs.discord_kit.channels import may_reply, public_parent
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.transient_errors import TROUBLE

T = TypeVar("T")

SLOW = 1.0
"""Seconds after which "typing" shows that a card is being made."""

log = structlog.get_logger(__name__)


class Replies:
    """Sends cards in answer to messages, and keeps them in step with them; whoever asks has the message's turn."""

    def __init__(
        self,
        cards: Cards,
        pairs: CardStore,
        cooldown: Cooldown,
        now: Callable[[], datetime],
        meters: Meters | None = None,
    ) -> None:
        self._meters = meters or Meters()
        self._cards = cards
        self._pairs = pairs
        self._cooldown = cooldown
        self._now = now

    def at_hand(self, links: Sequence[Link]) -> bool:
        """Whether the records of all links are in memory."""
        return all(self._cards.holds(link.reference) for link in links)

    async def bring(
        self,
        message: discord.Message,
        links: Sequence[Link],
        settings: ChannelSettings,
        turn: Turn,
        pairs: Sequence[Pair] = (),
    ) -> bool:
        """Bring a message's cards, `pairs`, in step with its links, in their order; gives whether every link has its card.

        A card whose link went away shows a link that came, if there is one; else it goes too. A record that the channel
        saw within the cool-down gets a line that links to its card instead. Once the message is gone nothing more is sent,
        and what was on its way is taken back.
        """
        wanted = {link.reference: link for link in links}
        spare = [pair for pair in pairs if pair.reference not in wanted]
        have = {pair.reference for pair in pairs}
        making = {link: self._begin(link, settings) for link in links if link.reference not in have}
        complete = True
        try:
            for pair in pairs:
                link = wanted.get(pair.reference)
                if link is not None and link.spoiler != pair.spoiler:
                    await self._hide(message, pair, link, settings)
            for link, card in making.items():
                turn.ends = complete and not spare and not turn.lost and link == links[-1]
                try:
                    await self._place(message, link, settings, turn, making=card, spare=spare)
                except BotError as error:
                    self._meters.card(outcome_of(error))
                    log.info("no card", record=link.reference.id, error=type(error).__name__, reason=str(error))
                    complete = False
                except TROUBLE as error:
                    self._meters.card(Outcome.DISCORD)
                    log.warning("card not sent", record=link.reference.id, reason=str(error))
                    complete = False
        finally:
            for task in making.values():
                task.cancel()
            await asyncio.gather(*making.values(), return_exceptions=True)
        await self.take_away(message.channel, spare)
        return complete

    async def mend(self, channel: Any, pair: Pair, settings: ChannelSettings | None, turn: Turn) -> None:
        """Mend a pointer whose card went: it points to another card of its record, else becomes one, else it goes.

        The other card may be later than the pointer. Raises StorageError.
        """
        try:
            if settings is not None:
                await self._aim(channel, pair, settings, turn)
                return
        except (BotError, *TROUBLE) as error:
            log.info("pointer not mended", record=pair.reference.id, card=pair.card_id, reason=str(error))
        await self.take_away(channel, [pair])

    async def take_away(self, channel: Any, pairs: Sequence[Pair]) -> None:
        """Delete cards and forget them; one that cannot be deleted now is remembered. Raises StorageError."""
        gone = [pair.card_id for pair in pairs if await _delete(channel, pair.card_id)]
        if gone:
            await self._pairs.remove(gone)

    async def _place(
        self,
        message: discord.Message,
        link: Link,
        settings: ChannelSettings,
        turn: Turn,
        *,
        making: asyncio.Future[Card],
        spare: list[Pair],
    ) -> None:
        """Answer one link: by a line that points to an earlier card, by a spare card redrawn, or by a new card."""
        channel = message.channel
        async with self._cooldown.earlier(channel, link.reference, settings, turn, message_id=message.id) as earlier:
            if earlier is not None:
                drawing = pointer(earlier, _speak(channel))
            else:
                drawing = self._draw(await _typing_when_slow(channel, making), link, settings, channel, message.author.id)
            if turn.gone or not may_reply(channel, message.created_at):
                return
            if spare and earlier is None and await self._redraw(channel, spare[0], link, drawing, turn):
                del spare[0]
            else:
                await self._send(message, link, drawing, turn, earlier)
            self._meters.card(Outcome.SENT if earlier is None else Outcome.POINTER)

    async def _aim(self, channel: Any, pair: Pair, settings: ChannelSettings, turn: Turn) -> None:
        link = Link(pair.reference, pair.spoiler)
        asked = self._cooldown.earlier(channel, pair.reference, settings, turn, message_id=pair.message_id, at=pair.made_at)
        async with asked as earlier:
            if earlier is not None:
                await _partial(channel, pair.card_id).edit(content=pointer(earlier, _speak(channel))["content"])
                await self._pairs.replace(pair.card_id, replace(pair, target_id=earlier.card_id))
                return
            drawing = self._draw(await self._card(link, settings), link, settings, channel, pair.poster_id)
            if not await self._redraw(channel, pair, link, drawing, turn):
                await self.take_away(channel, [pair])

    async def _hide(self, message: discord.Message, pair: Pair, link: Link, settings: ChannelSettings) -> None:
        """Hide a card whose link is hidden by now, or show it; of a pointer there is nothing to hide."""
        hidden = replace(pair, spoiler=link.spoiler)
        try:
            if not pair.pointer:
                drawing = self._draw(await self._card(link, settings), link, settings, message.channel, message.author.id)
                await _edit(message.channel, pair.card_id, drawing)
        except (BotError, *TROUBLE) as error:
            log.info("card not redrawn", record=link.reference.id, card=pair.card_id, reason=str(error))
            return
        await self._pairs.replace(pair.card_id, hidden)

    async def _redraw(self, channel: Any, pair: Pair, link: Link, drawing: dict[str, Any], turn: Turn) -> bool:
        """Let a card, or a pointer, show another card; gives whether it does."""
        try:
            await _edit(channel, pair.card_id, drawing)
        except TROUBLE as error:
            log.info("card not redrawn", record=link.reference.id, card=pair.card_id, reason=str(error))
            return False
        turn.vacated.add(pair.card_id)
        shown = replace(
            pair, reference=link.reference, spoiler=link.spoiler, pointer=False, target_id=None, made_at=self._now()
        )
        try:
            await self._pairs.replace(pair.card_id, shown)
        except StorageError as error:
            log.warning("card not remembered", card=pair.card_id, reason=str(error))
        return True

    def _begin(self, link: Link, settings: ChannelSettings) -> asyncio.Future[Card]:
        """Begin to make a card; one whose record is in memory is there at once."""
        card = self._cards.at_hand(link.reference, settings.style, most=_most(settings))
        if card is None:
            return asyncio.create_task(self._card(link, settings))
        made: asyncio.Future[Card] = asyncio.get_running_loop().create_future()
        made.set_result(card)
        return made

    async def _card(self, link: Link, settings: ChannelSettings) -> Card:
        return await self._cards.card(link.reference, settings.style, most=_most(settings))

    def _draw(self, card: Card, link: Link, settings: ChannelSettings, channel: Any, poster_id: int) -> dict[str, Any]:
        _ = _speak(channel)
        buttons = card_buttons(card, poster_id, _)
        return draw(card, settings.layout, size=settings.size, spoiler=link.spoiler, buttons=buttons, say=_)

    async def _send(
        self, message: discord.Message, link: Link, drawing: dict[str, Any], turn: Turn, earlier: Pair | None
    ) -> None:
        """Reply in place, without a ping, and remember it; where the message is gone by now, Discord refuses the reply."""
        nonce = nonce_of(turn.salt, link.reference, message.edited_at)
        try:
            sent = await message.reply(**drawing, mention_author=False, nonce=nonce)
        except (aiohttp.ClientError, OSError):  # cut off: nobody knows whether it arrived
            sent = await message.reply(**drawing, mention_author=False, nonce=nonce)
        log.info("card sent", record=link.reference.id, card=sent.id, pointer=earlier is not None)
        target_id = earlier.card_id if earlier is not None else None
        pair = pair_of(message, sent.id, link, self._now(), target_id)
        try:
            await self._pairs.add(pair, kept_at=pair.made_at if turn.ends else None)
            turn.kept = turn.ends
            if turn.gone:  # while it was sent and remembered
                await self.take_away(message.channel, [pair])
        except StorageError as error:
            log.warning("card not remembered", card=sent.id, reason=str(error))
            turn.lost |= not (turn.gone and await _delete(message.channel, sent.id))


def pair_of(message: discord.Message, card_id: int, link: Link, made_at: datetime, target_id: int | None = None) -> Pair:
    """Give the pair of a card, or of a pointer to the card `target_id`, that answers a message."""
    return Pair(
        card_id=card_id,
        message_id=message.id,
        reference=link.reference,
        channel_id=message.channel.id,
        poster_id=message.author.id,
        made_at=made_at,
        parent_id=public_parent(message.channel),
        guild_id=message.guild.id if message.guild else None,
        spoiler=link.spoiler,
        pointer=target_id is not None,
        target_id=target_id,
    )


def nonce_of(salt: str, reference: Reference, edited_at: datetime | None) -> str:
    """Give a card's nonce: Discord gives back the first message of a nonce, so that what is sent again comes once.

    A message that was edited gets others than before: a card that went may come back.
    """
    return hashlib.sha256(f"{salt}:{reference}:{version_of(edited_at)}".encode()).hexdigest()[:24]


def version_of(edited_at: datetime | None) -> int:
    """Give a message's version by the time of its last edit."""
    return int(edited_at.timestamp() * 1000) if edited_at is not None else 0


def _most(settings: ChannelSettings) -> int:
    """Findings that a card holds at most."""
    return 1 if settings.size is Size.COMPACT else MOST_FINDINGS


def _speak(channel: Any) -> Say:
    """Give the function that answers in a channel in its server's language."""
    guild = getattr(channel, "guild", None)
    return speak(guild.preferred_locale if guild is not None else None)


def _partial(channel: Any, message_id: int) -> discord.PartialMessage:
    partial: discord.PartialMessage = channel.get_partial_message(message_id)
    return partial


async def _edit(channel: Any, message_id: int, drawing: dict[str, Any]) -> None:
    """Put a card in the place of what a message of the bot's shows, be that a card of either layout or a line."""
    shown = {"content": None, "embed": None} | {key: value for key, value in drawing.items() if key != "silent"}
    await _partial(channel, message_id).edit(**shown)


async def _delete(channel: Any, message_id: int) -> bool:
    """Delete one of the bot's messages; gives whether it is gone."""
    try:
        await _partial(channel, message_id).delete()
    except discord.NotFound:
        return True
    except TROUBLE as error:
        log.warning("card not deleted", card=message_id, reason=str(error))
        return False
    return True


async def _typing_when_slow(channel: discord.abc.Messageable, task: asyncio.Future[T]) -> T:
    """Wait for work; "typing" shows once it takes long. That it cannot be shown is no matter."""
    if not task.done():
        await asyncio.wait({task}, timeout=SLOW)
    if task.done():
        return task.result()
    try:
        async with channel.typing():
            return await task
    except TROUBLE:
        return await task
