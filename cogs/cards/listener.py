"""The watch: links to records that people post get cards, and the cards follow their messages.

A message without a link costs a look at its text. One with a link costs the choices in memory, and few queries.
"""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import discord
import structlog
from discord.ext import commands

from bot.core.errors import StorageError
from bot.core.links import Link, find_links
from bot.services.meters import Meters
from cogs.cards.answers import Answers, is_from_a_person
from cogs.cards.reactions import OFFER, UNREADABLE
from cogs.discord_kit.transient_errors import TROUBLE

__all__ = ["OFFER", "UNREADABLE", "Watch"]

FOLLOWED = timedelta(hours=24)
"""How long edits of a message are followed."""
REMEMBERED = 1_000
"""Messages whose links are remembered: a gateway that resumes may send one again, and edits are compared with them."""

log = structlog.get_logger(__name__)


class Watch(commands.Cog):
    """Answers posted links."""

    def __init__(self, client: discord.Client, answers: Answers, meters: Meters | None = None) -> None:
        self._meters = meters or Meters()
        self._client = client
        self._answers = answers
        self._seen: OrderedDict[int, tuple[Link, ...]] = OrderedDict()
        self._began = discord.utils.utcnow()

    async def cog_load(self) -> None:
        """Note when the watch began."""
        self._began = discord.utils.utcnow()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message; the free checks come first, since every message passes here."""
        links = find_links(message.content)
        if not links or not is_from_a_person(message):
            return
        self._meters.links(len(links))
        new = message.id not in self._seen
        self._see(message, links)
        settings = self._answers.effective(message)
        if settings is None or not new:
            return
        try:
            async with self._answers.turn(message) as turn:
                await self._answers.answer(message, links, settings, turn)
        except (StorageError, *TROUBLE) as error:
            log.warning("not answered", message=message.id, reason=str(error))

    @commands.Cog.listener()
    async def on_late_message(self, message: discord.Message) -> None:
        """Leave a message to the process that comes next, since this one is ending."""
        links = find_links(message.content)
        if not links or not is_from_a_person(message) or message.id in self._seen:
            return
        settings = self._answers.effective(message)
        if settings is not None:
            await self._answers.put_off(message, links, settings)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Bring the cards in step with an edited message whose links changed.

        Links are compared with those that the message had: Discord's own previews come as edits too, and a card that
        somebody deleted does not come back with the next edit.
        """
        message = event.message
        links = find_links(message.content)
        if not is_from_a_person(message) or discord.utils.utcnow() - message.created_at > FOLLOWED:
            return
        before = self._seen.get(message.id)
        if before is None and message.created_at >= self._began:
            before = ()
        changed = before is None or set(before) != set(links)
        if not changed and not message.embeds:
            return
        settings, edited = self._answers.effective(message), changed and message.edited_at is not None
        if edited:
            self._see(message, links)  # at once, in the order of the events
        try:
            async with self._answers.turn(message) as turn:
                if edited:
                    await self._answers.follow(message, links, before, settings, turn)
                elif settings and links:
                    await self._answers.suppress(message, settings)
        except (StorageError, *TROUBLE) as error:
            log.warning("edit not followed", reason=str(error))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Take the cards of a deleted message away."""
        await self._forget(event.channel_id, event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the cards of deleted messages away."""
        await self._forget(event.channel_id, event.guild_id, sorted(event.message_ids))

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Answer a message whose offer somebody took: the poster or anybody else who is no bot."""
        me = self._client.user
        if str(event.emoji) != OFFER or me is None or event.user_id == me.id or (event.member and event.member.bot):
            return
        try:
            channel = self._client.get_channel(event.channel_id) or await self._client.fetch_channel(event.channel_id)
            if not isinstance(channel, discord.abc.Messageable):
                return
            if not _offers(message := await channel.fetch_message(event.message_id)):
                return
            async with self._answers.turn(message) as turn:
                message = await whole(channel, event.message_id)
                if _offers(message):  # still
                    links = find_links(message.content)
                    await self._answers.accept(message, links, self._answers.effective(message), turn)
        except (StorageError, *TROUBLE) as error:
            log.info("offer not met", reason=str(error))

    async def _forget(self, channel_id: int, guild_id: int | None, message_ids: Sequence[int]) -> None:
        channel = self._client.get_channel(channel_id)
        reached = channel or self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            await self._answers.forget(reached, message_ids)
        except StorageError as error:
            log.warning("cards of deleted messages not found", reason=str(error))

    def _see(self, message: discord.Message, links: Sequence[Link]) -> None:
        """Remember a message's links, the last messages' alone."""
        self._seen[message.id] = tuple(links)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _offers(message: discord.Message) -> bool:
    """Whether the bot's offer stands under a message that was fetched."""
    return any(reaction.me and str(reaction.emoji) == OFFER for reaction in message.reactions)


async def whole(channel: discord.abc.Messageable, message_id: int) -> discord.Message:
    """Fetch a message, with the roles that its author has in its guild, if they are in it still."""
    message = await channel.fetch_message(message_id)
    if message.guild and not isinstance(message.author, discord.Member):
        with suppress(discord.NotFound):
            message.author = await message.guild.fetch_member(message.author.id)
    return message
