"""`python -m bot demo`: the real client, services, fetcher and parser; only Discord and the site are stand-ins."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.adapters.site.limits import FetchLimits
from bot.app import build_client, open_services
from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings
from bot.core.errors import BotError
from bot.demo.page import open_page
from bot.demo.room import converse, open_room
from bot.demo.samples import SAMPLES
from bot.demo.site import Site, open_site
from bot.demo.terminal import announce, outcome
from bot.logs import set_up_logs
from bot.settings import Settings
from bot.use_cases import Services

LIMITS = FetchLimits(connect=2.0, read=2.0, answer=5.0, whole=20.0, pause=0.2, gap=0.02, patience=20.0, open_seconds=5.0)
"""Limits like those for the real site, but with short waits, since somebody is watching."""


async def run_demo(*, port: int = 0, browser: bool = True, once: bool = False) -> int:
    """Run the demo until it is cancelled or its page ends it; with `once`, print all cards and return. Return the exit code.

    Raises ConfigurationError if the port cannot be used.
    """
    console = Console()
    if once:
        await _print_all(console)
    else:
        await _serve(console, port=port, browser=browser)
    return 0


@asynccontextmanager
async def open_stand_ins(limits: FetchLimits = LIMITS) -> AsyncIterator[tuple[Services, Settings]]:
    """Open the services as the bot does, with the stand-ins and a temporary database."""
    with TemporaryDirectory(prefix="precis-demo-") as folder:
        async with open_site(Site()) as address:
            settings = Settings.model_construct(
                erowid_url=address,
                europepmc_url=f"{address}/europepmc",
                crossref_url=f"{address}/crossref",
                ncbi_url=f"{address}/ncbi",
                database_url=f"sqlite+aiosqlite:///{folder}/demo.sqlite3",
                contact="the demo",
                retraction_watch="on" if os.environ.get("RETRACTION_WATCH") == "on" else "off",
            )
            async with open_services(settings, limits=limits) as services:
                yield services, settings


async def _print_all(console: Console) -> None:
    """Print the card or the error of each sample, in their order; all are looked up at the same time."""
    set_up_logs("ERROR")
    async with open_stand_ins() as (services, _):
        asked = [asyncio.create_task(services.cards.card(sample.reference, ChannelSettings())) for sample in SAMPLES]
        for sample, task in zip(SAMPLES, asked, strict=True):
            try:
                shown: Card | BotError = await task
            except BotError as error:
                shown = error
            console.print(outcome(sample, shown), highlight=False)


async def _serve(console: Console, *, port: int, browser: bool) -> None:
    """Serve the page until the task is cancelled or the page's own menu ends it."""
    set_up_logs("WARNING")
    async with AsyncExitStack() as opened:
        with console.status("Starting the bot in a simulated Discord ..."):
            services, settings = await opened.enter_async_context(open_stand_ins())
            room = await opened.enter_async_context(open_room(build_client(services, settings)))
            await converse(room)
            preview = await opened.enter_async_context(open_page(room, port))
            first = await services.cards.card(SAMPLES[0].reference, ChannelSettings())
        announce(console, preview.url, first)
        if browser and _has_display():
            await asyncio.to_thread(webbrowser.open, preview.url)
        set_up_logs("INFO")
        await preview.wait_closed()


def _has_display() -> bool:
    """Whether a browser could be shown; assumed on all systems but Linux."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
