"""The watch: links to records that people post get cards, and the cards follow their messages.

A message without a link costs a look at its text. One with a link costs the choices in memory, and at most one query.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import discord
import structlog
from discord.ext import commands

from bot.core.channel import Choice, Mode
from bot.core.errors import StorageError
from bot.core.links import Link, find_links
from bot.services.channels import Channels
from bot.services.privacy import Privacy
from cogs.places import place_of
from cogs.replies import Replies
from cogs.trouble import TROUBLE

UNREADABLE = "\N{WHITE QUESTION MARK ORNAMENT}"
"""The reaction to a link that got no card."""
OFFER = "\N{PAGE FACING UP}"
"""The reaction that offers a card, where moderators chose to be asked."""
FOLLOWED = timedelta(hours=24)
"""How long edits of a message are followed."""
REMEMBERED = 1_000
"""Messages whose links are remembered: a gateway that resumes may send one again, and edits are compared with them."""

_ANSWERED_TYPES = {discord.MessageType.default, discord.MessageType.reply}

log = structlog.get_logger(__name__)


class _Turn:
    """Who works on a message now, and whether it is gone: each message is worked on by one event at a time."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0
        self.gone = False


class Watch(commands.Cog):
    """Answers posted links."""

    def __init__(self, client: discord.Client, replies: Replies, channels: Channels, privacy: Privacy) -> None:
        self._client = client
        self._replies = replies
        self._channels = channels
        self._privacy = privacy
        self._seen: OrderedDict[int, frozenset[Link]] = OrderedDict()
        self._began = discord.utils.utcnow()
        self._turns: dict[int, _Turn] = {}

    async def cog_load(self) -> None:
        """Note when the watch began."""
        self._began = discord.utils.utcnow()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message; the free checks come first, since every message passes here."""
        links = find_links(message.content)
        if not links or not _is_from_a_person(message):
            return
        new = message.id not in self._seen
        self._see(message, links)
        choice = self._choice(message)
        if choice is None or not new:
            return
        async with self._turn(message) as turn:
            if choice.mode is Mode.ASK:
                await _mark(message, OFFER)
            else:
                await self._answer(message, links, choice, turn)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Bring the cards in step with an edited message whose links changed.

        Links are compared with those that the message had: Discord's own previews come as edits too, and a card that
        somebody deleted does not come back with the next edit. What a message held before the bot started only its
        cards tell.
        """
        message = event.message
        links = find_links(message.content)
        if not _is_from_a_person(message) or discord.utils.utcnow() - message.created_at > FOLLOWED:
            return
        before = self._seen.get(message.id)
        if before is None and message.created_at >= self._began:
            before = frozenset()
        if before == frozenset(links) and not message.embeds:
            return
        choice = self._choice(message)
        async with self._turn(message) as turn:
            try:
                if before != frozenset(links) and message.edited_at is not None:
                    await self._follow(message, links, choice, turn, known=before is not None)
                elif choice and choice.suppress and links and await self._replies.carded(message.id):
                    await _suppress_preview(message)
            except StorageError as error:
                log.warning("edit not followed", reason=str(error))

    async def _follow(
        self, message: discord.Message, links: Sequence[Link], choice: Choice | None, turn: _Turn, *, known: bool
    ) -> None:
        """Follow a change of links; a message of which nothing is known has only the cards that it has."""
        self._see(message, links)
        carded = await self._replies.carded(message.id)
        if not carded and (choice is None or not known):
            return
        if choice and choice.mode is Mode.ASK and not carded:
            if links:
                await _mark(message, OFFER)
            return
        most = choice.max_cards if choice else len(links)
        complete = await self._replies.follow(message, links[:most], choice, lambda: turn.gone)
        await self._finish(message, choice, turn, complete=complete)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Take the cards of a deleted message away."""
        await self._forget(event.channel_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the cards of deleted messages away."""
        await self._forget(event.channel_id, sorted(event.message_ids))

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
            message = await channel.fetch_message(event.message_id)
            if message.guild and not isinstance(message.author, discord.Member):
                message.author = await message.guild.fetch_member(message.author.id)
            offer = discord.utils.find(lambda reaction: reaction.me and str(reaction.emoji) == OFFER, message.reactions)
            links = find_links(message.content)
            choice = self._choice(message)
            if offer is None or not links or choice is None or not _is_from_a_person(message):
                return
            async with self._turn(message) as turn:
                if not await self._replies.carded(message.id):
                    await self._answer(message, links, choice, turn)
                await message.remove_reaction(OFFER, me)
        except TROUBLE as error:
            log.info("offer not met", reason=str(error))
        except StorageError as error:
            log.warning("offer not met", reason=str(error))

    async def _answer(self, message: discord.Message, links: Sequence[Link], choice: Choice, turn: _Turn) -> None:
        """Reply with cards; a link that got none gets the small mark."""
        complete = await self._replies.answer(message, links[: choice.max_cards], choice, lambda: turn.gone)
        await self._finish(message, choice, turn, complete=complete)

    async def _finish(self, message: discord.Message, choice: Choice | None, turn: _Turn, *, complete: bool) -> None:
        if turn.gone:
            return
        if not complete:
            await _mark(message, UNREADABLE)
        elif choice and choice.suppress:
            await _suppress_preview(message)

    async def _forget(self, channel_id: int, message_ids: Sequence[int]) -> None:
        for message_id in message_ids:
            if (turn := self._turns.get(message_id)) is not None:
                turn.gone = True
        try:
            await self._replies.forget(self._client.get_partial_messageable(channel_id), message_ids)
        except StorageError as error:
            log.warning("cards of deleted messages not found", reason=str(error))

    def _choice(self, message: discord.Message) -> Choice | None:
        """Tell what holds for a message; None where nothing is to be done."""
        choice = self._channels.choice(place_of(message.channel, message.guild.id if message.guild else None))
        author = message.author
        roles = {role.id for role in author.roles} if isinstance(author, discord.Member) else set()
        ignored = author.id in choice.ignored_members or not roles.isdisjoint(choice.ignored_roles)
        if choice.mode is Mode.OFF or ignored or self._privacy.opted_out(author.id) or not _may_reply(message):
            return None
        return choice

    @asynccontextmanager
    async def _turn(self, message: discord.Message) -> AsyncIterator[_Turn]:
        """Wait until nobody else works on a message."""
        turn = self._turns.setdefault(message.id, _Turn())
        turn.waiting += 1
        try:
            where = {"guild": message.guild and message.guild.id, "channel": message.channel.id, "message": message.id}
            with structlog.contextvars.bound_contextvars(**where):
                async with turn.lock:
                    yield turn
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[message.id]

    def _see(self, message: discord.Message, links: Sequence[Link]) -> None:
        """Remember a message's links, the last messages' alone."""
        self._seen[message.id] = frozenset(links)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _is_from_a_person(message: discord.Message) -> bool:
    return not message.author.bot and message.webhook_id is None and message.type in _ANSWERED_TYPES


def _may_reply(message: discord.Message) -> bool:
    """Whether the bot may reply where the message stands: asked before anything is fetched."""
    if message.guild is None or isinstance(message.channel, discord.PartialMessageable):
        return True
    granted = message.channel.permissions_for(message.guild.me)
    in_thread = isinstance(message.channel, discord.Thread)
    may_send = granted.send_messages_in_threads if in_thread else granted.send_messages
    return may_send and granted.read_message_history


async def _mark(message: discord.Message, emoji: str) -> None:
    """React to a message; where the bot may not, that is no matter."""
    try:
        await message.add_reaction(emoji)
    except TROUBLE as error:
        log.debug("no reaction", reason=str(error))


async def _suppress_preview(message: discord.Message) -> None:
    """Take the link's own preview away, but never from the post that opens a forum's thread."""
    opens = isinstance(message.channel, discord.Thread) and message.id == message.channel.id
    if message.guild is None or opens or message.flags.suppress_embeds:
        return
    if not message.channel.permissions_for(message.guild.me).manage_messages:
        return
    try:
        await message.edit(suppress=True)
    except TROUBLE as error:
        log.info("preview not suppressed", reason=str(error))
