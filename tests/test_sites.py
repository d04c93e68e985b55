"""The bibliographic services as the bot opens them: who is told of their requests, and of which services."""

import pytest

from bot.core.record import Name, Record
from bot.settings import Settings
from bot.sites import open_bibliographic_services
from tests.bibliography import FAULTS, Work, open_bibliography


@pytest.mark.parametrize(("fault", "first"), [(None, "200"), ("500", "500"), ("reset", "none")])
async def test_each_request_is_told(fault: str | None, first: str) -> None:
    """With the service, the status and the seconds, as /metrics counts them; a failed one is tried once more."""
    work, told = Work(), list[tuple[str, str]]()
    record = Record(
        None,
        work.title,
        authors=tuple(Name(family, "J. A.") for family in work.families),
        issued=((work.year,),),
        volume=work.volume,
        page=work.page,
    )

    def observe(service: str, status: str, seconds: float) -> None:
        assert seconds >= 0
        told.append((service, status))

    async with open_bibliography() as works:
        works.add(work)
        works.faults["europepmc"] += [FAULTS[fault]] if fault is not None else []
        given = {name.lower(): value for name, value in works.environment(CONTACT="keeper@precis.example").items()}
        settings = Settings(_env_file=None, **given)
        async with open_bibliographic_services(settings, pace=lambda _: 0.0, observe=observe) as services:
            found = await services.enricher().enrich(record)
            assert {name: fetcher.breaker for name, fetcher in services.fetchers.items()} == {
                "Europe PMC": "closed",
                "Crossref": "closed",
                "Unpaywall": "closed",
            }
    assert (found.doi, told[0]) == (work.doi.lower(), ("Europe PMC", first))
    assert ("Crossref", "200") in told
    assert len(told) == len(works.asked) <= 3
