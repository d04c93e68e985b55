"""`python -m bot show`: on a terminal, or to files."""

import re

import click
from rich.console import Console

from bot.app import open_services
from bot.citation import resolve_style
from bot.commands.exit_codes import EX_CONFIG, asynchronous, output
from bot.commands.show import FILES, as_json, item_of
from bot.commands.show import show as cards_of
from bot.commands.terminal import panel
from bot.core.errors import BotError, ConfigurationError
from bot.core.record import Csl
from bot.logs import set_up_logs
from bot.settings import read_settings


class Targets(click.Command):
    """A command to which `-5` is a target like any other; a mistyped option stays one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        ctx.ignore_unknown_options = any(re.match(r"-[0-9]", argument) for argument in args)
        return super().parse_args(ctx, args)


@click.command(cls=Targets)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["card", "json", *FILES]), default="card", show_default=True)
@click.option(
    "--style", default="apa", show_default=True, help="The citation's style: any CSL style's name, or apa, mla, ..."
)
@asynchronous
async def show(targets: tuple[str, ...], form: str, style: str) -> int:
    """Show the card of each TARGET: a link, a number, or the path of a saved page."""
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
