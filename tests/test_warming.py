"""What the first card needs is loaded once Discord has let the bot in."""

import subprocess
import sys

WARM = """
import asyncio, sys
import bot.app
from bot.app import build_client, open_services
from bot.settings import read_settings
from bot.warming import warming_up

async def main():
    bot.app.plain = lambda *_: True
    settings = read_settings(database_url="sqlite://", erowid_url="http://300.1.1.1")
    async with open_services(settings) as services, build_client(services, settings) as client:
        async with warming_up(client, services.open_site):
            await asyncio.sleep(0)
            client.dispatch("connect")
            await next(task for task in asyncio.all_tasks() if task.get_name() == "warm up")

asyncio.run(main())
print(*sys.modules)
"""


def test_what_is_wrong_with_the_way_to_the_site_is_told() -> None:
    """Where a start did not see it; the rest is loaded all the same."""
    ran = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True)
    assert "the way to the site cannot be opened" in ran.stdout + ran.stderr
    assert "300.1.1.1" in ran.stdout + ran.stderr
    assert "babel" in ran.stdout.split()
