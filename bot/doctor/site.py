"""Whether Erowid lets the bot read: one request, for robots.txt, in the ordinary way and at the ordinary pace."""

from functools import partial

from bot import __version__
from bot.adapters.http import open_pages
from bot.core.errors import ConfigurationError, Refused, SiteError, UntrustedSite
from bot.core.reference import Reference
from bot.doctor.report import Check, failed, ok, warning
from bot.erowid import is_refusal, record_url
from bot.settings import Settings

ANY = Reference(1)


async def site_check(settings: Settings) -> Check:
    """Ask for robots.txt, and whether it lets records be read."""
    site = settings.erowid_url
    try:
        async with open_pages(
            url_of=partial(record_url, base=site),
            is_refusal=is_refusal,
            version=__version__,
            contact=settings.contact,
            ca_bundle=settings.ca_bundle,
        ) as pages:
            allowed = await pages.allows(ANY)
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
