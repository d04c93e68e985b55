"""What tests of the services share."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database


@pytest.fixture
async def engine() -> AsyncIterator[AsyncEngine]:
    """A database in memory."""
    async with open_database("sqlite+aiosqlite://") as opened:
        yield opened
