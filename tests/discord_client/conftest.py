"""A simulated Discord for each test."""

from collections.abc import AsyncIterator

import pytest
from discord.http import Route

from tests.wire.discord_server import Discord


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    """A simulated Discord on loopback, where all requests go."""
    async with Discord.open() as opened:
        monkeypatch.setattr(Route, "BASE", opened.api_url)
        yield opened
