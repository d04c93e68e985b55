"""`python -m bot run`: runs the bot."""

from collections.abc import Awaitable, Callable

import click

from bot.adapters.database.sqlite_file import only_one
from bot.app import run_bot
from bot.commands.exit_codes import asynchronous, stop_signals
from bot.logs import log_crashes, set_up_logs
from bot.settings import Settings, read_settings


def set_up() -> Settings:
    """Read the settings and configure logging."""
    settings = read_settings()
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    set_up_logs(settings.log_level, settings.log_format, secrets=[token])
    return settings


@click.command()
@asynchronous
async def run() -> None:
    """Run the bot (DISCORD_TOKEN in the environment or .env)."""
    await run_until_stopped()


async def run_until_stopped(bot: Callable[[Settings], Awaitable[None]] = run_bot) -> None:
    """Read the settings, and run the bot until a signal stops it."""
    with stop_signals():
        settings = set_up()
        log_crashes()
        with only_one(settings.database_url):
            await bot(settings)
