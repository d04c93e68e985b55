"""`python -m bot sync`: the slash commands, sent to Discord."""

import click

from bot.app import sync_commands
from bot.commands.exit_codes import asynchronous
from bot.commands.run import set_up


@click.command()
@asynchronous
async def sync() -> None:
    """Send the slash commands to Discord: once, and after each update that changes them."""
    count = await sync_commands(set_up())
    click.echo(f"{count} commands sent; clients show them within a minute.")
