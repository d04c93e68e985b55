"""The channels that a client sees, and their messages, as the services take them."""

from dataclasses import replace
from typing import Any

import discord

from bot.core.errors import ChatRefused
from bot.core.links import Link, find_links
from bot.core.reply import Mark, Post
from bot.core.source import Sources
from cogs.cards.chat import MARKS, DiscordChat, chat_errors
from cogs.discord_kit.channels import place_of

_ANSWERED_TYPES = {discord.MessageType.default, discord.MessageType.reply}


class Chats:
    """Opens channels, and reads messages for their links to works of the sources."""

    def __init__(self, client: discord.Client, sources: Sources) -> None:
        self._client = client
        self._sources = sources

    def links(self, message: discord.Message) -> tuple[Link, ...]:
        """Find the links of a message, and of the messages that it forwards."""
        texts = [message.content, *(snapshot.content for snapshot in message.message_snapshots)]
        return find_links("\n".join(filter(None, texts)), self._sources)

    def read(self, message: discord.Message) -> Post:
        """Read what the services need of a message. Its author's roles are known where the author is a member."""
        author, channel = message.author, message.channel
        opens_thread = isinstance(channel, discord.Thread) and message.id <= channel.id
        return Post(
            id=message.id,
            channel_id=channel.id,
            place=place_of(channel, message.guild.id if message.guild else None),
            author_id=author.id,
            created_at=message.created_at,
            links=self.links(message) if is_answered(message) else (),
            author_roles=frozenset(role.id for role in author.roles) if isinstance(author, discord.Member) else frozenset(),
            version=int(message.edited_at.timestamp() * 1000) if message.edited_at is not None else 0,
            marks=frozenset(Mark(str(one.emoji)) for one in message.reactions if one.me and str(one.emoji) in MARKS),
            by_webhook=message.webhook_id is not None,
            has_preview=message.guild is not None and not opens_thread and not message.flags.suppress_embeds,
        )

    def of(self, message: discord.Message) -> DiscordChat:
        """Give the channel of a message that an event brought."""
        return self._chat(message.channel, message)

    def reach(self, channel_id: int, guild_id: int | None) -> DiscordChat:
        """Give a channel without asking Discord for it, even if this process does not know it."""
        channel = self._client.get_channel(channel_id)
        return self._chat(channel or self._client.get_partial_messageable(channel_id, guild_id=guild_id))

    async def open(self, channel_id: int) -> DiscordChat:
        """Find a channel that people write in, fetching it where it is not cached. Raises ChatError."""
        with chat_errors():
            channel = await find_channel(self._client, channel_id)
            if not isinstance(channel, discord.abc.Messageable) or self._client.user is None:
                raise ChatRefused(f"channel {channel_id} has no messages")
            chat = self._chat(channel)
            if isinstance(channel, discord.Thread) and channel.parent is None:  # in a guild of another process
                parent = await self._client.fetch_channel(channel.parent_id)
                chat.place = replace(chat.place, category_id=getattr(parent, "category_id", None))
        return chat

    def _chat(self, channel: object, event: discord.Message | None = None) -> DiscordChat:
        assert self._client.user is not None  # noqa: S101 - events come after the login
        return DiscordChat(channel, self._client.user, self.read, event)


def is_answered(message: discord.Message) -> bool:
    """Whether a message may be answered: a person's, or a webhook's that may stand for a person.

    An app's answers to commands come by a webhook of its own ID; announcements that a channel follows come by webhooks too.
    """
    if message.type not in _ANSWERED_TYPES:
        return False
    if message.webhook_id is None:
        return not message.author.bot
    return message.webhook_id != message.application_id and not message.flags.is_crossposted


async def find_channel(client: discord.Client, channel_id: int) -> Any:
    """Find a channel; one in a guild of another process is fetched with its guild, whose language cards have."""
    if (cached := client.get_channel(channel_id)) is not None:
        return cached
    channel: Any = await client.fetch_channel(channel_id)
    guild = getattr(channel, "guild", None)
    if guild is not None and client.get_guild(guild.id) is None:
        channel.guild = await client.fetch_guild(guild.id, with_counts=False)
    return channel
