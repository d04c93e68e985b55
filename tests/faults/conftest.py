"""What every test of faults stands in: a simulated Discord, a stand-in for Erowid."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.inside import HURRIED, Inside, inside
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


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """One bot for all tests of a file, as it would serve a guild."""
    folder = tmp_path_factory.mktemp("bot")
    with pytest.MonkeyPatch.context() as patch:
        async with (
            Discord.open() as server,
            serve_erowid() as site,
            inside(server, site, folder, patch, limits=HURRIED) as running,
        ):
            yield running
