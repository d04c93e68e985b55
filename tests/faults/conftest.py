"""What every test of faults stands in: a simulated Discord, a stand-in for Erowid."""

from collections.abc import AsyncIterator

import pytest

from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid, serve_erowid


@pytest.fixture
async def discord_server() -> AsyncIterator[Discord]:
    """A simulated Discord on loopback; at the end nothing may have been wrong with what it was asked."""
    async with Discord.open() as server:
        yield server


@pytest.fixture
async def site() -> AsyncIterator[Erowid]:
    """A stand-in for Erowid on loopback."""
    async with serve_erowid() as serving:
        yield serving
