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
