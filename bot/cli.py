"""The commands of `python -m bot`."""

from importlib import import_module
from pathlib import Path

import click

from bot import __version__
from bot.adapters.database.sqlite_file import only_one
from bot.app import run_bot, sync_commands
from bot.commands.exit_codes import asynchronous, stop_signals
from bot.core.errors import ConfigurationError
from bot.logs import log_crashes, set_up_logs
from bot.settings import Settings, read_settings

LATE = {
    "cite": "bot.commands.findings",
    "db": "bot.commands.db",
    "docs": "bot.commands.docs",
    "doctor": "bot.commands.doctor",
    "findings": "bot.commands.findings",
    "invite": "bot.commands.invite",
    "match": "bot.commands.match",
    "show": "bot.commands.show_command",
}
"""Commands by the modules that hold them."""


def settled() -> Settings:
    """Read the settings and set logging up as they say."""
    settings = read_settings()
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    set_up_logs(settings.log_level, settings.log_format, secrets=[token])
    return settings


class Commands(click.Group):
    """The commands; those of LATE are imported when somebody asks for them, since `run` need not wait for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all."""
        return sorted([*super().list_commands(ctx), *LATE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give one."""
        if cmd_name not in LATE:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(LATE[cmd_name]), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="precis")
def main() -> None:
    """Precis answers links to the Erowid References Database with study cards."""


@main.command()
@asynchronous
async def run() -> None:
    """Run the bot (DISCORD_TOKEN in the environment or .env)."""
    with stop_signals():
        settings = settled()
        log_crashes()
        with only_one(settings.database_url):
            await run_bot(settings)


@main.command()
@asynchronous
async def sync() -> None:
    """Send the slash commands to Discord: once, and after each update that changes them."""
    count = await sync_commands(settled())
    click.echo(f"{count} commands sent; clients show them within a minute.")


@main.command()
def words() -> None:
    """Write the template of the translations, and bring the catalogs in step with it."""
    from bot.commands.translations import write_catalogs  # noqa: PLC0415 - needs Babel, which `run` need not wait for

    if not Path("cogs/locales").is_dir():
        raise click.UsageError("cogs/locales is not here: this is for the folder that holds the source.")
    for path in write_catalogs():
        click.echo(f"{path} written.")


@main.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="The page's port (default: any that is free).")
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
@click.option("--once", is_flag=True, help="Print the cards of the samples and exit.")
@asynchronous
async def demo(port: int, browser: bool, once: bool) -> int:
    """Run the bot in a simulated Discord, on a web page; no token, no network."""
    try:
        from bot.demo import run_demo  # noqa: PLC0415 - needs the extra `demo`
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"The demo needs more packages ({error.name}): pip install 'precis-bot[demo]'.") from error
    with stop_signals():
        return await run_demo(port=port, browser=browser, once=once)
    return 0
