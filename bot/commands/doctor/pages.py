"""Checks whether the sites' latest pages could be read, by what the bot stored; sends no requests."""

from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.commands.doctor.report import Check, ok, warning
from bot.commands.doctor.site import shared_engine
from bot.core.errors import ConfigurationError, StorageError
from bot.services.page_watch import describe, stopped
from bot.settings import Settings


async def pages_check(settings: Settings) -> Check | None:
    """Report the pages that could not be read; None if the database does not answer, which another check reports."""
    try:
        async with shared_engine(settings) as engine:
            if engine is None:
                return None
            sites = await UnreadablePages(engine).health()
    except (ConfigurationError, StorageError):
        return None
    if wrong := stopped(sites):
        advice = "perhaps the site has changed: `python -m bot pages export pages.zip`, and attach the file to an issue"
        return warning("pages", "; ".join(map(describe, wrong)), advice)
    if count := sum(site.unreadable for site in sites):
        return ok("pages", f"{count} of the last pages could not be read, too few to say that a site has changed")
    return ok("pages", "the last page that was read was understood, or none was read yet")
