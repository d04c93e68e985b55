"""Opens fetchers, each with an HTTP client of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from bot import __version__
from bot.adapters.site.fetcher import Fetcher, Observer
from bot.adapters.site.http_client import new_client, origin, user_agent
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.profile import Profile
from bot.adapters.site.service_state import StateStore

JSON_TYPES = frozenset({"application/json", "application/vnd.crossref-api-message+json"})


@asynccontextmanager
async def open_fetcher(
    profile: Profile,
    *,
    contact: str,
    ca_bundle: Path | None = None,
    limits: FetchLimits | None = None,
    store: StateStore | None = None,
    observe: Observer | None = None,
) -> AsyncIterator[Fetcher]:
    """Open a fetcher, and close its client at the end.

    `contact`, the address of who runs the bot, is part of the User-Agent; `ca_bundle` is a PEM file of the CAs to trust in
    place of the usual ones. Raises ConfigurationError for a setting that cannot be used.
    """
    limits = limits or FetchLimits()
    agent = user_agent(__version__, contact)
    client = await asyncio.to_thread(new_client, profile.url, limits, ca_bundle)  # reads many certificates
    async with client:
        yield Fetcher(client, profile, agent=agent, limits=limits, store=store, observe=observe)


def service_fetcher(
    name: str,
    base_url: str,
    *,
    setting: str,
    contact: str,
    ca_bundle: Path | None = None,
    limits: FetchLimits | None = None,
    store: StateStore | None = None,
    observe: Observer | None = None,
) -> AbstractAsyncContextManager[Fetcher]:
    """Open a fetcher for an API that answers with JSON; `setting` is the name of the setting that holds `base_url`."""
    profile = Profile(
        name=name, url=origin(base_url, setting), accept="application/json", types=JSON_TYPES, has_robots=False
    )
    return open_fetcher(profile, contact=contact, ca_bundle=ca_bundle, limits=limits, store=store, observe=observe)
