"""Slash commands about studies."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.errors import BadTarget
from bot.core.links import read_target
from bot.services.cards import Cards
from bot.services.channels import Channels
from cogs.buttons import card_buttons
from cogs.places import place_of
from cogs.render import draw

T = TypeVar("T")

SLOW = 1.5
"""Seconds, of the three that Discord gives, after which "thinking" shows."""


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Study(commands.GroupCog, group_name="study", group_description="Studies in the Erowid References Database"):
    """`/study ...`."""

    def __init__(self, cards: Cards, channels: Channels) -> None:
        self._cards = cards
        self._channels = channels

    @app_commands.command(name="show", description="Show the card of a study")
    @app_commands.describe(
        reference="The record's number, or a link to it", private="Show it to you alone (default: to everyone here)"
    )
    async def show(
        self, interaction: discord.Interaction, reference: app_commands.Range[str, 1, 500], private: bool = False
    ) -> None:
        """Show the card of the study that a number or a link names."""
        target = read_target(reference)
        if target is None:
            raise BadTarget(reference)
        choice = self._channels.choice(place_of(interaction.channel, interaction.guild_id))
        card = await _thinking_when_slow(interaction, self._cards.card(target, choice.style), private=private)
        send = interaction.followup.send if interaction.response.is_done() else interaction.response.send_message
        buttons = card_buttons(card, None if private else interaction.user.id)
        await send(**draw(card, choice.layout, buttons=buttons), ephemeral=private)


async def _thinking_when_slow(interaction: discord.Interaction, work: Coroutine[Any, Any, T], *, private: bool) -> T:
    """Wait for work; "thinking" shows once it takes long. What fails at once can so be answered to its user alone."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=SLOW)
        if not task.done():
            await interaction.response.defer(ephemeral=private, thinking=True)
        return await task
    finally:
        task.cancel()
