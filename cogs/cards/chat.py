"""Discord's channels and messages as the services see them: the Discord side of the `Chat` port."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import discord
import structlog

from bot.core.errors import ChatError, ChatRefused, MessageGone
from bot.core.links import Link, find_links
from bot.core.reference import Reference
from bot.core.reply import Mark, Post
from bot.core.source import Sources
from bot.services.ports import Content, DigestContent, FoundReply, PointerContent
from cogs.cards.digest import draw_digest
from cogs.cards.pointer import draw_pointer
from cogs.cards.recognise import found_in
from cogs.cards.render import card_buttons, draw
from cogs.discord_kit.channels import can_read, find_channel, may_reply, place_of, public_parent
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.retries import chat_errors, repeat

LOOKED_THROUGH = 100
"""How many messages after the answered one are searched for its replies."""
COMPARED = 200
"""How many messages of the history `find_posts` reads at most: two requests."""
MARKS = frozenset(Mark)
_ANSWERED_TYPES = {discord.MessageType.default, discord.MessageType.reply}

ReadPost = Callable[[discord.Message], Post]

log = structlog.get_logger(__name__)


class DiscordChat:
    """A channel; see `bot.services.ports.Chat`.

    `read` reads a message of the channel; `event` is the message that just arrived in an event, if any.
    """

    def __init__(
        self, channel: Any, me: discord.abc.Snowflake, read: ReadPost, event: discord.Message | None = None
    ) -> None:
        self.channel = channel
        self._me = me
        self._read = read
        self._event = event
        guild = getattr(channel, "guild", None)
        self._say = speak(guild.preferred_locale if guild is not None else None)
        self.channel_id: int = channel.id
        self.guild_id: int | None = guild.id if guild is not None else getattr(channel, "guild_id", None)
        self.parent_id = public_parent(channel)
        self.place = place_of(channel, self.guild_id)

    async def post(self, message_id: int) -> Post:
        """Fetch a message, with its author's roles if they are still in the guild."""
        message: discord.Message = await repeat(lambda: self.channel.fetch_message(message_id))
        with chat_errors():
            if message.guild and not isinstance(message.author, discord.Member):
                with suppress(discord.NotFound):
                    message.author = await message.guild.fetch_member(message.author.id)
        return self._read(message)

    async def find_posts(self, message_ids: Collection[int]) -> dict[int, Post | None]:
        if not can_read(self.channel):  # Discord would answer with an empty history
            raise ChatRefused("the history cannot be read")
        first, last = min(message_ids), max(message_ids)
        around = {"after": discord.Object(first - 1), "before": discord.Object(last + 1), "oldest_first": False}
        with chat_errors():
            history = [message async for message in self.channel.history(limit=COMPARED, **around)]
        found: dict[int, Post | None] = {message.id: self._read(message) for message in history}
        reached = min(found, default=last + 1) if len(history) == COMPARED else first
        for message_id in message_ids:
            if message_id >= reached and message_id not in found:
                with suppress(MessageGone):
                    found[message_id] = await self.post(message_id)
        return {message_id: found.get(message_id) for message_id in message_ids if message_id >= reached}

    def may_reply(self, since: datetime) -> bool:
        return may_reply(self.channel, since)

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            with suppress(ChatError), chat_errors():
                await stack.enter_async_context(self.channel.typing())
            yield

    async def send(self, message_id: int, content: Content, nonce: str) -> int:
        drawing = self._draw(content)
        sent = await repeat(lambda: self._partial(message_id).reply(**drawing, mention_author=False, nonce=nonce))
        return int(sent.id)

    async def edit(self, reply_id: int, content: Content) -> None:
        drawing = {key: value for key, value in self._draw(content).items() if key != "silent"}
        if isinstance(content, PointerContent):
            shown = {"content": drawing["content"]}
        else:
            embeds = [drawing.pop("embed")] if "embed" in drawing else []
            shown = {"content": None, "embeds": embeds} | drawing
        await repeat(lambda: self._partial(reply_id).edit(**shown))

    async def delete(self, reply_id: int) -> None:
        with suppress(MessageGone):
            await repeat(lambda: self._partial(reply_id).delete())

    async def shows(self, reply_id: int) -> frozenset[Reference]:
        found = found_in(await repeat(lambda: self.channel.fetch_message(reply_id)))
        return frozenset(one.reference for one in found if one.reference is not None)

    async def find_replies(self, message_id: int) -> tuple[FoundReply, ...]:
        after = discord.Object(message_id)
        with chat_errors():
            history = [one async for one in self.channel.history(after=after, limit=LOOKED_THROUGH, oldest_first=True)]
        return tuple(
            found
            for one in history
            if one.author.id == self._me.id and one.reference is not None and one.reference.message_id == message_id
            for found in found_in(one)
        )

    async def set_mark(self, message_id: int, mark: Mark | None, old: Collection[Mark]) -> Mark | None:
        message = self._partial(message_id)
        standing = mark
        for other in set(old) - {mark}:
            try:
                await repeat(partial(message.remove_reaction, other, self._me))
            except MessageGone:
                pass
            except ChatError as error:
                log.info("reaction not removed", reason=str(error))
                standing = standing or other
        if mark is not None and mark not in old:
            try:
                await repeat(lambda: message.add_reaction(mark))
            except ChatError as error:
                log.debug("reaction not added", reason=str(error))
                return None
        return standing

    async def suppress_preview(self, message_id: int) -> None:
        if not self.channel.permissions_for(self.channel.guild.me).manage_messages:
            return
        try:
            with chat_errors():
                known = self._event if self._event is not None and self._event.id == message_id else None
                message = known or await self.channel.fetch_message(message_id)
                await message.edit(suppress=True)  # a PartialMessage cannot do this
        except ChatError as error:
            log.info("preview not suppressed", reason=str(error))

    def _draw(self, content: Content) -> dict[str, Any]:
        if isinstance(content, DigestContent):
            return draw_digest(content, self._say)
        if isinstance(content, PointerContent):
            return draw_pointer(content, self._say)
        card, settings = content.card, content.settings
        buttons = card_buttons(card, content.poster_id, self._say)
        return draw(card, settings.layout, size=settings.size, spoiler=content.spoiler, buttons=buttons, say=self._say)

    def _partial(self, message_id: int) -> discord.PartialMessage:
        partial: discord.PartialMessage = self.channel.get_partial_message(message_id)
        return partial


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
        """Read what the services need of a message; the author's roles are empty if the author is not known as a member."""
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
        """Give the channel of a message that arrived in an event."""
        return self._chat(message.channel, message)

    def reach(self, channel_id: int, guild_id: int | None) -> DiscordChat:
        """Give a channel without asking Discord for it, even if this process does not know it."""
        channel = self._client.get_channel(channel_id)
        return self._chat(channel or self._client.get_partial_messageable(channel_id, guild_id=guild_id))

    async def open(self, channel_id: int) -> DiscordChat:
        """Find a channel that people write in; fetch it if it is not cached. Raises ChatError."""
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
