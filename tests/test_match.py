"""`python -m bot match`, against Europe PMC, Crossref and Unpaywall on loopback. All works are invented."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.commands.match import read_record
from bot.core.record import Name
from tests.bibliography import FAULTS, NOTICE_DOI, Bibliography, Work, line, open_bibliography

SLEEP = Work(pmcid="PMC900001")
RETRACTED = Work(
    title="Made-up neurotoxicity of an invented dose",
    doi="10.5555/dose.2",
    pmid="90000002",
    page="9-12",
    retracted_by=NOTICE_DOI,
)
NOTICE = Work(
    title=RETRACTED.title,
    doi=NOTICE_DOI,
    pmid="90000003",
    page="346",
    year=1990,
    volume="449",
    types=("Retraction of Publication",),
)
TWINS = [
    Work(title="Guideline on invented sleep", doi=f"10.5555/twin.{number}", pmid=None, page="77-80") for number in (1, 2)
]
CONTACT = "me@invented.org"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def services() -> AsyncIterator[Bibliography]:
    async with open_bibliography() as opened:
        opened.add(SLEEP, RETRACTED, NOTICE, *TWINS)
        yield opened


async def match(services: Bibliography, tmp_path: Path, lines: str, **env: str) -> tuple[int, str]:
    """Run the command, in a thread, since it has an event loop of its own."""
    file = tmp_path / "records.jsonl"
    file.write_text(lines, "utf-8")
    arguments = ["match", str(file), "--limit-per-second", "0"]
    done = await asyncio.to_thread(CliRunner().invoke, main, arguments, env=services.environment(**env))
    return done.exit_code, done.output


def rows(out: str) -> list[dict[str, Any]]:
    """Read the output; a line that is no JSON, on either stream, fails."""
    return [json.loads(line) for line in out.splitlines()]


async def test_matches_in_order(services: Bibliography, tmp_path: Path) -> None:
    """One object for each record, in order, with the promised keys; nothing else on either stream."""
    lines = [
        line("a", SLEEP),
        line("b", RETRACTED),
        line("c", TWINS[0]),
        line("d", Work(title="A work that nobody knows at all")),
        "\n",
        line("e", SLEEP, title="Effects of a made-up tryptamine", volume="446"),
    ]
    code, out = await match(services, tmp_path, "".join(lines), CONTACT=CONTACT)
    assert code == 0
    found = rows(out)
    assert found[0] == {
        "id": "a",
        "doi": "10.5555/sleep.1",
        "pmid": "90000001",
        "pmcid": "PMC900001",
        "retracted": False,
        "agree": ["title", "authors", "year", "volume", "page", "journal"],
        "differ": [],
        "reason": "title, authors, year, volume, page, journal agree",
    }
    nothing = {"doi": None, "pmid": None, "pmcid": None, "retracted": None, "agree": [], "differ": []}
    assert [(row["id"], row["doi"], row["retracted"]) for row in found[:2]] == [
        ("a", "10.5555/sleep.1", False),
        ("b", "10.5555/dose.2", True),
    ]
    assert found[2] == {"id": "c", **nothing, "reason": "2 works fit equally well"}
    assert found[3] == {"id": "d", **nothing, "reason": "no title is alike"}
    assert (found[4]["id"], found[4]["doi"]) == ("e", None)


async def test_a_good_guest(services: Bibliography, tmp_path: Path) -> None:
    """At most three requests a study; the agent says who asks, and Crossref and Unpaywall are told whom to write to."""
    works = [Work(pmid=None), Work(doi=None), Work(page="200-9"), SLEEP, RETRACTED]
    for work in works:
        services.asked.clear()
        await match(services, tmp_path, line("a", work), CONTACT=CONTACT)
        assert 1 <= len(services.asked) <= 3
        for request in services.asked:
            assert request.headers["User-Agent"].startswith("Precis/")
            assert CONTACT in request.headers["User-Agent"]
            said = {"europepmc": None, "crossref": request.query.get("mailto"), "unpaywall": request.query.get("email")}
            assert said[request.path.split("/")[1]] in {None, CONTACT}
            assert request.path.startswith("/europepmc/") or CONTACT in request.query.values()


@pytest.mark.parametrize(
    ("contact", "crossref", "unpaywall"),
    [
        ("", 0, 0),
        ("https://invented.org", 1, 0),
        ("https://invented.org/@bot", 1, 0),
        (CONTACT, 1, 1),
        (f"The bot <{CONTACT}>", 1, 1),
        (f"mailto:{CONTACT}", 1, 1),
    ],
)
async def test_who_is_asked(services: Bibliography, tmp_path: Path, contact: str, crossref: int, unpaywall: int) -> None:
    """Without a contact Europe PMC alone is asked; Unpaywall wants an e-mail address, which Crossref gets, too."""
    work = Work()
    services.works = {"europepmc": [work], "crossref": [work]}
    _, out = await match(services, tmp_path, line("a", work), CONTACT=contact)
    assert rows(out)[0]["pmid"] == "90000001"
    assert (services.asked_of("crossref"), services.asked_of("unpaywall")) == (crossref, unpaywall)
    said = {one.query[key] for one in services.asked for key in ("mailto", "email") if key in one.query}
    assert said == ({CONTACT} if unpaywall else set())


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("service", ["europepmc", "crossref"])
async def test_one_fault(services: Bibliography, tmp_path: Path, service: str, fault: str) -> None:
    """A service that fails once is asked once more; a match is found all the same."""
    services.faults[service] = [FAULTS[fault]]
    code, out = await match(services, tmp_path, line("b", RETRACTED), CONTACT=CONTACT)
    assert (code, rows(out)[0]["doi"], rows(out)[0]["retracted"]) == (0, "10.5555/dose.2", True)
    assert len(services.asked) == 3


async def test_services_that_stay_down(services: Bibliography, tmp_path: Path) -> None:
    """Each record still has its line, which says who did not answer."""
    for service in ("europepmc", "crossref"):
        services.faults[service] = [FAULTS["html"]] * 20
    lines = line("a", SLEEP) + line("b", RETRACTED)
    code, out = await match(services, tmp_path, lines, CONTACT=CONTACT)
    assert (code, [row["id"] for row in rows(out)]) == (0, ["a", "b"])
    assert all(row["reason"] == "Europe PMC and Crossref did not answer; nothing found" for row in rows(out))
    assert len(services.asked) == 6


@pytest.mark.parametrize(
    ("lines", "options", "env", "says"),
    [
        (line("a", SLEEP) + "no json\n", (), {}, "records.jsonl, line 2, is no JSON object"),
        (
            line("a", SLEEP),
            ("--limit-per-second", "0"),
            {"EUROPEPMC_URL": "https://invented.example"},
            "services on this machine",
        ),
        (line("a", SLEEP), (), {"CROSSREF_URL": "invented"}, "CROSSREF_URL"),
        (line("a", SLEEP), (), {"ENRICH": "off"}, "ENRICH is off"),
    ],
)
def test_what_cannot_be(tmp_path: Path, lines: str, options: tuple[str, ...], env: dict[str, str], says: str) -> None:
    """A file of anything else, no limit for a service elsewhere, a setting that is no address, enrichment that is off."""
    file = tmp_path / "records.jsonl"
    file.write_text(lines, "utf-8")
    done = CliRunner().invoke(main, ["match", str(file), *options], env={"CONTACT": "", **env})
    assert done.exit_code != 0
    assert says in done.output


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({}, ("", (), (), None)),
        (
            {"title": 7, "author": "Doe", "issued": {"date-parts": [[None]]}, "page": None},
            ("7", (Name(literal="Doe"),), (), None),
        ),
        (
            {
                "title": "A",
                "author": [
                    {"family": "Doe", "non-dropping-particle": "van", "given": "J.", "suffix": "Jr"},
                    {"literal": "A group"},
                ],
                "issued": {"date-parts": [[1974, 1], [1974, 3]]},
                "page": "141-4",
            },
            ("A", (Name("van Doe", "J.", "Jr"), Name(literal="A group")), ((1974, 1), (1974, 3)), "141-4"),
        ),
    ],
)
def test_csl_json_as_a_record(item: dict[str, Any], expected: tuple[object, ...]) -> None:
    """An item is read whatever it holds."""
    record = read_record(item)
    assert (record.title, record.authors, record.issued, record.page) == expected
