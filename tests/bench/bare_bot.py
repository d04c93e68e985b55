"""`python -m tests.bench.bare_bot`: fifteen lines of discord.py that answer a link with one and the same card."""

import os

import discord

from tests.wire.bare import BareClient


class Bot(BareClient):
    async def on_ready(self) -> None:
        print("ready", flush=True)  # noqa: T201

    async def on_message(self, message: discord.Message) -> None:
        if "erowid.org" in message.content and not message.author.bot:
            embed = discord.Embed(title="A study", description="We conclude that it works. " * 20)
            await message.reply(embed=embed, mention_author=False, nonce=str(message.id), silent=True)


if __name__ == "__main__":
    intents = discord.Intents(guilds=True, messages=True, reactions=True, message_content=True)
    bot = Bot(os.environ["DISCORD_API_URL"], os.environ["DISCORD_GATEWAY_URL"], intents=intents)
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
