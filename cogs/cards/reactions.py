"""A click on one of the bot's own reactions: 📄 asks for a card, ❔ asks to try a link again."""

import discord
from discord.ext import commands

from bot.services.jobs import job_errors
from bot.services.replies import Replies
from cogs.cards.chat import MARKS, Chats


class Reactions(commands.Cog):
    """Passes on clicks on the bot's reactions."""

    def __init__(self, client: discord.Client, chats: Chats, replies: Replies) -> None:
        self._client = client
        self._chats = chats
        self._replies = replies

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Answer a person's click; other emoji and the reactions of bots are ignored."""
        me = self._client.user
        if str(event.emoji) not in MARKS or me is None or event.user_id == me.id or (event.member and event.member.bot):
            return
        with job_errors("click not answered"):
            chat = await self._chats.open(event.channel_id)
            await self._replies.clicked(chat, event.message_id, event.user_id)
