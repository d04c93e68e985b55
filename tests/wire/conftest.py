"""A simulated Discord for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.wire.discord_server import Discord


@pytest.fixture
async def discord_server() -> AsyncIterator[Discord]:
    """A simulated Discord on loopback; at the end nothing may have been wrong with what it was asked."""
    async with Discord.open() as server:
        yield server
