"""Opens Erowid and the bibliographic services, each with one rate limit and one circuit breaker."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.service_state import DatabaseState
from bot.adapters.site.crossref import Crossref
from bot.adapters.site.europepmc import EuropePmc
from bot.adapters.site.fetcher import Fetcher, Observer
from bot.adapters.site.http_client import origin
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.opening import open_fetcher, service_fetcher
from bot.adapters.site.pages import Pages
from bot.adapters.site.profile import Profile
from bot.adapters.site.service_answers import Pace
from bot.adapters.site.service_state import StateStore
from bot.adapters.site.unpaywall import Unpaywall
from bot.core.links import read_target
from bot.services.enrichment import Enricher
from bot.services.meters import SERVICES
from bot.settings import Settings, email_in
from bot.sources import erowid
from bot.sources.erowid import record_url
from bot.sources.erowid.address import SITE

EUROPE_PMC, CROSSREF, UNPAYWALL = SERVICES
LIMITS = FetchLimits(tries=1, size=4 * 1024 * 1024)
"""One try, since a study may cost three requests in all; and room for 25 works with long abstracts."""


@asynccontextmanager
async def open_erowid(
    settings: Settings,
    *,
    store: StateStore | None = None,
    limits: FetchLimits | None = None,
    observe: Observer | None = None,
) -> AsyncIterator[Pages]:
    """Open the pages of Erowid; without a `store` this process alone asks. Raises ConfigurationError."""
    profile = Profile(
        name="Erowid",
        url=origin(settings.erowid_url, "EROWID_URL"),
        accept="text/html, application/xhtml+xml, text/plain;q=0.5",
        types=frozenset({"text/html", "application/xhtml+xml", "text/plain"}),
        hosts=frozenset({"erowid.org", "www.erowid.org"}),  # mirrors in pasted links are read for their ID, never asked
        is_refusal=erowid.is_refusal,
    )
    async with open_fetcher(
        profile, contact=settings.contact, ca_bundle=settings.ca_bundle, limits=limits, store=store, observe=observe
    ) as fetcher:
        yield Pages(
            fetcher,
            url_of=partial(record_url, base=settings.erowid_url),
            reference_at=lambda path: read_target(f"{SITE}{path}"),
        )


def erowid_state(settings: Settings, engine: AsyncEngine) -> DatabaseState:
    """Give the state of the rate limit and the circuit breaker that all processes on a database share."""
    return DatabaseState(engine, f"site {settings.erowid_url}")


def enricher_state(engine: AsyncEngine) -> Callable[[str], StateStore]:
    """Give, by its address, the state of a service that all processes on a database share."""
    return lambda url: DatabaseState(engine, f"site {url}")


def service_urls(settings: Settings) -> dict[str, str]:
    """Give the addresses of the services that may be asked, by their settings: two of them want to know whom to write to."""
    urls = {"EUROPEPMC_URL": settings.europepmc_url}
    if settings.contact:
        urls["CROSSREF_URL"] = settings.crossref_url
    if email_in(settings.contact):
        urls["UNPAYWALL_URL"] = settings.unpaywall_url
    return urls


@dataclass(frozen=True, slots=True)
class BibliographicServices:
    """The services that may be asked; Crossref and Unpaywall only with a contact."""

    europe_pmc: EuropePmc
    crossref: Crossref | None
    unpaywall: Unpaywall | None
    fetchers: Mapping[str, Fetcher]
    """Of each service that may be asked, by its name."""

    def enricher(self) -> Enricher:
        """Give an Enricher that asks these services."""
        return Enricher(self.europe_pmc, self.crossref, self.unpaywall, now=lambda: datetime.now(UTC))


@asynccontextmanager
async def open_bibliographic_services(
    settings: Settings,
    *,
    state_of: Callable[[str], StateStore | None] = lambda _: None,
    pace: Pace = float,
    limits: FetchLimits = LIMITS,
    observe: Callable[[str, str, float], None] = lambda *_: None,
) -> AsyncIterator[BibliographicServices]:
    """Open the services, each with one rate limit and one circuit breaker. Raises ConfigurationError.

    `state_of` gives the state of a service, by its address, that all processes share; None: this process alone asks.
    `observe` is told of each request: the service's name, the status ("none" if there was none) and the seconds.
    """
    urls = service_urls(settings)
    fetchers: dict[str, Fetcher] = {}
    async with AsyncExitStack() as stack:

        async def fetcher(name: str, setting: str) -> Fetcher:
            fetchers[name] = await stack.enter_async_context(
                service_fetcher(
                    name,
                    urls[setting],
                    setting=setting,
                    contact=settings.contact,
                    ca_bundle=settings.ca_bundle,
                    limits=limits,
                    store=state_of(urls[setting]),
                    observe=partial(observe, name),
                )
            )
            return fetchers[name]

        europe_pmc = EuropePmc(await fetcher(EUROPE_PMC, "EUROPEPMC_URL"), settings.europepmc_url, pace=pace)
        crossref = unpaywall = None
        if "CROSSREF_URL" in urls:
            asked = await fetcher(CROSSREF, "CROSSREF_URL")
            crossref = Crossref(asked, settings.crossref_url, email_in(settings.contact), pace=pace)
        if "UNPAYWALL_URL" in urls:
            asked = await fetcher(UNPAYWALL, "UNPAYWALL_URL")
            unpaywall = Unpaywall(asked, settings.unpaywall_url, email_in(settings.contact), pace=pace)
        yield BibliographicServices(europe_pmc, crossref, unpaywall, fetchers)


@asynccontextmanager
async def open_shared_services(
    settings: Settings, engine: AsyncEngine, observe: Callable[[str, str, float], None]
) -> AsyncIterator[BibliographicServices | None]:
    """Open the services with what all processes on a database share, if they may be asked."""
    if settings.enrich == "off":
        yield None
        return
    async with open_bibliographic_services(settings, state_of=enricher_state(engine), observe=observe) as services:
        yield services
