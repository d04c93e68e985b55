"""The bot as a process whose waits a test chooses, all else as it is: `python -m tests.wire.hasty DISCORD SITE`.

Each is a JSON object: fields of DiscordLimits, and of FetchLimits, where an empty one leaves each site its own.
"""

import json
import sys
from functools import partial

from bot.adapters.site.limits import FetchLimits
from bot.app import open_services, run_bot
from bot.commands.exit_codes import asynchronous
from bot.commands.run import run_until_stopped
from bot.discord_client.limits import DiscordLimits

if __name__ == "__main__":
    discord, site = map(json.loads, sys.argv[1:])
    opening = partial(open_services, limits=FetchLimits(**site) if site else None)
    bot = partial(run_bot, limits=DiscordLimits(**discord), opening=opening)
    asynchronous(partial(run_until_stopped, bot))()
