"""Two processes that ask bibliographic services on one database keep the services' limits together."""

import asyncio
import time
from contextlib import AsyncExitStack

from bot.adapters.database.engine import open_database
from bot.adapters.site.crossref import LIST_GAP, WORK_GAP
from bot.adapters.site.europe_pmc import GAP
from bot.core.enrichment import MatchOutcome
from bot.core.record import Name, Record
from bot.settings import Settings
from bot.sites import open_bibliographic_services, shared_state
from tests.bibliography import Work, open_bibliography

STUDIES = 4
"""For each of the two."""


def record(number: int) -> Record:
    return Record(
        None,
        f"Invented measurement number {number} of tides in a teacup",
        authors=(Name("Doe", "J. A."),),
        issued=((1988,),),
        volume=str(number),
        page="141-4",
    )


def work(number: int) -> Work:
    return Work(record(number).title, doi=f"10.5555/teacup.{number}", pmid=str(90_000_000 + number), volume=str(number))


async def test_limits_are_kept_together(postgresql_url: str) -> None:
    """All requests of both take as long as one process would: no service is asked faster for being asked by two."""
    async with open_bibliography() as works, AsyncExitStack() as opened:
        numbers = range(1, 2 * STUDIES + 1)
        known = [number for number in numbers if number % 3]
        works.add(*map(work, known))
        given = {name.lower(): value for name, value in works.environment(CONTACT="test@invented.org").items()}
        settings = Settings(_env_file=None, **given)
        enrichers = []
        for _ in range(2):
            engine = await opened.enter_async_context(open_database(postgresql_url))
            services = open_bibliographic_services(settings, state_of=shared_state(engine))
            enrichers.append((await opened.enter_async_context(services)).enricher())
        began = time.monotonic()
        asked = (enrichers[number % 2].enrich(record(number)) for number in numbers)
        found = await asyncio.gather(*asked)
        took = time.monotonic() - began
    paths = [one.path for one in works.asked]
    lists = sum(path.endswith("/crossref/works") for path in paths)
    singles = sum("/crossref/works/" in path for path in paths)
    assert took >= GAP * (works.asked_of("europepmc") - 1)
    assert took >= LIST_GAP * (lists - 1) + WORK_GAP * singles
    assert [one.outcome is MatchOutcome.MATCH for one in found] == [number in known for number in numbers]
    assert (lists, singles) == (len(numbers) - len(known), len(known))
    assert len(paths) <= 3 * len(numbers)
    assert {one.query["mailto"] for one in works.asked if "/crossref/" in one.path} == {"test@invented.org"}
