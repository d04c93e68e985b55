"""`python -m bot sync`: sends the slash commands to Discord."""

import click

from bot.app import build_client, open_services
from bot.commands.exit_codes import asynchronous
from bot.commands.run import set_up
from bot.discord_client.retry import asking_discord
from bot.settings import Settings, token_of


@click.command()
@asynchronous
async def sync() -> None:
    """Send the slash commands to Discord: once, and after each update that changes them."""
    await send_commands(set_up())


async def send_commands(settings: Settings) -> None:
    """Send the commands and print their number. Raises ConfigurationError, DiscordUnreachable, StorageError."""
    token = token_of(settings)
    async with open_services(settings) as services, build_client(services, settings) as client:
        with asking_discord():
            await client.login(token)
            sent = await client.tree.sync()
    click.echo(f"{len(sent)} commands sent; clients show them within a minute.")
