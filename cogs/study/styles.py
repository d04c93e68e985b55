"""Autocompletion of citation styles."""

from typing import Any

import discord
from discord import app_commands

from bot.citation import find_styles, style_title
from bot.core.clip import clip

SHOWN = 25
"""Choices that Discord shows."""
LONGEST = 100
"""Characters of a choice."""


async def suggest_styles(_: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    """Offer the styles that fit what was typed so far, by their titles."""
    names = [name for name in find_styles(current) if len(name) <= LONGEST][:SHOWN]
    return [app_commands.Choice(name=clip(style_title(name), LONGEST), value=name) for name in names]
