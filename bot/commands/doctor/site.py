"""Checks whether Erowid lets the bot read its pages: one request, for robots.txt, within the rate limit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import state_of, versions
from bot.commands.doctor.report import Check, failed, ok, warning
from bot.core.errors import ConfigurationError, Refused, SiteError, StorageError, UntrustedSite
from bot.core.reference import Reference
from bot.settings import Settings
from bot.sites import open_sites, shared_state
from bot.sources.erowid import erowid_source

ANY = Reference("erowid", "1")


async def site_check(settings: Settings) -> Check:
    """Fetch robots.txt, and report whether it allows records."""
    site, source = settings.erowid_url, erowid_source(settings.erowid_url)
    (request,) = source.requests(ANY)
    try:
        async with shared_engine(settings) as engine:
            state_of = shared_state(engine) if engine is not None else lambda _: None
            async with open_sites(source.sites, settings, state_of=state_of) as fetchers:
                allowed = await fetchers[request.site].allows(request.url)
    except ConfigurationError as error:
        return failed("erowid", "cannot be asked", error.advice, configuration=True)
    except Refused as error:
        return failed(
            "erowid", f"{site} blocks this bot ({error})", "do not try to get round it: ask Erowid's staff for permission"
        )
    except UntrustedSite as error:
        return failed("erowid", str(error), "see CA_BUNDLE")
    except SiteError as error:
        return warning("erowid", f"{site} does not answer ({error})", "it may pass; else look at the network and its proxy")
    if not allowed:
        return failed("erowid", f"{site}: its robots.txt forbids the records", "ask Erowid's staff for permission")
    return ok("erowid", f"{site} answers, and its robots.txt allows the records")


@asynccontextmanager
async def shared_engine(settings: Settings) -> AsyncIterator[AsyncEngine | None]:
    """Open the database, by which processes share rate limits; give None if no process can run with it."""
    try:
        state = await state_of(settings.database_url)
    except (ConfigurationError, StorageError):
        state = None
    if state is None or not state.writable or state.version != versions()[0]:
        yield None
        return
    async with open_database(settings.database_url) as engine:
        yield engine
