"""Who watches over a running bot: what `/healthz` and `/metrics` ask of its parts, and the log's first line."""

import platform
from dataclasses import dataclass

import discord
import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import __version__
from bot.adapters.health import Health, database_answers
from bot.adapters.http import ErowidPages
from bot.adapters.metrics import BREAKER, Metrics
from bot.client import Precis
from bot.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of the bot."""

    health: Health
    metrics: Metrics

    @classmethod
    def new(cls) -> "Watched":
        """Begin: all parts are starting, nothing was counted."""
        return cls(Health("gateway", "database"), Metrics(version=__version__, discord_py=discord.__version__))

    def services(self, engine: AsyncEngine, pages: ErowidPages) -> None:
        """Watch the database and the way to the site."""
        self.health.watch("database", database_answers(engine))
        self.metrics.read("precis_site_waiting", lambda: [((), pages.peace.waiting)])
        self.metrics.read("precis_site_breaker", lambda: [((state,), state == pages.peace.breaker) for state in BREAKER])

    def client(self, client: Precis) -> None:
        """Watch a client, in place of the one before."""
        read = self.metrics.read
        self.health.watch("gateway", client.gateway_answers)
        read("precis_gateway_connected", lambda: [((str(shard),), not wrong) for shard, _, wrong in client.gateways()])
        read("precis_gateway_latency_seconds", lambda: [((str(shard),), beat) for shard, beat, _ in client.gateways()])
        read("precis_guilds", lambda: [((), len(client.guilds))])
        read("precis_work_running", lambda: [((), len(client.work))])


def say_what_is_on(settings: Settings, page: str) -> None:
    """Write one line at the start: what somebody who reads the log later would ask, and no secret."""
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
