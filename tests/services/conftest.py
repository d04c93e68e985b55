"""What tests of the services share."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import FakeChat
from tests.databases import in_memory


@pytest.fixture
async def engine() -> AsyncIterator[AsyncEngine]:
    """A database in memory."""
    with in_memory() as url:
        async with open_database(url) as opened:
            yield opened


@pytest.fixture
def replies(services: Services) -> Replies:
    return build_replies(services)


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()
