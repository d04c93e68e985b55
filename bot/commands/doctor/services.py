"""Checks whether the bibliographic services answer: one request each, for a work that all know, within the rate limit."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.site.fetcher import Fetcher
from bot.commands.doctor.report import Check, failed, ok, warning
from bot.commands.doctor.site import shared_engine
from bot.core.errors import BadAnswer, ConfigurationError, SiteError
from bot.core.reference import Reference
from bot.settings import Settings, email_in
from bot.sites import UNPAYWALL, open_bibliographic_services, open_sites, shared_state
from bot.sources.bibliographic_services import CROSSREF, EUROPE_PMC, PUBMED, pubmed_article, pubmed_site
from bot.sources.pubmed.efetch import read_work

KNOWN_DOI = "10.1126/science.1074501"
KNOWN_PMID = "12351788"


async def service_checks(settings: Settings) -> list[Check]:
    """Send a request to each service that the bot uses, and name those that it does not use."""
    if settings.enrich == "off":
        said = "none is asked about Erowid's studies (ENRICH=off): their cards show no DOI, no retraction but Erowid's own"
        return [ok("services", said)]
    try:
        async with shared_engine(settings) as engine:
            return await _asked(settings, engine)
    except ConfigurationError as error:
        return [failed("services", "cannot be asked", error.advice, configuration=True)]


async def _asked(settings: Settings, engine: AsyncEngine | None) -> list[Check]:
    state_of = shared_state(engine) if engine is not None else lambda _: None
    async with open_bibliographic_services(settings, state_of=state_of) as services:
        crossref, unpaywall = services.crossref, services.unpaywall
        checks = [await _check(EUROPE_PMC, settings.europepmc_url, lambda: services.europe_pmc.article(KNOWN_PMID))]
        if crossref is None:
            checks.append(
                warning(
                    "services", f"{CROSSREF} is not asked, which knows of more retractions", "set CONTACT to your address"
                )
            )
        else:
            checks.append(await _check(CROSSREF, settings.crossref_url, lambda: crossref.work(KNOWN_DOI)))
        if unpaywall is None:
            checks.append(ok("services", f"{UNPAYWALL} is not asked: it wants an e-mail address in CONTACT"))
        else:
            checks.append(await _check(UNPAYWALL, settings.unpaywall_url, lambda: unpaywall.free_text(KNOWN_DOI)))
    async with open_sites([pubmed_site(settings.ncbi_url)], settings, state_of=state_of) as fetchers:
        checks.append(await _check(PUBMED, settings.ncbi_url, lambda: _article(fetchers[PUBMED], settings)))
    return checks


async def _article(pubmed: Fetcher, settings: Settings) -> None:
    """Ask PubMed itself for an article. Raises SiteError."""
    answer = await pubmed.get(pubmed_article(settings.ncbi_url, KNOWN_PMID, email_in(settings.contact)), tries=1)
    if answer.status != HTTPStatus.OK:
        raise BadAnswer(f"status {answer.status}")
    read_work(answer.body, Reference("pubmed", KNOWN_PMID))


async def _check(name: str, url: str, ask: Callable[[], Awaitable[object]]) -> Check:
    try:
        await ask()
    except SiteError as error:
        advice = "cards come without it; it may pass, else look at the network and its proxy"
        return warning("services", f"{name}, {url}, does not answer ({error})", advice)
    return ok("services", f"{name} answers, {url}")
