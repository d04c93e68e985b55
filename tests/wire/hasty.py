"""The bot as a process whose waits a test shortens, all else as it is: `python -m tests.wire.hasty NAME=SECONDS... run`.

A name is a constant's, with its module, such as `bot.adapters.stores.identify.EVERY`; or `pace`, that at the site; or
`resume`, between two looks for pending jobs; or `ready`, for which discord.py waits for one more guild before it is ready.
"""

import sys
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

import bot.app
from bot.adapters.site.limits import FetchLimits
from bot.cli import main
from bot.discord_client.client import Precis


def shorten(name: str, seconds: float) -> None:
    """Make one wait shorter."""
    if name == "pace":
        bot.app.open_services = partial(bot.app.open_services, limits=FetchLimits(gap=seconds))
    elif name == "resume":
        bot.app.build_client = partial(bot.app.build_client, resume_every=seconds)
    elif name == "ready":
        bot.app.build_client = partial(_soon_ready, bot.app.build_client, seconds)
    else:
        module, _, constant = name.rpartition(".")
        where = import_module(module)
        before = getattr(where, constant)
        after = timedelta(seconds=seconds) if isinstance(before, timedelta) else seconds
        assert after < before
        setattr(where, constant, after)


def _soon_ready(build: Any, seconds: float, *args: Any, **options: Any) -> Precis:
    client = build(*args, **options)
    client._connection.guild_ready_timeout = seconds
    return client


if __name__ == "__main__":
    while "=" in sys.argv[1]:
        name, _, seconds = sys.argv.pop(1).partition("=")
        shorten(name, float(seconds))
    main(prog_name="python -m bot")
