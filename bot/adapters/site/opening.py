"""Opens fetchers, each with an HTTP client of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import __version__
from bot.adapters.site.fetcher import Fetcher, Observer
from bot.adapters.site.http_client import new_client, origin, user_agent
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.service_state import StateStore
from bot.core.site import SiteProfile


@asynccontextmanager
async def open_fetcher(
    site: SiteProfile,
    *,
    contact: str,
    ca_bundle: Path | None = None,
    limits: FetchLimits | None = None,
    store: StateStore | None = None,
    observe: Observer | None = None,
) -> AsyncIterator[Fetcher]:
    """Open a fetcher, and close its client at the end.

    `contact`, an address of the host, is part of the User-Agent; `ca_bundle` is a PEM file of the CAs to trust in
    place of the usual ones; `limits` replace those of the profile. Raises ConfigurationError for a setting that cannot
    be used.
    """
    limits = limits or FetchLimits(gap=site.gap, size=site.size)
    agent = user_agent(__version__, contact)
    url = origin(site.url, site.setting or site.name)
    client = await asyncio.to_thread(new_client, url, limits, ca_bundle)  # in a thread, since it reads many certificates
    async with client:
        yield Fetcher(client, site, agent=agent, limits=limits, store=store, observe=observe)
