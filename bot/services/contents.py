"""Builds the content of the bot's messages from their stored replies."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.core.channel_settings import ChannelSettings
from bot.core.reply import Reply
from bot.services.cards import Cards
from bot.services.pointers import GetCard, pointer_to
from bot.services.ports import CardContent, Content, DigestContent, PointerContent, ReplyStore
from bot.services.studies import Identities


class Contents:
    """Builds the content of a message from its stored replies.

    Methods raise a BotError if a card cannot be made, or the store of replies does not answer.
    """

    def __init__(self, cards: Cards, store: ReplyStore, identities: Identities) -> None:
        self._cards = cards
        self._store = store
        self._identities = identities

    async def of(
        self,
        replies: Sequence[Reply],
        settings: ChannelSettings,
        *,
        card_of: GetCard | None = None,
        changed: Reply | None = None,
    ) -> Content:
        """Make the content of a message; `card_of` gives its cards, which are made here without it.

        `changed`: the new state of a card that pointers in the message may lead to and that is about to change.
        """
        card_of = card_of or partial(self._cards.card, settings=settings)
        entries = await asyncio.gather(*(self.entry(reply, settings, card_of, changed) for reply in replies))
        return entries[0] if len(entries) == 1 else self.digest(replies, entries, settings)

    def digest(
        self, replies: Sequence[Reply], entries: Sequence[CardContent | PointerContent], settings: ChannelSettings
    ) -> DigestContent:
        """Make the content of a message that shows several studies."""
        first = replies[0]
        failed = tuple(map(self._cards.short_label, first.failed))
        return DigestContent(tuple(entries), settings, first.poster_id, failed, first.more)

    async def target(self, pointer: Reply) -> Reply | None:
        """Give the card that a pointer leads to; None if it is gone."""
        found = await self._store.get([pointer.target_id] if pointer.target_id is not None else [])
        names = await self._identities.of(pointer.reference)
        cards = [one for message in found.values() for one in message if not one.is_pointer]
        return next((card for card in cards if card.reference in names), None)

    async def entry(
        self, reply: Reply, settings: ChannelSettings, card_of: GetCard, changed: Reply | None = None
    ) -> CardContent | PointerContent:
        """Make the part of a message that shows one study."""
        if reply.target_id is None:
            return CardContent(await card_of(reply.reference), settings, reply.poster_id, reply.spoiler)
        target = await self.target(reply)
        if target is None:  # deleted just now; the pointer will be repaired
            target = replace(reply, id=reply.target_id, target_id=None)
        elif changed is not None and (changed.id, changed.reference) == (target.id, target.reference):
            target = changed
        return await pointer_to(target, reply.reference, card_of, spoiler=reply.spoiler)
