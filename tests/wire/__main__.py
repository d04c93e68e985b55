"""`python -m tests.wire`: the simulated Discord and Erowid of these tests, for a bot in another terminal.

It prints the settings of such a bot; then each line that is typed is posted in a channel, and what the bot answers is shown.
"""

import argparse
import asyncio
import sys
from typing import Any

from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.rules import texts

PATIENCE = 30
"""Seconds that an answer is waited for."""
SETTLED = 10
"""Seconds that more of it is looked for."""


async def main(port: int) -> None:
    """Serve until the input ends."""
    async with Discord.open(port, strict=False) as discord, serve_erowid() as site:
        say(f"DISCORD_TOKEN={TOKEN}", f"DISCORD_API_URL={discord.api_url}", f"DISCORD_GATEWAY_URL={discord.gateway_url}")
        say(
            f"EROWID_URL={site.url}",
            "ENRICH=off",
            "",
            f"With these in .env run the bot, then type a message, such as {link(101)}",
        )
        async with asyncio.TaskGroup() as showing:
            while line := await asyncio.to_thread(sys.stdin.readline):
                showing.create_task(show(discord, await discord.paste(line.strip())))


async def show(discord: Discord, pasted: dict[str, Any]) -> None:
    """Print what the bot answers to a message, each answer once."""
    said = 0
    try:
        await discord.until(lambda: discord.replies(pasted) or discord.reactions_to(pasted), PATIENCE)
        for _ in range(SETTLED):
            for reply in discord.replies(pasted)[said:]:
                said += 1
                say(*texts(reply), "")
            await asyncio.sleep(1)
        say(*discord.reactions_to(pasted))
    except AssertionError:
        say(f"(no answer within {PATIENCE} s)")


def say(*lines: str) -> None:
    """Print lines at once."""
    print(*lines, sep="\n", flush=True)  # noqa: T201 - a terminal's program


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.wire", description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8090)
    asyncio.run(main(parser.parse_args().port))
