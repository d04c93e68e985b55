"""Connects a running bot's parts with `/healthz` and `/metrics`; and the first lines of the log."""

import platform
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import discord
import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import __version__
from bot.adapters.monitoring.health import STARTING, Health, database_answers, pages_readable, serve
from bot.adapters.monitoring.metrics import BREAKER, Metrics
from bot.adapters.site.fetcher import Fetcher
from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.discord_client.client import Precis
from bot.services.meters import SERVICES
from bot.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """The health page and the metrics of a running bot."""

    health: Health
    metrics: Metrics
    page: str = ""
    """The address of the page."""

    def services(self, engine: AsyncEngine, fetchers: Mapping[str, Fetcher]) -> None:
        """Watch the database, the sites of records and the bibliographic services; `fetchers` by the names of sites."""
        sites = {name: one for name, one in fetchers.items() if name not in SERVICES}
        services = {name: one for name, one in fetchers.items() if name in SERVICES}
        self.health.watch("database", database_answers(engine))
        self.health.watch("pages", pages_readable(UnreadablePages(engine)), warns=True)
        self.metrics.read("precis_site_waiting", lambda: [((), sum(one.waiting for one in sites.values()))])
        self.metrics.read(
            "precis_site_breaker",
            lambda: [((state,), any(state == one.breaker for one in sites.values())) for state in BREAKER],
        )
        self.metrics.read(
            "precis_service_breaker",
            lambda: [((name, state), state == one.breaker) for name, one in services.items() for state in BREAKER],
        )

    @contextmanager
    def client(self, client: Precis) -> Iterator[None]:
        """Watch a client during the block, in place of an earlier one; after a failure the gateway counts as starting."""
        read = self.metrics.read
        self.health.watch("gateway", client.gateway_answers)
        read("precis_gateway_connected", lambda: [((str(shard),), not wrong) for shard, _, wrong in client.gateways()])
        read("precis_gateway_latency_seconds", lambda: [((str(shard),), beat) for shard, beat, _ in client.gateways()])
        read("precis_guilds", lambda: [((), len(client.guilds))])
        read("precis_work_running", lambda: [((), client.work.count)])
        try:
            yield
        except Exception:
            self.health.watch("gateway", _starting)
            raise


async def _starting() -> str:
    return STARTING


@asynccontextmanager
async def watching(settings: Settings) -> AsyncIterator[Watched | None]:
    """Serve the page if HEALTH_PORT is set; else give None. Raises ConfigurationError if it cannot be served."""
    if settings.health_port is None:
        yield None
        return
    health, metrics = Health("gateway", "database"), Metrics(version=__version__, discord_py=discord.__version__)
    async with serve(settings.health_host, settings.health_port, health, metrics.registry) as page:
        yield Watched(health, metrics, page)


def warn_of(settings: Settings) -> None:
    """Log a warning for each setting with which the bot works less well."""
    if not settings.message_content:
        log.warning("MESSAGE_CONTENT=false: links are seen only in messages that mention the bot and in direct messages")
    if not settings.contact:
        log.warning("CONTACT is not set: the staff of Erowid and the other services cannot reach you; please set it")


def say_what_is_on(settings: Settings, page: str) -> None:
    """Log the settings that explain later lines of the log, without secrets."""
    log.info(
        "starting",
        version=__version__,
        discord_py=discord.__version__,
        python=platform.python_version(),
        database=make_url(settings.database_url).get_backend_name(),
        site=settings.erowid_url,
        health=page or "off",
        shards=settings.shard_ids or settings.shard_count,
        message_content=settings.message_content,
    )
