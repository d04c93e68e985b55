"""The bot that `paste` and `memory` measure ours against: discord.py in fifteen lines, with one answer for every link."""

import os

import discord

from tests.wire.bare import BareClient


class Fifteen(BareClient):
    async def on_message(self, message: discord.Message, /) -> None:
        if "erowid.org" in message.content and not message.author.bot:
            await message.reply("A study.", mention_author=False)


if __name__ == "__main__":
    Fifteen(os.environ["DISCORD_API_URL"], os.environ["DISCORD_GATEWAY_URL"]).run(os.environ["DISCORD_TOKEN"])
