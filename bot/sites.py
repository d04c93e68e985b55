"""Opens the sites of records and the bibliographic services, each with one rate limit and one circuit breaker."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.shared_state import DatabaseState
from bot.adapters.site.crossref import Crossref
from bot.adapters.site.europe_pmc import EuropePmc
from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.opening import open_fetcher
from bot.adapters.site.service_answers import Pace
from bot.adapters.site.service_state import StateStore
from bot.adapters.site.unpaywall import Unpaywall
from bot.core.site import SiteProfile, json_api
from bot.services.enrichment import Enricher
from bot.settings import Settings, email_in
from bot.sources.bibliographic_services import CROSSREF, EUROPE_PMC, crossref_site, europe_pmc_site

UNPAYWALL = "Unpaywall"
LIMITS = FetchLimits(size=4 * 1024 * 1024)
"""The limits for bibliographic services: an answer may have 25 works with long abstracts."""

StateOf = Callable[[str], StateStore | None]
"""Gives, by a site's address, the state that all processes share; None if only this process asks the site."""


def shared_state(engine: AsyncEngine) -> StateOf:
    """Make the function that gives the states of rate limits and circuits that all processes on a database share."""
    return lambda url: DatabaseState(engine, f"site {url}")


@asynccontextmanager
async def open_sites(
    sites: Iterable[SiteProfile],
    settings: Settings,
    *,
    state_of: StateOf = lambda _: None,
    limits: FetchLimits | None = None,
    observe: Callable[[str, str, float], None] = lambda *_: None,
) -> AsyncIterator[Mapping[str, Fetcher]]:
    """Open a fetcher for each site, with one rate limit and one circuit breaker; give them by the sites' names.

    `observe` is called after each request with the site's name, the status ("none" without an answer) and the seconds.
    Raises ConfigurationError.
    """
    async with AsyncExitStack() as stack:
        yield {
            site.name: await stack.enter_async_context(
                open_fetcher(
                    site,
                    contact=settings.contact,
                    ca_bundle=settings.ca_bundle,
                    limits=limits,
                    store=state_of(site.url),
                    observe=partial(observe, site.name),
                )
            )
            for site in sites
        }


def open_shared_sites(
    sites: Iterable[SiteProfile],
    settings: Settings,
    engine: AsyncEngine,
    *,
    limits: FetchLimits | None,
    observe: Callable[[str, str, float], None],
) -> AbstractAsyncContextManager[Mapping[str, Fetcher]]:
    """Open sites with rate limits and circuits that all processes on a database share."""
    return open_sites(sites, settings, state_of=shared_state(engine), limits=limits, observe=observe)


def service_urls(settings: Settings) -> dict[str, str]:
    """Give the addresses of the bibliographic services, by the names of their settings; two of them only with a contact."""
    urls = {"EUROPEPMC_URL": settings.europepmc_url}
    if settings.contact:
        urls["CROSSREF_URL"] = settings.crossref_url
    if email_in(settings.contact):
        urls["UNPAYWALL_URL"] = settings.unpaywall_url
    return urls


@dataclass(frozen=True, slots=True)
class BibliographicServices:
    """The opened bibliographic services; Crossref and Unpaywall only with a contact."""

    europe_pmc: EuropePmc
    crossref: Crossref | None
    unpaywall: Unpaywall | None
    fetchers: Mapping[str, Fetcher]
    """The fetcher of each opened service, by the service's name."""

    def enricher(self) -> Enricher:
        """Make an Enricher that asks these services."""
        return Enricher(self.europe_pmc, self.crossref, self.unpaywall, now=lambda: datetime.now(UTC))


def service_sites(settings: Settings) -> tuple[SiteProfile, ...]:
    """Describe the bibliographic services; Crossref and Unpaywall only with a contact."""
    sites: dict[str, Callable[[str], SiteProfile]] = {
        "EUROPEPMC_URL": europe_pmc_site,
        "CROSSREF_URL": crossref_site,
        "UNPAYWALL_URL": lambda url: json_api(UNPAYWALL, url, "UNPAYWALL_URL", gap=0.25),
    }
    return tuple(sites[setting](url) for setting, url in service_urls(settings).items())


@asynccontextmanager
async def open_bibliographic_services(
    settings: Settings,
    *,
    state_of: StateOf = lambda _: None,
    pace: Pace = float,
    limits: FetchLimits = LIMITS,
    observe: Callable[[str, str, float], None] = lambda *_: None,
    opened: Mapping[str, Fetcher] = MappingProxyType({}),
) -> AsyncIterator[BibliographicServices]:
    """Open the bibliographic services; the fetchers in `opened` are used again. See `open_sites`."""
    missing = [site for site in service_sites(settings) if site.name not in opened]
    async with open_sites(missing, settings, state_of=state_of, limits=limits, observe=observe) as more:
        fetchers = {**opened, **more}
        address, crossref, unpaywall = email_in(settings.contact), None, None
        if CROSSREF in fetchers:
            crossref = Crossref(fetchers[CROSSREF], settings.crossref_url, address, pace=pace)
        if UNPAYWALL in fetchers:
            unpaywall = Unpaywall(fetchers[UNPAYWALL], settings.unpaywall_url, address, pace=pace)
        europe_pmc = EuropePmc(fetchers[EUROPE_PMC], settings.europepmc_url, pace=pace)
        yield BibliographicServices(europe_pmc, crossref, unpaywall, fetchers)


@asynccontextmanager
async def open_shared_services(
    settings: Settings,
    engine: AsyncEngine,
    observe: Callable[[str, str, float], None],
    opened: Mapping[str, Fetcher],
) -> AsyncIterator[BibliographicServices | None]:
    """Open the services with rate limits that all processes on a database share; give None with ENRICH=off."""
    if settings.enrich == "off":
        yield None
        return
    services = open_bibliographic_services(settings, state_of=shared_state(engine), observe=observe, opened=opened)
    async with services as found:
        yield found
