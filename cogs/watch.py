"""The watch: links to records that people paste get cards."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable
from typing import TypeVar

import discord
import structlog
from discord.ext import commands

from bot.core.card import Card
from bot.core.channel import Choice, Mode
from bot.core.errors import BotError
from bot.core.links import Link, find_links
from bot.services.cards import Cards
from bot.services.channels import Channels
from cogs.buttons import card_buttons
from cogs.places import place_of
from cogs.render import draw
from cogs.trouble import TROUBLE

T = TypeVar("T")

SLOW = 1.0
"""Seconds after which "typing" shows that a card is being made."""
UNREADABLE = "\N{WHITE QUESTION MARK ORNAMENT}"
"""The reaction to a link that got no card."""
REMEMBERED = 1_000
"""Messages remembered as answered: a gateway that resumes may send one again."""

_ANSWERED_TYPES = {discord.MessageType.default, discord.MessageType.reply}

log = structlog.get_logger(__name__)


class Watch(commands.Cog):
    """Answers pasted links."""

    def __init__(self, cards: Cards, channels: Channels) -> None:
        self._cards = cards
        self._channels = channels
        self._answered: OrderedDict[int, None] = OrderedDict()
        self._answering: dict[int, asyncio.Task[object] | None] = {}

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Reply with cards; the free checks come first, since every message passes here."""
        links = find_links(message.content)
        if not links or message.author.bot or message.webhook_id is not None or message.type not in _ANSWERED_TYPES:
            return
        choice = self._channels.choice(place_of(message.channel, message.guild.id if message.guild else None))
        if choice.mode is Mode.OFF or not _may_reply(message) or not self._is_new(message):
            return
        with structlog.contextvars.bound_contextvars(
            guild=message.guild and message.guild.id, channel=message.channel.id, message=message.id
        ):
            self._answering[message.id] = asyncio.current_task()
            try:
                await self._answer(message, links[: choice.max_cards], choice)
            finally:
                del self._answering[message.id]

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Stop making cards for a message that is gone."""
        if (task := self._answering.get(event.message_id)) is not None:
            task.cancel()

    async def _answer(self, message: discord.Message, links: tuple[Link, ...], choice: Choice) -> None:
        """Make the cards at the same time, reply with them in the order of the links."""
        making = [asyncio.create_task(self._cards.card(link.reference, choice.style)) for link in links]
        failed = False
        try:
            for number, (link, task) in enumerate(zip(links, making, strict=True)):
                try:
                    card = await _typing_when_slow(message.channel, task)
                    await _reply(message, card, link, choice, number)
                except BotError as error:
                    log.info("no card", record=link.reference.id, error=type(error).__name__, reason=str(error))
                    failed = True
                except TROUBLE as error:
                    log.warning("card not sent", record=link.reference.id, reason=str(error))
        finally:
            for task in making:
                task.cancel()
        if failed:
            await _mark(message)

    def _is_new(self, message: discord.Message) -> bool:
        """Whether a message is seen for the first time, as far as is remembered."""
        if message.id in self._answered:
            return False
        self._answered[message.id] = None
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return True


def _may_reply(message: discord.Message) -> bool:
    """Whether the bot may reply where the message stands: asked before anything is fetched."""
    if message.guild is None or isinstance(message.channel, discord.PartialMessageable):
        return True
    granted = message.channel.permissions_for(message.guild.me)
    in_thread = isinstance(message.channel, discord.Thread)
    may_send = granted.send_messages_in_threads if in_thread else granted.send_messages
    return may_send and granted.read_message_history


async def _reply(message: discord.Message, card: Card, link: Link, choice: Choice, number: int) -> None:
    """Reply in place, without a ping.

    The nonce names this card of this message, so that Discord sends it once, however often the request is made. Where the
    message is gone by now, Discord refuses the reply, and nothing is left behind.
    """
    drawing = draw(card, choice.layout, spoiler=link.spoiler, buttons=card_buttons(card, message.author.id))
    sent = await message.reply(**drawing, mention_author=False, nonce=f"{message.id}-{number}")
    log.info("card sent", record=link.reference.id, card=sent.id, findings=len(card.findings), stale=card.stale)


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


async def _mark(message: discord.Message) -> None:
    """Mark a message whose link got no card; where the bot may not react, the log says it alone."""
    try:
        await message.add_reaction(UNREADABLE)
    except TROUBLE as error:
        log.debug("no reaction", reason=str(error))
