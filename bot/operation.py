"""Who watches over a running bot: its page, where a port is set, and the log's first line."""

import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord
import structlog
from sqlalchemy.engine import make_url

from bot import __version__
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.monitoring import Watched

log = structlog.get_logger(__name__)


@asynccontextmanager
async def watching(settings: Settings) -> AsyncIterator["Watched | None"]:
    """Watch where HEALTH_PORT is set; without it nobody could ask, and nothing is counted."""
    if settings.health_port is None:
        yield None
        return
    from bot.monitoring import watch  # noqa: PLC0415 - brings prometheus-client and aiohttp's server

    async with watch(settings.health_host, settings.health_port) as watched:
        yield watched


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
