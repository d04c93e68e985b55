"""Answering messages: what holds for each, its cards, and the reactions that tell how it went."""

import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import discord
import structlog

from bot.core.channel_settings import ChannelSettings, Mode
from bot.core.errors import StorageError
from bot.core.links import Link
from bot.services.guild_settings import SettingsService
from bot.services.ports import CardStore, Pair, Promise, Promises
from bot.services.privacy import Privacy
from cogs.cards.reactions import OFFER, UNREADABLE, Reactions
from cogs.cards.replies import Replies, version_of
from cogs.cards.traces import Traces
from cogs.cards.turns import Turn, Turns
from cogs.discord_kit.channels import may_reply, place_of
from cogs.discord_kit.transient_errors import TROUBLE

log = structlog.get_logger(__name__)

_ANSWERED_TYPES = {discord.MessageType.default, discord.MessageType.reply}


class Answers:
    """Does a turn's work on a message, and afterwards what it asks for elsewhere."""

    def __init__(
        self,
        *,
        replies: Replies,
        reactions: Reactions,
        turns: Turns,
        traces: Traces,
        pairs: CardStore,
        promises: Promises,
        settings: SettingsService,
        privacy: Privacy,
        now: Callable[[], datetime],
    ) -> None:
        self._replies = replies
        self._reactions = reactions
        self._turns = turns
        self._traces = traces
        self._pairs = pairs
        self._promises = promises
        self._settings = settings
        self._privacy = privacy
        self._now = now

    def effective(self, message: discord.Message) -> ChannelSettings | None:
        """Tell what holds for a message; None where nothing is to be done."""
        settings = self._settings.effective(place_of(message.channel, message.guild.id if message.guild else None))
        author = message.author
        roles = {role.id for role in author.roles} if isinstance(author, discord.Member) else set()
        ignored = author.id in settings.ignored_members or not roles.isdisjoint(settings.ignored_roles)
        if settings.mode is Mode.OFF or ignored or self._privacy.opted_out(author.id):
            return None
        return settings if may_reply(message.channel, message.created_at) else None

    async def answer(self, message: discord.Message, links: Sequence[Link], settings: ChannelSettings, turn: Turn) -> None:
        """Reply to a message that was just posted; where moderators want to be asked, offer it."""
        if settings.mode is Mode.ASK:
            await self._reactions.show(message, OFFER)
            return
        at_hand = self._replies.at_hand(links[: settings.max_cards])
        promise = await self._begin(message, links, turn, later=at_hand)
        if promise is not None:
            pairs = await self._traces.find(message) if promise.again else ()
            await self._bring(message, links, settings, turn, pairs)

    async def put_off(self, message: discord.Message, links: Sequence[Link], settings: ChannelSettings) -> None:
        """Write down that a message is to be answered, which a sweep does then; what is to be offered first is not."""
        if settings.mode is not Mode.ASK:
            await self._begin(message, links, Turn())

    async def accept(
        self, message: discord.Message, links: Sequence[Link], settings: ChannelSettings | None, turn: Turn
    ) -> None:
        """Reply to a message whose offer somebody took, as it was fetched now; an offer that no longer holds goes.

        Raises StorageError.
        """
        if settings is None or not links or await self._pairs.of_message(message.id):
            await self._reactions.show(message, None)
            return
        promise = await self._begin(message, links, turn)
        if promise is None:
            await self._reactions.show(message, None)
            return
        pairs = await self._traces.find(message) if promise.again else ()
        await self._bring(message, links, settings, turn, pairs)

    async def resume(
        self, message: discord.Message, links: Sequence[Link], settings: ChannelSettings | None, turn: Turn
    ) -> None:
        """Go on where a process that had taken a message up came to its end. Raises StorageError, and what Discord does."""
        if await self._begin(message, links, turn) is None:
            return
        if settings is None:
            await self.end(message.id, turn)
        else:
            await self._bring(message, links, settings, turn, await self._traces.find(message))

    async def clear(self, channel: Any, message_id: int, turn: Turn) -> None:
        """Take away what answers a message that is gone. Raises StorageError, and what Discord does."""
        await self._replies.take_away(channel, await self._pairs.of_message(message_id))
        await self._traces.erase(channel, message_id)
        await self.end(message_id, turn)

    async def end(self, message_id: int, turn: Turn) -> None:
        """Note that a message's promise is kept; where that cannot be, it is looked at again later."""
        if turn.kept or turn.lost:
            return
        try:
            await self._promises.keep(message_id, self._now())
        except StorageError as error:
            log.warning("promise not noted as kept", reason=str(error))

    async def follow(
        self,
        message: discord.Message,
        links: Sequence[Link],
        before: Sequence[Link] | None,
        settings: ChannelSettings | None,
        turn: Turn,
    ) -> None:
        """Follow a change of a message's links; of one whose links before are not known only its cards tell.

        A card that somebody deleted does not come back. Without a settings cards only go. Raises StorageError.
        """
        pairs = await self._pairs.of_message(message.id)
        standing = self._reactions.standing(message)
        if before is None and not pairs:
            if not standing:
                return
            fetched = await message.channel.fetch_message(message.id)
            standing = {str(reaction.emoji) for reaction in fetched.reactions if reaction.me} & standing
            if not standing:
                return  # others' reactions: nothing is replayed
        if settings and settings.mode is Mode.ASK and not pairs:
            await self._reactions.show(message, OFFER if links else None)
            return
        if (promise := await self._begin(message, links, turn)) is None:
            return
        if promise.again:
            pairs = await self._traces.find(message)
        if settings is None:
            wanted = {link.reference for link in links}
            await self._replies.take_away(message.channel, [pair for pair in pairs if pair.reference not in wanted])
            await self._reactions.show(message, None)
            await self.end(message.id, turn)
            return
        most = settings.max_cards
        retried = promise.again or UNREADABLE in standing
        tried = set() if retried else {link.reference for link in (before or ())[:most]}
        tried -= {pair.reference for pair in pairs}
        rest = [link for link in links[:most] if link.reference not in tried]
        await self._bring(message, rest, settings, turn, pairs)

    async def suppress(self, message: discord.Message, settings: ChannelSettings) -> None:
        """Take away a preview that arrived late, where a message has cards. Raises StorageError."""
        if settings.suppress and await self._pairs.of_message(message.id):
            await _suppress_preview(message)

    async def forget(self, channel: Any, message_ids: Sequence[int]) -> None:
        """Take the cards of deleted messages away; forget cards that were deleted themselves, and mend what points to them.

        Raises StorageError.
        """
        self._turns.gone(message_ids)
        pairs = await self._pairs.about(message_ids)
        if not pairs:
            return
        gone = set(message_ids)
        if cards := [pair.card_id for pair in pairs if pair.card_id in gone]:
            await self._pairs.remove(cards)
        answered = sorted({pair.message_id for pair in pairs if pair.message_id is not None} & gone)
        if answered:
            await self._promises.reopen(answered, self._now())
        for message_id in answered:
            async with self._turns.of(message_id, channel=channel.id) as turn:
                await self._replies.take_away(channel, await self._pairs.of_message(message_id))
                await self.end(message_id, turn)
        if any(pair.target_id in gone for pair in pairs):
            await self.mend(channel, gone)

    async def mend(self, channel: Any, card_ids: Collection[int]) -> None:
        """Mend the pointers to cards that went or show something else: the first becomes a card, the others point to it.

        To be called outside of any turn, since each pointer's message has its own.
        """
        for pointer in await self._pairs.about(card_ids):
            if pointer.target_id not in card_ids or pointer.message_id is None:
                continue
            async with self._turns.of(pointer.message_id, channel=channel.id) as turn:
                pair = await self._pairs.of_card(pointer.card_id)
                aims = pair is None or turn.gone or await self._aims_well(pair)
                if pair is not None and not aims:
                    await self._replies.mend(channel, pair, self._settings_of(channel, pair), turn)

    @asynccontextmanager
    async def turn(self, message: discord.Message) -> AsyncIterator[Turn]:
        """Wait for a message's turn; what it asks for elsewhere is done once it is over."""
        guild_id = message.guild.id if message.guild else None
        async with self._turns.of(message.id, channel=message.channel.id, guild=guild_id) as turn:
            yield turn
        await self.afterwards(message.channel, turn)

    async def afterwards(self, channel: Any, turn: Turn) -> None:
        """Mend what points to cards that a turn found gone or redrew."""
        vacated, turn.vacated = turn.vacated, set()
        if not vacated:
            return
        try:
            await self.mend(channel, vacated)
        except StorageError as error:
            log.warning("pointers not mended", reason=str(error))

    async def _aims_well(self, pointer: Pair) -> bool:
        """Whether the card that a pointer points to shows its record, as far as is known; a card itself points nowhere."""
        if pointer.target_id is None:
            return True
        card = await self._pairs.of_card(pointer.target_id)
        return card is not None and card.reference == pointer.reference

    def _settings_of(self, channel: Any, pair: Pair) -> ChannelSettings | None:
        """Tell what holds for a pair, of whose message nothing else is known."""
        settings = self._settings.effective(place_of(channel, pair.guild_id))
        unwanted = pair.poster_id in settings.ignored_members or self._privacy.opted_out(pair.poster_id)
        return None if settings.mode is Mode.OFF or unwanted else settings

    async def _begin(
        self, message: discord.Message, links: Sequence[Link], turn: Turn, *, later: bool = False
    ) -> Promise | None:
        """Write down that a message is taken up, before anything is fetched or sent for it.

        Gives None where another process did all of this; while the database is gone this one does it.
        """
        guild_id = message.guild.id if message.guild else None
        version, digest = version_of(message.edited_at), _digest(links)
        promise = Promise(message.id, message.channel.id, guild_id, self._now(), turn.salt, version, digest)
        try:
            made = await self._promises.make(promise, later=later)
        except StorageError as error:
            log.warning("promise not written down", reason=str(error))
            return promise
        if made is not None:
            turn.salt = made.salt
        return made

    async def _bring(
        self, message: discord.Message, links: Sequence[Link], settings: ChannelSettings, turn: Turn, pairs: Sequence[Pair]
    ) -> None:
        """Bring a message's cards in step with its links, tell by a reaction how that went, and note that it is done."""
        complete = await self._replies.bring(message, links[: settings.max_cards], settings, turn, pairs)
        if not turn.gone:
            await self._reactions.show(message, None if complete else UNREADABLE)
            if complete and settings.suppress:
                await _suppress_preview(message)
        await self.end(message.id, turn)


def is_from_a_person(message: discord.Message) -> bool:
    """Whether a message is one that is answered: a person's own."""
    return not message.author.bot and message.webhook_id is None and message.type in _ANSWERED_TYPES


def _digest(links: Sequence[Link]) -> str:
    listed = ",".join(f"{link.reference}{'|' * link.spoiler}" for link in links)
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


async def _suppress_preview(message: discord.Message) -> None:
    """Take the link's own preview away, but never from the post that opens a forum's thread."""
    opens = isinstance(message.channel, discord.Thread) and message.id <= message.channel.id
    if message.guild is None or opens or message.flags.suppress_embeds:
        return
    if not message.channel.permissions_for(message.guild.me).manage_messages:
        return
    try:
        await message.edit(suppress=True)
    except TROUBLE as error:
        log.info("preview not suppressed", reason=str(error))
