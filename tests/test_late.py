"""What a start waits for: no package that only later work needs, and all of those once the bot is warm."""

import subprocess
import sys

LATE = {
    "aiohttp.web",
    "alembic",
    "asyncpg",
    "babel",
    "bot.citation.format",
    "bot.doctor",
    "bot.erowid.page",
    "bot.findings",
    "bs4",
    "citeproc",
    "httpx",
    "lxml",
    "numpy",
    "prometheus_client",
    "protego",
    "pytest",
    "rich",
    "rispy",
    "sqlalchemy.dialects.postgresql",
}
NEEDED = {"bot.citation.format", "bot.citation.files", "bot.erowid.page", "bot.findings", "bs4", "httpx", "numpy", "protego"}
"""By the first card."""

WARM = """
import asyncio, sys
from bot.app import open_services
from bot.services.cards import warm_up
from bot.settings import read_settings

async def main():
    async with open_services(read_settings(database_url="sqlite://")) as services:
        assert services.open_site is not None
        await services.open_site()
        warm_up()

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


def test_the_first_message_waits_for_no_import() -> None:
    """The warm-up brings what the first card takes."""
    ran = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) >= NEEDED
