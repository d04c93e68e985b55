"""The commands of `python -m bot`."""

import re
import sys

import click

from bot import __version__
from bot.app import open_services, run_bot, sync_commands
from bot.batch import cite, findings
from bot.citation import resolve_style
from bot.core.errors import BotError, ConfigurationError
from bot.core.record import Csl
from bot.docs import generated
from bot.doctor import doctor
from bot.edges import EX_CONFIG, asynchronous, output, stop_signals
from bot.invite import invite
from bot.keeping import db
from bot.logs import log_crashes, set_up_logs
from bot.settings import Settings, read_settings
from bot.show import FILES, as_json, item_of
from bot.show import show as cards_of


def settled() -> Settings:
    """Read the settings and set logging up as they say."""
    settings = read_settings()
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    set_up_logs(settings.log_level, settings.log_format, secrets=[token])
    return settings


class Targets(click.Command):
    """A command to which `-5` is a target like any other; a mistyped option stays one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        ctx.ignore_unknown_options = any(re.match(r"-[0-9]", argument) for argument in args)
        return super().parse_args(ctx, args)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    from bot.catalogs import write_catalogs  # noqa: PLC0415 - needs Babel, which `run` need not wait for

    for path in write_catalogs():
        click.echo(f"{path} written.")


@main.command(cls=Targets)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["card", "json", *FILES]), default="card", show_default=True)
@click.option(
    "--style", default="apa", show_default=True, help="The citation's style: any CSL style's name, or apa, mla, ..."
)
@asynchronous
async def show(targets: tuple[str, ...], form: str, style: str) -> int:
    """Show the card of each TARGET: a link, a number, or the path of a saved page."""
    from rich.console import Console  # noqa: PLC0415 - `run` need not wait for what draws on a terminal

    from bot.terminal import panel  # noqa: PLC0415

    settings = read_settings()
    # Each failure has its sentence here, so that the log's lines about it are for who looks for them.
    set_up_logs("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    console = Console()
    code = 0
    items: list[Csl] = []
    with output():
        async for target, shown in cards_of(targets, resolve_style(style), lambda: open_services(settings)):
            if isinstance(shown, BotError):
                code = max(code, EX_CONFIG if isinstance(shown, ConfigurationError) else 1)
            if form == "json":
                click.echo(as_json(target, shown))
            elif isinstance(shown, BotError):
                click.echo(f"{target}: {shown.advice}", err=True)
            elif form == "card":
                console.print(panel(shown))
            else:
                items.append(item_of(shown))
        if form in FILES:
            click.echo(FILES[form](items), nl=False)
    return code


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


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where something is stale.")
def docs(check: bool) -> None:
    """Write the generated parts of README.md and .env.example."""
    stale = [(path, text) for path, text in generated(main) if not path.exists() or path.read_text("utf-8") != text]
    for path, text in stale:
        if not check:
            path.write_text(text, "utf-8")
        click.echo(f"{path} {'is stale: run `make docs`' if check else 'written'}", err=check)
    sys.exit(1 if check and stale else 0)


for command in (cite, db, doctor, findings, invite):
    main.add_command(command)
