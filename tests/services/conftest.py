"""What tests of the services share."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.core.reference import Reference
from bot.services.lookup import Lookup
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies, build_services
from tests.chat import NOW, FakeChat
from tests.databases import SharedEngine
from tests.fakes import Pages, Store
from tests.invented import REFERENCE
from tests.references import SOURCES

START = datetime(2026, 11, 23, tzinfo=UTC)
FRESH = timedelta(days=30)


class World:
    """A lookup with a site, a store and a clock that a test sets."""

    def __init__(self) -> None:
        self.pages, self.store, self.now = Pages(), Store(), START
        self.restart()

    def restart(self) -> None:
        """Go on with what is stored alone."""
        self.lookup = Lookup(self.pages, self.store, SOURCES, now=lambda: self.now, fresh=FRESH)

    async def title(self, reference: Reference = REFERENCE) -> str:
        return (await self.lookup.find(reference)).record.title


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


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.lookup.close()
