"""Cards that live with their messages: sent, redrawn, and taken away again.

Each card is remembered with the message that it answers (`bot.services.ports.Pair`), so that a restart forgets nothing. What
cannot be remembered, since the database is gone, is shown all the same.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from bot.core.card import Card
from bot.core.channel import Choice, Size
from bot.core.errors import BotError, StorageError
from bot.core.links import Link
from bot.core.wording import Say
from bot.services.cards import MOST_FINDINGS, Cards
from bot.services.ports import CardStore, Pair
from cogs.buttons import card_buttons
from cogs.places import public_parent
from cogs.render import draw
from cogs.trouble import TROUBLE
from cogs.words import speak

T = TypeVar("T")

SLOW = 1.0
"""Seconds after which "typing" shows that a card is being made."""

log = structlog.get_logger(__name__)


class Replies:
    """Sends cards in answer to messages, and keeps them in step with them."""

    def __init__(self, cards: Cards, pairs: CardStore, now: Callable[[], datetime]) -> None:
        self._cards = cards
        self._pairs = pairs
        self._now = now

    async def answer(
        self, message: discord.Message, links: Sequence[Link], choice: Choice, is_gone: Callable[[], bool]
    ) -> bool:
        """Reply to a message with a card for each link, in their order; gives whether every link got its card.

        A record that the channel saw within the cool-down gets a line that links to its card instead. Once the message
        is gone nothing more is sent, and what was on its way is taken back.
        """
        earlier = await self._earlier(message, links, choice)
        making = {link: asyncio.create_task(self._card(link, choice)) for link in links if link.reference not in earlier}
        complete = True
        try:
            for link in links:
                try:
                    if link in making:
                        card = await _typing_when_slow(message.channel, making[link])
                        drawing = self._draw(card, link, choice, message)
                    else:
                        drawing = _pointer(earlier[link.reference], message)
                    if is_gone():
                        return True
                    await self._send(message, link, drawing, is_gone, pointer=link not in making)
                except BotError as error:
                    log.info("no card", record=link.reference.id, error=type(error).__name__, reason=str(error))
                    complete = False
                except TROUBLE as error:
                    log.warning("card not sent", record=link.reference.id, reason=str(error))
                    complete = False
        finally:
            for task in making.values():
                task.cancel()
        return complete

    async def follow(
        self, message: discord.Message, links: Sequence[Link], choice: Choice | None, is_gone: Callable[[], bool]
    ) -> bool:
        """Bring a message's cards in step with its links; gives whether every link has its card.

        A card whose link went away shows a link that came, if there is one; else it goes too. Without a choice cards
        only go. Raises StorageError.
        """
        pairs = await self._pairs.of_message(message.id)
        if choice is None:
            stay = {link.reference for link in links}
            await self._take_away(message.channel, [pair for pair in pairs if pair.reference not in stay])
            return True
        wanted = {link.reference: link for link in links}
        spare = [pair for pair in pairs if pair.reference not in wanted]
        have = {pair.reference for pair in pairs}
        new = [link for link in links if link.reference not in have]
        for pair in pairs:
            link = wanted.get(pair.reference)
            if link is not None and link.spoiler != pair.spoiler and not pair.pointer:
                await self._redraw(message, pair, link, choice)
        while spare and new and not spare[0].pointer and await self._redraw(message, spare[0], new[0], choice):
            del spare[0], new[0]
        await self._take_away(message.channel, spare)
        return await self.answer(message, new, choice, is_gone) if new else True

    async def carded(self, message_id: int) -> bool:
        """Tell whether a message has cards. Raises StorageError."""
        return bool(await self._pairs.of_message(message_id))

    async def forget(self, channel: Any, message_ids: Sequence[int]) -> None:
        """Take the cards of deleted messages away; forget cards that were deleted themselves. Raises StorageError."""
        for message_id in message_ids:
            await self._take_away(channel, await self._pairs.of_message(message_id))
        await self._pairs.remove(message_ids)

    async def _earlier(self, message: discord.Message, links: Sequence[Link], choice: Choice) -> dict[Any, Pair]:
        """Give the cards that the channel saw within the cool-down, of other messages than this one: one query."""
        if not choice.cooldown:
            return {}
        since = self._now() - timedelta(seconds=choice.cooldown)
        try:
            found = await self._pairs.last(message.channel.id, {link.reference for link in links}, since)
        except StorageError as error:
            log.warning("earlier cards not known", reason=str(error))
            return {}
        return {reference: pair for reference, pair in found.items() if pair.message_id != message.id}

    async def _card(self, link: Link, choice: Choice) -> Card:
        most = 1 if choice.size is Size.COMPACT else MOST_FINDINGS
        return await self._cards.card(link.reference, choice.style, most=most)

    def _draw(self, card: Card, link: Link, choice: Choice, message: discord.Message) -> dict[str, Any]:
        _ = _speak(message)
        buttons = card_buttons(card, message.author.id, _)
        return draw(card, choice.layout, size=choice.size, spoiler=link.spoiler, buttons=buttons, say=_)

    async def _send(
        self,
        message: discord.Message,
        link: Link,
        drawing: dict[str, Any],
        is_gone: Callable[[], bool],
        *,
        pointer: bool,
    ) -> None:
        """Reply in place, without a ping, and remember it.

        The nonce is one for each card, so that Discord sends it once, though the request is made again where it was cut
        off. Where the message is gone by now, Discord refuses the reply.
        """
        nonce = secrets.token_hex(12)
        try:
            sent = await message.reply(**drawing, mention_author=False, nonce=nonce)
        except (aiohttp.ClientError, OSError):  # cut off: nobody knows whether it arrived
            sent = await message.reply(**drawing, mention_author=False, nonce=nonce)
        log.info("card sent", record=link.reference.id, card=sent.id, pointer=pointer)
        pair = Pair(
            card_id=sent.id,
            message_id=message.id,
            reference=link.reference,
            channel_id=message.channel.id,
            poster_id=message.author.id,
            made_at=self._now(),
            parent_id=public_parent(message.channel),
            guild_id=message.guild.id if message.guild else None,
            spoiler=link.spoiler,
            pointer=pointer,
        )
        try:
            await self._pairs.add(pair)
            if is_gone():  # while it was sent and remembered
                await self._take_away(message.channel, [pair])
        except StorageError as error:
            log.warning("card not remembered", card=sent.id, reason=str(error))
            if is_gone():
                await _delete(message.channel, sent.id)

    async def _redraw(self, message: discord.Message, pair: Pair, link: Link, choice: Choice) -> bool:
        """Let a card show a link; gives whether it does."""
        try:
            card = await self._card(link, choice)
            drawing = self._draw(card, link, choice, message)
            shown = {key: value for key, value in drawing.items() if key != "silent"}
            await _partial(message.channel, pair.card_id).edit(**shown)
        except (BotError, *TROUBLE) as error:
            log.info("card not redrawn", record=link.reference.id, card=pair.card_id, reason=str(error))
            return False
        await self._pairs.replace(pair.card_id, replace(pair, reference=link.reference, spoiler=link.spoiler))
        return True

    async def _take_away(self, channel: Any, pairs: Sequence[Pair]) -> None:
        gone = [pair.card_id for pair in pairs if await _delete(channel, pair.card_id)]
        await self._pairs.remove(gone)


def _speak(message: discord.Message) -> Say:
    """Give the function that answers a message in its server's language."""
    return speak(message.guild.preferred_locale if message.guild else None)


def _pointer(earlier: Pair, message: discord.Message) -> dict[str, Any]:
    """Say in one line where the card of a record is that the channel saw just now."""
    _ = _speak(message)
    address = f"https://discord.com/channels/{earlier.guild_id or '@me'}/{earlier.channel_id}/{earlier.card_id}"
    return {
        "content": "-# " + _("Shown here already: {address}", address=address),
        "allowed_mentions": discord.AllowedMentions.none(),
        "silent": True,
        "suppress_embeds": True,
    }


def _partial(channel: Any, message_id: int) -> discord.PartialMessage:
    partial: discord.PartialMessage = channel.get_partial_message(message_id)
    return partial


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


async def _typing_when_slow(channel: discord.abc.Messageable, work: Awaitable[T]) -> T:
    """Wait for work; "typing" shows once it takes long. That it cannot be shown is no matter."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=SLOW)
    if task.done():
        return task.result()
    try:
        async with channel.typing():
            return await task
    except TROUBLE:
        return await task
