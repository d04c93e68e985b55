"""Opens the bibliographic services that the settings allow to be asked."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from bot.adapters.site.crossref import Crossref
from bot.adapters.site.europepmc import EuropePmc
from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.opening import service_fetcher
from bot.adapters.site.service_answers import Pace
from bot.adapters.site.service_state import StateStore
from bot.adapters.site.unpaywall import Unpaywall
from bot.services.enrichment import Enricher
from bot.settings import Settings

LIMITS = FetchLimits(tries=1, size=4 * 1024 * 1024)
"""One try, since a study may cost three requests in all; and room for 25 works with long abstracts."""


def service_urls(settings: Settings) -> dict[str, str]:
    """Give the addresses of the services that may be asked, by their settings: two of them want to know whom to write to."""
    urls = {"EUROPEPMC_URL": settings.europepmc_url}
    if settings.contact:
        urls["CROSSREF_URL"] = settings.crossref_url
    if "@" in settings.contact:
        urls["UNPAYWALL_URL"] = settings.unpaywall_url
    return urls


@asynccontextmanager
async def open_enricher(
    settings: Settings,
    *,
    state_of: Callable[[str], StateStore | None] = lambda _: None,
    pace: Pace = float,
    limits: FetchLimits = LIMITS,
) -> AsyncIterator[Enricher]:
    """Open the services, each with one rate limit and one circuit breaker. Raises ConfigurationError.

    `state_of` gives the state of a service, by its address, that all processes share; None: this process alone asks.
    """
    urls = service_urls(settings)
    async with AsyncExitStack() as stack:

        async def fetcher(name: str, setting: str) -> Fetcher:
            url, ca_bundle, store = urls[setting], settings.ca_bundle, state_of(urls[setting])
            opened = service_fetcher(
                name, url, setting=setting, contact=settings.contact, ca_bundle=ca_bundle, limits=limits, store=store
            )
            return await stack.enter_async_context(opened)

        europe_pmc = EuropePmc(await fetcher("Europe PMC", "EUROPEPMC_URL"), settings.europepmc_url, pace=pace)
        crossref = unpaywall = None
        if "CROSSREF_URL" in urls:
            asked = await fetcher("Crossref", "CROSSREF_URL")
            crossref = Crossref(asked, settings.crossref_url, settings.contact, pace=pace)
        if "UNPAYWALL_URL" in urls:
            asked = await fetcher("Unpaywall", "UNPAYWALL_URL")
            unpaywall = Unpaywall(asked, settings.unpaywall_url, settings.contact, pace=pace)
        yield Enricher(europe_pmc, crossref, unpaywall, now=lambda: datetime.now(UTC))
