"""The two colours beside the bot's messages."""

import discord

QUIET = discord.Colour(0x5B7B8C)
RED = discord.Colour(0xB3261E)
"""For retracted works."""
