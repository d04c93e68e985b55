"""Edits and deletions of messages, whose replies follow them.

Events that arrive while this process is ending have the prefix `late_`; they are stored for the next process.
"""

from collections.abc import Collection
from datetime import timedelta

import discord
from discord.ext import commands

from bot.services.jobs import job_errors
from bot.services.replies import Replies
from cogs.cards.chat import Chats, is_answered

FOLLOWED = timedelta(hours=24)
"""How long edits of a message are followed."""


class MessageChanges(commands.Cog):
    """Passes on edits and deletions."""

    def __init__(self, chats: Chats, replies: Replies) -> None:
        self._chats = chats
        self._replies = replies
        self._began = discord.utils.utcnow()

    async def cog_load(self) -> None:
        """Note when this process began to listen."""
        self._began = discord.utils.utcnow()

    @commands.Cog.listener()
    async def on_late_message(self, message: discord.Message) -> None:
        """Leave a new message to the next process."""
        if self._chats.links(message) and is_answered(message):
            with job_errors("message not left to the next process"):
                await self._replies.postpone(self._chats.of(message), self._chats.read(message))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Follow an edit; a preview that Discord adds arrives as an edit too, but without a time of editing."""
        message = event.message
        if not is_answered(message) or discord.utils.utcnow() - message.created_at > FOLLOWED:
            return
        with job_errors("edit not followed"):
            if message.edited_at is not None:
                recent = message.created_at >= self._began
                await self._replies.edited(self._chats.of(message), self._chats.read(message), recent=recent)
            elif message.embeds:
                await self._replies.previewed(self._chats.of(message), self._chats.read(message))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Follow a deletion."""
        await self._deleted(event.channel_id, event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Follow a moderator's purge."""
        await self._deleted(event.channel_id, event.guild_id, sorted(event.message_ids))

    @commands.Cog.listener()
    async def on_late_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Leave an edit to the next process."""
        if event.message.edited_at is not None:
            await self._changed_late(event.channel_id, event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_late_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Leave a deletion to the next process."""
        await self._changed_late(event.channel_id, event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_late_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Leave a purge to the next process."""
        await self._changed_late(event.channel_id, event.guild_id, sorted(event.message_ids))

    async def _deleted(self, channel_id: int, guild_id: int | None, message_ids: Collection[int]) -> None:
        with job_errors("deletion not followed"):
            await self._replies.deleted(self._chats.reach(channel_id, guild_id), message_ids)

    async def _changed_late(self, channel_id: int, guild_id: int | None, message_ids: Collection[int]) -> None:
        with job_errors("change not left to the next process"):
            await self._replies.postpone_changes(self._chats.reach(channel_id, guild_id), message_ids)
