"""Links that people post get replies, and the replies follow their messages.

A message without a link costs a look at its text; everything else is `bot.services.replies`' work.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import discord
import structlog
from discord.ext import commands

from bot.core.errors import ChatError, StorageError
from bot.core.links import find_links
from bot.core.reply import Mark
from bot.services.meters import Meters
from bot.services.replies import Replies
from cogs.cards.chat import DiscordChat, is_from_a_person, open_chat, read_post

FOLLOWED = timedelta(hours=24)
"""How long edits of a message are followed."""

log = structlog.get_logger(__name__)


class Listener(commands.Cog):
    """Passes on what happens to messages with links."""

    def __init__(self, client: discord.Client, replies: Replies, meters: Meters | None = None) -> None:
        self._client = client
        self._replies = replies
        self._meters = meters or Meters()
        self._began = discord.utils.utcnow()

    async def cog_load(self) -> None:
        """Note when this process began to listen."""
        self._began = discord.utils.utcnow()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a new message; the cheap checks come first, since every message passes here."""
        links = find_links(message.content)
        if links and is_from_a_person(message):
            self._meters.links(len(links))
            async with _logged("message not answered"):
                await self._replies.posted(self._chat(message.channel, message), read_post(message))

    @commands.Cog.listener()
    async def on_late_message(self, message: discord.Message) -> None:
        """Leave a message to the next process, since this one is ending."""
        if find_links(message.content) and is_from_a_person(message):
            async with _logged("message not left to the next process"):
                await self._replies.postpone(self._chat(message.channel, message), read_post(message))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follow an edit; Discord's own previews arrive as edits too, without the time of one."""
        message = event.message
        if not is_from_a_person(message) or discord.utils.utcnow() - message.created_at > FOLLOWED:
            return
        async with _logged("edit not followed"):
            if message.edited_at is not None:
                recent = message.created_at >= self._began
                await self._replies.edited(self._chat(message.channel, message), read_post(message), recent=recent)
            elif message.embeds:
                await self._replies.previewed(self._chat(message.channel, message), read_post(message))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follow a deletion."""
        await self._deleted(event.channel_id, event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follow a moderator's purge."""
        await self._deleted(event.channel_id, event.guild_id, sorted(event.message_ids))

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Answer a message whose offer somebody clicked: the poster or anybody else who is no bot."""
        me = self._client.user
        if str(event.emoji) != Mark.OFFER or me is None or event.user_id == me.id or (event.member and event.member.bot):
            return
        async with _logged("offer not met"):
            await self._replies.accepted(await open_chat(self._client, event.channel_id), event.message_id)

    async def _deleted(self, channel_id: int, guild_id: int | None, message_ids: Collection[int]) -> None:
        channel = self._client.get_channel(channel_id)
        reached = channel or self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        async with _logged("deletion not followed"):
            await self._replies.deleted(self._chat(reached), message_ids)

    def _chat(self, channel: object, event: discord.Message | None = None) -> DiscordChat:
        assert self._client.user is not None  # noqa: S101 - events come after the login
        return DiscordChat(channel, self._client.user, event)


@asynccontextmanager
async def _logged(what: str) -> AsyncIterator[None]:
    """Log the failures that an event may end with; the job stays open, and is taken up again."""
    try:
        yield
    except (StorageError, ChatError) as error:
        log.warning(what, error=type(error).__name__, reason=str(error))
