"""`python -m bot show --enrich`, against Europe PMC, Crossref and Unpaywall on loopback. All works are invented."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.bibliography import FAULTS, NOTICE_DOI, Bibliography, Work, open_bibliography
from tests.databases import new_file
from tests.invented import invented_page
from tests.site import Reply, open_site

TITLE = "On a drug that does not exist"
WORK = Work(title=TITLE, doi="10.5555/Drug.1", pmcid="PMC900001", page="141-144")
RETRACTED = Work(title=TITLE, doi="10.5555/Drug.1", retracted_by=NOTICE_DOI)
CONTACT = "me@invented.org"


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("900001.html").write_bytes(invented_page())
    new_file(Path("precis.sqlite3"))


@pytest.fixture
async def services() -> AsyncIterator[Bibliography]:
    async with open_bibliography() as opened:
        opened.add(WORK)
        yield opened


async def show(services: Bibliography, *args: str, **env: str) -> tuple[int, str, str]:
    """Run the command, in a thread, since it has an event loop of its own."""
    environment = services.environment(**{"CONTACT": CONTACT, "DATABASE_URL": "sqlite:///precis.sqlite3"} | env)
    done = await asyncio.to_thread(CliRunner().invoke, main, ["show", *args], env=environment)
    return done.exit_code, done.stdout, done.stderr


def plain(out: str) -> str:
    """The text of a panel in one line."""
    return " ".join(out.replace("│", " ").split())


async def rows(services: Bibliography, *args: str, **env: str) -> list[dict[str, Any]]:
    """Run it for JSON, all of it well."""
    code, out, err = await show(services, "--format", "json", *args, **env)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


async def test_what_services_know(services: Bibliography) -> None:
    """Under a key of its own; the record stays as its page has it, the citation has the DOI, the card its buttons."""
    (row,) = await rows(services, "--enrich", "900001.html")
    found = row["enrichment"]
    assert datetime.fromisoformat(found.pop("asked_at")).tzinfo == UTC
    assert found == {
        "outcome": "match",
        "doi": "10.5555/drug.1",
        "pmid": "90000001",
        "pmcid": "PMC900001",
        "journal": "Invented Brain Research",
        "journal_short": None,
        "issn": ["0000-0001", "0000-0002"],
        "retracted": False,
        "notices": [],
        "free_text": "https://europepmc.org/articles/PMC900001",
        "agree": ["title", "authors", "year", "volume", "page"],
        "differ": ["journal"],
        "reason": "title, authors, year, volume, page agree; journal differs",
        "failed": [],
    }
    assert "DOI" not in row["record"]
    assert row["citation"]["text"].endswith("Invented Brain Research, 447(1), 141–144. https://doi.org/10.5555/drug.1")
    said = json.dumps(row["message"], ensure_ascii=False)
    assert "https://doi.org/10.5555/drug.1" in said
    assert "PubMed 90000001 (title, authors, year, volume, page agree, not journal)" in said


async def test_a_retraction_that_the_page_does_not_know(services: Bibliography) -> None:
    """The notice is told, and the card is that of a retracted work."""
    services.works = {"europepmc": [RETRACTED], "crossref": [RETRACTED]}
    (row,) = await rows(services, "--enrich", "900001.html")
    assert (row["retracted"], row["retraction"], row["enrichment"]["retracted"]) == (True, None, True)
    assert row["enrichment"]["notices"] == [
        {"kind": "retraction", "date": "1990-02-06", "doi": NOTICE_DOI, "source": "Retraction Watch"}
    ]
    _, out, _ = await show(services, "--enrich", "900001.html", COLUMNS="100")
    assert f"Retracted · 6 Feb 1990 · according to Retraction Watch · https://doi.org/{NOTICE_DOI}" in plain(out)
    assert "12 %" not in out
    _, bibtex, _ = await show(services, "--enrich", "--format", "bibtex", "900001.html")
    assert "note = {Retracted}" in bibtex
    assert "doi = {10.5555/drug.1}" in bibtex


async def test_in_the_terminal(services: Bibliography) -> None:
    """Where the work and its free text are, and which work it is."""
    _, out, _ = await show(services, "--enrich", "900001.html", COLUMNS="100")
    said = plain(out)
    assert "DOI https://doi.org/10.5555/drug.1 Free text https://europepmc.org/articles/PMC900001" in said
    assert "PubMed 90000001 (title, authors, year, volume, page agree, not journal)" in said


async def test_nothing_is_asked_unless_asked_for(services: Bibliography) -> None:
    """Without the option no request is made, and the key is null."""
    (row,) = await rows(services, "900001.html")
    assert row["enrichment"] is None
    assert services.asked == []


@pytest.mark.parametrize(
    ("works", "outcome", "reason"),
    [
        ([], "none", "nothing found"),
        ([Work(title=TITLE, doi=f"10.5555/twin.{number}", pmid=None) for number in (1, 2)], "ambiguous", "2 works fit"),
    ],
)
async def test_no_certain_work(services: Bibliography, works: list[Work], outcome: str, reason: str) -> None:
    """The card is as without; the key says why."""
    services.works = {"europepmc": [], "crossref": works}
    (row,) = await rows(services, "--enrich", "900001.html")
    assert (row["enrichment"]["outcome"], row["enrichment"]["retracted"], row["enrichment"]["doi"]) == (outcome, None, None)
    assert reason in row["enrichment"]["reason"]
    assert "doi" not in row["citation"]["text"]


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_services_that_fail(services: Bibliography, fault: str) -> None:
    """The card stands, and a sentence says who did not answer."""
    for name in ("europepmc", "crossref"):
        services.faults[name] = [FAULTS[fault]] * 9
    code, out, err = await show(services, "--enrich", "--format", "json", "900001.html")
    assert code == 0
    assert err == "900001.html: No answer from Europe PMC and Crossref.\n"
    row = json.loads(out)
    assert (row["ok"], row["enrichment"]["failed"]) == (True, ["Europe PMC", "Crossref"])
    assert row["findings"]


async def test_live_records_are_kept_with_their_work(services: Bibliography) -> None:
    """The bot's own store is used: what was asked once is not asked again, and is shown without the option too."""
    async with open_site(time.monotonic) as site:
        site.otherwise = Reply(body=invented_page())
        (first,) = await rows(services, "--enrich", "900001", EROWID_URL=site.url)
        asked = len(services.asked)
        assert first["enrichment"]["doi"] == "10.5555/drug.1"
        assert asked > 0
        again = await rows(services, "--enrich", "900001", EROWID_URL=site.url)
        without = await rows(services, "900001", EROWID_URL=site.url)
        assert again[0]["enrichment"] == without[0]["enrichment"] == first["enrichment"]
        assert len(services.asked) == asked


async def test_where_services_may_not_be_asked(services: Bibliography) -> None:
    """ENRICH=off holds for everybody."""
    code, _, err = await show(services, "--enrich", "900001.html", ENRICH="off")
    assert code == 78
    assert "ENRICH is off" in err
    assert services.asked == []
