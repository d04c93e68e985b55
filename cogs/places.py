"""Where a message stands, in the words of the rules for channels."""

from typing import Any

import discord

from bot.core.channel import Place


def place_of(channel: Any, guild_id: int | None) -> Place:
    """Give a channel's place: for a thread its parent channel's, with that one's category."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return Place(guild_id, channel.parent_id, parent.category_id if parent is not None else None)
    return Place(guild_id, channel.id, getattr(channel, "category_id", None))


def place_asked(interaction: discord.Interaction[Any]) -> Place:
    """Give the place where somebody asks, which the bot may know nothing else of: it need not be in that guild."""
    if interaction.channel is None:
        return Place(interaction.guild_id, interaction.channel_id or 0)
    return place_of(interaction.channel, interaction.guild_id)


def public_parent(channel: Any) -> int | None:
    """Give the channel that lists what its thread showed too; none for a private thread, which not all of it can see."""
    return channel.parent_id if isinstance(channel, discord.Thread) and not channel.is_private() else None
