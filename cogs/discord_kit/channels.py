"""Channels: the place whose settings apply, and what the bot may do there."""

from datetime import datetime
from typing import Any

import discord

from bot.core.channel_settings import Place


def place_of(channel: Any, guild_id: int | None) -> Place:
    """Give a channel's place; a thread has the place of its parent channel."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return Place(guild_id, channel.parent_id, parent.category_id if parent is not None else None)
    return Place(guild_id, channel.id, getattr(channel, "category_id", None))


def place_asked(interaction: discord.Interaction[Any]) -> Place:
    """Give the place of an interaction, even in a guild that the bot is not in."""
    if interaction.channel is None:
        return Place(interaction.guild_id, interaction.channel_id or 0)
    return place_of(interaction.channel, interaction.guild_id)


def public_parent(channel: Any) -> int | None:
    """Give the ID of the channel that also lists the cards of its public threads; None for a private thread."""
    return channel.parent_id if isinstance(channel, discord.Thread) and not channel.is_private() else None


def visible_channels(interaction: discord.Interaction[Any], *, private: bool) -> list[int]:
    """Give the IDs of the server's channels that the reader can see: who asked, or everybody if the answer is public.

    The channel of the interaction is always among them.
    """
    guild, user = interaction.guild, interaction.user
    here = [interaction.channel_id or 0]
    if guild is None:
        return here
    reader = user if private and isinstance(user, discord.Member) else guild.default_role
    seen = [channel.id for channel in guild.channels if _reads(channel, reader)]
    return list(dict.fromkeys([*here, *seen]))


def _reads(channel: discord.abc.GuildChannel, reader: discord.Member | discord.Role) -> bool:
    there = channel.permissions_for(reader)
    return there.view_channel and there.read_message_history


def granted(channel: Any) -> discord.Permissions:
    """Give the bot's permissions in a guild's channel; none in a thread whose parent channel it cannot see."""
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return discord.Permissions.none()
    permissions: discord.Permissions = channel.permissions_for(channel.guild.me)
    return permissions


def can_read(channel: Any) -> bool:
    """Whether the bot may see a guild's channel and its history."""
    there = granted(channel)
    return there.view_channel and there.read_message_history


def is_locked(channel: Any) -> bool:
    """Whether the channel is a locked thread that the bot may not post in."""
    return isinstance(channel, discord.Thread) and channel.locked and not granted(channel).manage_threads


def may_reply(channel: Any, since: datetime | None = None) -> bool:
    """Whether the bot may reply in a channel to a message of that time.

    A reply reopens an archived thread, so none is sent to a thread that was archived after the message.
    """
    if isinstance(channel, discord.PartialMessageable) or getattr(channel, "guild", None) is None:
        return True
    there = granted(channel)
    in_thread = isinstance(channel, (discord.Thread, discord.ForumChannel))
    may_send = there.send_messages_in_threads if in_thread else there.send_messages
    return (
        there.view_channel
        and may_send
        and there.read_message_history
        and not is_locked(channel)
        and not _closed(channel, since)
    )


def _closed(channel: Any, since: datetime | None) -> bool:
    archived = isinstance(channel, discord.Thread) and channel.archived
    return archived and since is not None and channel.archive_timestamp > since


async def find_channel(client: discord.Client, channel_id: int) -> Any:
    """Find a channel, fetching it if it is not cached.

    If another process serves its guild, the guild is fetched too, since cards are in the guild's language.
    """
    if (cached := client.get_channel(channel_id)) is not None:
        return cached
    channel: Any = await client.fetch_channel(channel_id)
    guild = getattr(channel, "guild", None)
    if guild is not None and client.get_guild(guild.id) is None:
        channel.guild = await client.fetch_guild(guild.id, with_counts=False)
    return channel
