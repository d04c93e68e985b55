"""Links that people post get replies. Edits and deletions are in `cogs.cards.changes`, clicks on 📄 and ❔ in `reactions`.

A message without a link costs a look at its text; everything else is the work of `bot.services.reconcile`.
"""

import discord
from cachetools import TTLCache
from discord.ext import commands

from bot.services.jobs import job_errors
from bot.services.meters import Meters
from bot.services.reconcile import Reconciler
from cogs.cards.chat import Chats, is_answered

WEBHOOK_LINKS = 5
"""Messages of webhooks answered in one channel within a minute."""


class Listener(commands.Cog):
    """Passes on new messages with links."""

    def __init__(self, chats: Chats, replies: Reconciler, meters: Meters) -> None:
        self._chats = chats
        self._replies = replies
        self._meters = meters
        self._by_webhooks: TTLCache[int, list[int]] = TTLCache(maxsize=1_000, ttl=60)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a new message; the cheap checks come first, since every message passes here."""
        if not self._chats.links(message) or not is_answered(message):
            return
        post = self._chats.read(message)
        if (links := self._replies.rules.wanted(post)) and not self._is_flooded(message):
            self._meters.links(len(links))
            with job_errors("message not answered"):
                await self._replies.posted(self._chats.of(message), post)

    def _is_flooded(self, message: discord.Message) -> bool:
        """Whether a channel's webhooks posted so many links within a minute that two bots may be answering each other."""
        if message.webhook_id is None:
            return False
        seen = self._by_webhooks.get(message.channel.id)
        if seen is None:  # the minute begins with the first one
            seen = self._by_webhooks[message.channel.id] = []
        seen.append(message.id)
        return len(seen) > WEBHOOK_LINKS
