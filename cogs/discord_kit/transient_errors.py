"""What Discord, and the way to it, may do to any call."""

import aiohttp
import discord

TROUBLE = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""Refusals, rate limits too long to wait for, lost connections. discord.py has tried again where that helps."""
