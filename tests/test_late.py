"""What a start waits for: no package that only later work needs, and all of those once the bot is warm."""

import subprocess
import sys

LATE = {
    "aiohttp.web",
    "alembic",
    "asyncpg",
    "babel",
    "bot.commands.doctor",
    "bot.sources.erowid.page",
    "bot.findings",
    "bs4",
    "httpx",
    "numpy",
    "prometheus_client",
    "protego",
    "pytest",
    "rich",
    "sqlalchemy.dialects.postgresql",
}
NEEDED = {
    "bot.sources.erowid.page",
    "bot.findings",
    "bs4",
    "httpx",
    "numpy",
    "protego",
}
"""By the first card."""

WARM = """
import asyncio, sys
from bot.app import build_client, open_services
from bot.settings import read_settings
from bot.warming import warming_up

async def main():
    settings = read_settings(database_url="sqlite://", erowid_url=f"http://{sys.argv[1]}")
    async with open_services(settings) as services, build_client(services, settings) as client:
        async with warming_up(client, services.open_site):
            await asyncio.sleep(0)
            assert "bot.findings" not in sys.modules
            client.dispatch("connect")
            await next(task for task in asyncio.all_tasks() if task.get_name() == "warm up")

asyncio.run(main())
print(*sys.modules)
"""


def test_a_start_imports_what_it_needs() -> None:
    """`run` waits for no package that it can do without until it is ready."""
    watched = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); import bot.__main__"
    ran = subprocess.run([sys.executable, "-c", watched, "run", "-h"], capture_output=True, text=True, check=True)
    assert "Run the bot" in ran.stdout
    imported = set(ran.stderr.split())
    assert "bot.app" in imported
    assert imported & LATE == set()


def warm(host: str = "127.0.0.1:9", before: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", before + WARM, host], capture_output=True, text=True, check=True)


def test_few_messages_wait_for_an_import() -> None:
    """As soon as Discord has let the bot in, it loads what the first card takes."""
    assert set(warm().stdout.split()) >= NEEDED | {"bot.adapters.site.fetcher", "babel"}


def test_what_is_wrong_with_the_way_to_the_site_is_told() -> None:
    """Where a start did not see it; the rest is loaded all the same."""
    before = "import bot.app; bot.app.plain = lambda *_: True\n"
    ran = warm("300.1.1.1", before)
    assert "the way to the site cannot be opened" in ran.stdout + ran.stderr
    assert "300.1.1.1" in ran.stdout + ran.stderr
    assert "babel" in ran.stdout.split()


def test_garbage_is_collected_after_the_start() -> None:
    """It is not while all is imported."""
    watched = "import atexit, gc; atexit.register(lambda: print('collecting', gc.isenabled())); import bot.__main__"
    ran = subprocess.run([sys.executable, "-c", watched, "run", "-h"], capture_output=True, text=True, check=True)
    assert "collecting True" in ran.stdout
