"""What the doctor says of Erowid and of the bibliographic services."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.adapters.database.engine import open_database
from bot.adapters.database.tables import ServiceRow
from bot.commands.doctor.report import Level
from bot.commands.doctor.services import service_checks
from bot.commands.doctor.site import site_check
from bot.settings import Settings
from tests.bibliography import FAULTS, open_bibliography
from tests.site import BLOCKED, Reply, open_site


@pytest.mark.parametrize(
    ("reply", "level", "says"),
    [
        (Reply(404), Level.OK, "allows"),
        (Reply(200, b"User-agent: *\nDisallow: /references/", {"Content-Type": "text/plain"}), Level.FAILED, "forbids"),
        (Reply(200, BLOCKED, {"Content-Type": "text/html"}), Level.FAILED, "blocks this bot"),
        (Reply(503), Level.WARNING, "does not answer"),
    ],
)
async def test_what_erowid_says(reply: Reply, level: Level, says: str) -> None:
    """One request, with an honest User-Agent; a refusal is said, and no way round it."""
    async with open_site(lambda: 0.0) as site:
        site.set("/robots.txt", reply)
        found = await site_check(Settings(_env_file=None, erowid_url=site.url, contact="keeper@precis.example"))
    assert [asked.path for asked in site.asked] == ["/robots.txt"]
    assert re.fullmatch(r"Precis/\S+ \(\+keeper@precis\.example\)", site.asked[0].headers["User-Agent"])
    assert (found.level, says in found.found) == (level, True)


async def test_the_doctor_takes_its_turn(tmp_path: Path) -> None:
    """Of all processes that share the database one asks Erowid a second: the doctor is one of them."""
    url = f"sqlite+aiosqlite:///{tmp_path}/x"
    async with open_database(url) as engine, open_site(lambda: 0.0) as site:
        found = await site_check(Settings(_env_file=None, erowid_url=site.url, database_url=url))
        assert found.level is Level.OK
        async with engine.connect() as connection:
            assert len((await connection.execute(select(ServiceRow.name))).all()) == 1


LATE, ALL_ASKED = [Level.WARNING, *[Level.OK] * 3], ["europepmc", "crossref", "unpaywall", "ncbi"]


@pytest.mark.parametrize(
    ("enrich", "contact", "fault", "levels", "asked"),
    [
        ("on", "keeper@precis.example", None, [Level.OK] * 4, ALL_ASKED),
        ("on", "https://precis.example", None, [Level.OK] * 4, ["europepmc", "crossref", "ncbi"]),
        ("on", "", None, [Level.OK, Level.WARNING, Level.OK, Level.OK], ["europepmc", "ncbi"]),
        ("on", "keeper@precis.example", "500", LATE, ALL_ASKED),
        ("on", "keeper@precis.example", "html", LATE, ALL_ASKED),
        ("off", "keeper@precis.example", None, [Level.OK], []),
    ],
)
async def test_bibliographic_services(
    tmp_path: Path, enrich: str, contact: str, fault: str | None, levels: list[Level], asked: list[str]
) -> None:
    """One request to each service that the bot asks; one that does not answer stops nobody, and is a warning."""
    async with open_bibliography() as services:
        if fault is not None:
            services.faults["europepmc"].append(FAULTS[fault])
        urls = {name.lower(): url for name, url in services.environment().items()}
        database = f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3"
        settings = Settings(_env_file=None, database_url=database, enrich=enrich, contact=contact, **urls)
        checks = await service_checks(settings)
    assert [check.level for check in checks] == levels
    assert [request.path.split("/")[1] for request in services.asked] == asked
    assert {check.topic for check in checks} == {"services"}
