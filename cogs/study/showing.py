"""Cards that a user asks for by a command, a menu or a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import discord
import structlog

from bot import citation
from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings, Mode, Size
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.card_updates import CardUpdates
from bot.services.cards import Cards
from bot.services.guild_settings import SettingsService
from bot.services.ports import CardContent, DigestContent
from bot.services.replies import Replies
from cogs.cards.digest import draw_digest
from cogs.cards.render import card_buttons, draw
from cogs.discord_kit.channels import place_asked, public_parent
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import speak_to
from cogs.discord_kit.interactions import defer_if_slow, respond

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PreparedCards:
    """Cards that are ready to be sent."""

    cards: tuple[Card, ...]
    """One; several for a digest."""
    settings: ChannelSettings
    """The settings of the place, with the style and size that were asked for."""
    draw: Callable[[Sequence[Card]], dict[str, Any]]
    """Draws the cards, or later versions of them, as arguments of `Messageable.send`."""


class Showing:
    """Shows cards with the channel's settings."""

    def __init__(
        self,
        cards: Cards,
        settings: SettingsService,
        replies: Replies,
        *,
        now: Callable[[], datetime],
        updates: CardUpdates,
    ) -> None:
        self._cards = cards
        self._settings = settings
        self._replies = replies
        self._now = now
        self._updates = updates

    def effective(self, interaction: discord.Interaction[Any]) -> ChannelSettings:
        """Give the settings of the channel of an interaction."""
        return self._settings.effective(place_asked(interaction))

    def is_private(self, interaction: discord.Interaction[Any], *, asked: bool) -> bool:
        """Whether an answer is private: if the user asked for that, and always if cards are off in the channel."""
        return asked or self.effective(interaction).mode is Mode.OFF

    async def show(
        self, interaction: discord.Interaction[Any], reference: Reference, *, private: bool, style: str | None = None
    ) -> None:
        """Answer with a card. Raises UnknownStyle, or another BotError if there is no record."""
        made = await defer_if_slow(
            interaction, self.make(interaction, reference, private=private, style=style), private=private
        )
        card_id = await self.send(interaction, made, private=private)
        if not private and card_id is not None:
            await self._store(interaction, reference, card_id)

    async def send(self, interaction: discord.Interaction[Any], made: PreparedCards, *, private: bool) -> int | None:
        """Answer with cards, which are edited once services know more about their works; gives the message's ID."""
        card_id = await respond(interaction, private=private, **made.draw(made.cards))
        if card_id is not None:
            self._updates.follow_answer(made.cards, made.settings, partial(_edit, interaction, card_id, made))
        return card_id

    async def make(
        self,
        interaction: discord.Interaction[Any],
        reference: Reference,
        *,
        private: bool,
        style: str | None = None,
        spoiler: bool = False,
    ) -> PreparedCards:
        """Make a card; a private one has full size, a public one the channel's. Raises as `show` does."""
        settings = self.effective(interaction)
        if style:
            settings = replace(settings, style=citation.resolve_style(style))
        if private:
            settings = replace(settings, size=Size.FULL)
        card = await self._cards.card(reference, settings)
        _ = speak_to(interaction, private=private)
        poster = None if private else interaction.user.id

        def drawn(cards: Sequence[Card]) -> dict[str, Any]:
            (card,) = cards
            return draw(
                card, settings.layout, size=settings.size, spoiler=spoiler, buttons=card_buttons(card, poster, _), say=_
            )

        return PreparedCards((card,), settings, drawn)

    def digest(
        self, interaction: discord.Interaction[Any], made: Sequence[PreparedCards], hidden: Sequence[bool]
    ) -> PreparedCards:
        """Put private cards into one message."""
        settings, _ = made[0].settings, speak_to(interaction, private=True)

        def drawn(cards: Sequence[Card]) -> dict[str, Any]:
            shown = [
                CardContent(card, settings, interaction.user.id, spoiler)
                for card, spoiler in zip(cards, hidden, strict=True)
            ]
            return draw_digest(DigestContent(tuple(shown), settings, poster_id=None), _)

        return PreparedCards(tuple(card for one in made for card in one.cards), settings, drawn)

    async def _store(self, interaction: discord.Interaction[Any], reference: Reference, card_id: int) -> None:
        """Store that the channel was shown the card."""
        if interaction.channel_id is None:
            return
        card = Reply(
            id=card_id,
            message_id=None,
            reference=reference,
            channel_id=interaction.channel_id,
            poster_id=interaction.user.id,
            made_at=self._now(),
            parent_id=public_parent(interaction.channel),
            guild_id=interaction.guild_id,
        )
        await self._replies.shown(card)


async def _edit(interaction: discord.Interaction[Any], card_id: int, made: PreparedCards, cards: Sequence[Card]) -> None:
    """Show updated cards in an answer; Discord allows that for a quarter of an hour."""
    shown = {key: value for key, value in made.draw(cards).items() if key != "silent"}
    try:
        await interaction.followup.edit_message(card_id, **shown)
    except TRANSIENT_ERRORS as error:
        log.info("card not updated", card=card_id, reason=describe(error))
