"""What tests of the services share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import FakeChat
from tests.databases import new_file


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database of its own."""
    async with open_database(new_file(tmp_path / "services.sqlite3")) as opened:
        yield opened


@pytest.fixture
def replies(services: Services) -> Replies:
    return build_replies(services)


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()
