"""`python -m bot demo`: see `bot.demo`."""

import click

from bot.commands.exit_codes import asynchronous, stop_signals
from bot.core.errors import ConfigurationError


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="The page's port (default: any that is free).")
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
@click.option("--once", is_flag=True, help="Print the cards of the samples and exit.")
@asynchronous
async def demo(port: int, browser: bool, once: bool) -> int:
    """Run the bot in a simulated Discord, on a web page; no token, no network."""
    try:
        from bot.demo import run_demo  # noqa: PLC0415 - needs the extra `demo`, which may not be installed
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"The demo needs more packages ({error.name}): pip install 'precis-bot[demo]'.") from error
    with stop_signals():
        return await run_demo(port=port, browser=browser, once=once)
    return 0
