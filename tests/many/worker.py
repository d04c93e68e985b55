"""One process of the bot without Discord: its services, told what to do by lines of JSON, faster than it usually is.

    python -m tests.many.worker DATABASE_URL EROWID_URL PACE

It says "ready" once it is, and answers each `[command, argument...]` by a line. The pace at the site is the one given, and
what other processes change it looks for more often.
"""

import asyncio
import json
import sys
from typing import Any

from bot.adapters.site.limits import FetchLimits
from bot.app import open_services
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import BotError
from bot.logs import set_up_logs
from bot.settings import Settings
from bot.use_cases import Services
from tests.references import erowid

LOOK = 0.3
"""Seconds between two looks at what other processes changed, in place of two."""


async def obey(services: Services, command: str, *arguments: Any) -> Any:
    """Do what a line says, and give what there is to say."""
    match command, arguments:
        case "find", numbers:
            return await asyncio.gather(*(title(services, number) for number in numbers))
        case "set", [guild, mode]:
            target = Target(Scope.GUILD, guild)
            return len(await services.settings.set(guild, target, {"mode": Mode(mode)}, by=1))
        case "mode", [guild]:
            return services.settings.overrides(guild).get(Target(Scope.GUILD, guild), {}).get("mode")
        case "opt_out", [user]:
            return await services.privacy.opt_out(user)
        case "opted_out", [user]:
            return services.privacy.opted_out(user)
    raise ValueError(command)


async def title(services: Services, number: int) -> str:
    """Give a record's title, or the name of the error."""
    try:
        return (await services.cards.study(erowid(number))).record.title
    except BotError as error:
        return type(error).__name__


def say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main(database_url: str, erowid_url: str, pace: str) -> None:
    """Run until standard input ends."""
    set_up_logs()
    settings = Settings(_env_file=None, database_url=database_url, erowid_url=erowid_url)
    pacing = FetchLimits(gap=float(pace), pause=0.1)
    async with open_services(settings, pacing, refresh_every=LOOK) as services:
        say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            say(await obey(services, *json.loads(line)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
