"""Studies of PubMed and DOIs in Discord; the services are on loopback, and all works are invented."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Services
from tests.cogs.conftest import Room
from tests.source_world import DOI, FINDING, PLAIN, PUBMED, SOUND, World, world_in

PUBMED_URL = "https://pubmed.ncbi.nlm.nih.gov/99000001/"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The services on loopback; they know one work."""
    async with world_in(tmp_path) as made:
        made.works.results.append(SOUND)
        yield made


@pytest.fixture
async def services(world: World) -> Services:
    """The real services."""
    return await world.start()


@pytest.mark.parametrize(
    ("given", "url", "name"),
    [
        (PUBMED_URL, PUBMED_URL, "PubMed 99000001 · PMC99001 · DOI 10.5555/nap.2031.7"),
        ("PMID: 99000001", PUBMED_URL, "PubMed 99000001 · PMC99001 · DOI 10.5555/nap.2031.7"),
        (
            "doi:10.5555/Nap.2031.7",
            "https://doi.org/10.5555/nap.2031.7",
            "DOI 10.5555/nap.2031.7 · PubMed 99000001 · PMC99001",
        ),
        (
            "PMC99001",
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC99001/",
            "PMC99001 · PubMed 99000001 · DOI 10.5555/nap.2031.7",
        ),
    ],
)
async def test_a_card(room: Room, world: World, given: str, url: str, name: str) -> None:
    """Any form of a work gives the card that Erowid's records get: title, finding, citation, buttons, where it is from."""
    shown = await room.alice.slash(room.channel, "study show", reference=given)
    said = str(shown.response.components)
    assert f"[{PLAIN}]({url})" in said
    assert FINDING.split(" (")[0] in said
    assert f"Quoted from the abstract · {name} · read 23 Nov 2026" in said
    assert "https://doi.org/10.5555/nap.2031.7" in said
    assert "https://europepmc.org/articles/PMC99001" in said
    assert "agree" not in said
    assert world.asked() == {"europepmc": 1}


async def test_its_buttons(room: Room, world: World) -> None:
    """The abstract and the citation, with the title that a reference manager takes."""
    shown = await room.alice.slash(room.channel, "study show", reference=str(DOI))
    abstract = await room.alice.click(shown.response, label="Abstract")
    assert f"### {PLAIN}" in str(abstract.response.components)
    cite = await room.alice.click(shown.response, label="Cite")
    assert "*" not in cite.response.content.replace("**", "")
    assert [file.filename for file in cite.response.attachments] == ["doi-10-5555-nap-2031-7.zip"]
    assert world.asked() == {"europepmc": 1}


async def test_search_and_suggestions(room: Room) -> None:
    """Words of the title find it; its title is plain in lists."""
    await room.alice.slash(room.channel, "study show", reference=str(PUBMED))
    found = await room.alice.slash(room.channel, "study search", query="somnus 5-HT2A")
    assert PLAIN in str(found.response.components)
    assert "<i>" not in str(found.response.components)


async def test_a_work_that_nobody_has(room: Room) -> None:
    """One sentence names it."""
    refused = await room.alice.slash(room.channel, "study show", reference="PMID 7")
    assert refused.response.content == "PubMed 7 was not found. Is the number right?"
    assert len(room.env.errors) == 1
