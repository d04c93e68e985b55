"""What tests of the services share."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.services.lookup import Lookup
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies, build_services
from tests.chat import NOW, FakeChat
from tests.databases import SharedEngine
from tests.fakes import Pages
from tests.references import SOURCES


@pytest.fixture
async def engine(one_engine: SharedEngine) -> AsyncIterator[AsyncEngine]:
    """A database in memory."""
    async with one_engine.new_database() as engine:
        yield engine


@pytest.fixture
def pages() -> Pages:
    """The sites, whose answers a test sets."""
    return Pages()


@pytest.fixture
async def services(engine: AsyncEngine, pages: Pages) -> AsyncIterator[Services]:
    """The use-cases on that database; their time stands still."""
    lookup = Lookup(pages, Records(engine), SOURCES, now=lambda: NOW)
    yield build_services(lookup, engine, now=lambda: NOW)
    await lookup.close()


@pytest.fixture
def replies(services: Services) -> Replies:
    return build_replies(services)


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()
