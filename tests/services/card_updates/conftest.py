"""Replies whose cards are edited once a slow service has answered."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.services.card_updates import CardUpdates
from bot.services.enrichment import Enricher
from bot.services.lookup import Lookup
from bot.services.replies import Replies
from bot.services.work import Work
from bot.use_cases import Services, build_replies, build_services
from tests.chat import NOW
from tests.fakes import Pages
from tests.references import SOURCES
from tests.services.card_updates.slow import Slow


@pytest.fixture
def service() -> Slow:
    return Slow()


@pytest.fixture
async def services(engine: AsyncEngine, service: Slow) -> AsyncIterator[Services]:
    lookup = Lookup(Pages(), Records(engine), SOURCES, now=lambda: NOW)
    built = build_services(lookup, engine, now=lambda: NOW, enricher=Enricher(service, now=lambda: NOW))
    yield built
    await built.inquiries.close()
    await lookup.close()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def replies(services: Services, work: Work) -> Replies:
    return build_replies(services, updates=CardUpdates(services.replies, services.jobs, services.inquiries, work))
