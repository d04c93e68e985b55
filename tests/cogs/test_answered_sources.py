"""PubMed's links and DOIs among Erowid's in the messages of a server, as moderators want them answered."""

import json
import re

import discord
import pytest

from bot.app import known_sources
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.settings import Settings
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK
from tests.invented import invented_page
from tests.references import erowid
from tests.sources.pubmed.test_europe_pmc import RESULT

ALL = known_sources(Settings(_env_file=None, contact="keeper@precis.example"))
E, E2 = LINK.format(1), LINK.format(2)
P = "https://pubmed.ncbi.nlm.nih.gov/99000001/"
C = "https://pmc.ncbi.nlm.nih.gov/articles/PMC99002/"
D = "https://doi.org/10.5555/nap.2031(3)4"
PUBLISHER = "https://onlinelibrary.wiley.com/doi/full/10.5555/nap.5"
PUBMED, DOIS = frozenset({"erowid", "pubmed"}), frozenset({"erowid", "doi"})
ALL_LINKS = frozenset({"erowid", "pubmed", "doi"})


@pytest.fixture
def sources() -> Sources:
    """All that the bot knows."""
    return ALL


@pytest.fixture(autouse=True)
def works(room: Room) -> None:
    """Each site has its works, each with its own title."""
    room.pages.answers = {erowid(1): invented_page("Study E"), erowid(2): invented_page("Study F")}
    known = {key: value for key, value in RESULT.items() if key != "commentCorrectionList"}
    for number, (reference, title, key) in enumerate(
        [
            (Reference("pubmed", "99000001"), "Study P", "pmid"),
            (Reference("pmc", "PMC99002"), "Study C", "pmcid"),
            (Reference("doi", "10.5555/nap.2031(3)4"), "Study D", "doi"),
            (Reference("doi", "10.5555/nap.5"), "Study W", "doi"),
        ]
    ):
        own = {"pmid": f"9900010{number}", "pmcid": f"PMC9910{number}", "doi": f"10.5555/own.{number}", key: reference.id}
        result = known | own | {"id": own["pmid"], "title": title}
        room.pages.answers[reference] = json.dumps({"hitCount": 1, "resultList": {"result": [result]}}).encode()


def cards(room: Room) -> list[str]:
    """The studies that stand in the channel, alone or several in one message; hidden ones with bars."""
    found = []
    for container in (part for one in room.cards() for part in one.components if isinstance(part, discord.Container)):
        said = "\n".join(part.content for part in container.children if isinstance(part, discord.TextDisplay))
        name = re.search(r"Study ([A-Z])", said)[1]
        found.append(f"||{name}||" if container.spoiler else name)
    return found


@pytest.mark.parametrize(
    ("chosen", "content", "expected"),
    [
        ({}, f"{P} {D} {C} {PUBLISHER}", []),
        ({}, f"{P} and {E}", ["E"]),
        ({}, f"doi:10.5555/nap.5 ||{E}||", ["||E||"]),
        ({}, "PMID: 99000001 erowid#1", []),
        ({"links": PUBMED}, f"{P} {D}", ["P"]),
        ({"links": PUBMED}, f"{D} {E} {C}", ["E", "C"]),
        ({"links": PUBMED}, "PMID: 99000001", []),
        ({"links": PUBMED, "shorthands": True}, "PMID: 99000001, erowid#1", ["P", "E"]),
        ({"shorthands": True}, "PMID: 99000001, erowid#1", ["E"]),
        ({"links": DOIS}, f"{P} {E} doi:10.5555/nap.5.", ["E", "W"]),
        ({"links": DOIS}, f"({D}) ||{PUBLISHER}||", ["D", "||W||"]),
        ({"links": DOIS}, f"**{D}** _{E}_", ["D", "E"]),
        ({"links": DOIS}, f"[doi]({D}), [record]({E}).", ["D", "E"]),
        ({"links": ALL_LINKS}, f"`{P}` <{D}> !{E} {C}", ["C"]),
        ({"links": ALL_LINKS}, f"```\n{P} {D}\n``` {E}", ["E"]),
        ({"links": ALL_LINKS}, f"||{P} {D}|| {E}", ["||P||", "||D||", "E"]),
        ({"links": ALL_LINKS}, f"!{P} !{D} <{E}>", []),
        ({"links": ALL_LINKS}, f"{E} {P} {D} {C} {PUBLISHER} {E2}", ["E", "P", "D", "C", "W"]),
        ({"links": ALL_LINKS, "max_cards": 2}, f"{D} {E} {P}", ["D", "E"]),
        (
            {"links": ALL_LINKS},
            "https://pubmed.ncbi.nlm.nih.gov.evil.example/99000001/ https://doi.org.example/10.5555/nap.5",
            [],
        ),
        ({"links": ALL_LINKS}, f"https://evil.example/?to={P} {E}", ["E"]),
        ({"links": ALL_LINKS}, "https://pubmed.ncbi.nlm.nih.gov/?term=99000001", []),
    ],
)
async def test_mixed_messages(room: Room, chosen, content: str, expected: list[str]) -> None:
    """Cards for the links that moderators want answered, in their order; nothing is asked or written for others."""
    await room.choose(cooldown=0, **chosen)
    message = await room.alice.send(room.channel, content)
    assert cards(room) == expected
    assert room.marks(message) == []
    assert len(room.pages.asked) == len(expected)
    assert (await room.services.jobs.store.known([message.id]) == {message.id}) is bool(expected)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("  10.5555/nap.5 ", "Study W"),
        ("doi:10.5555/NAP.5", "Study W"),
        (PUBLISHER, "Study W"),
        (f"<{D}>", "Study D"),
        ("PMID: 99000001", "Study P"),
        ("pmid 99000001", "Study P"),
        ("pubmed:99000001", "Study P"),
        ("pubmed.ncbi.nlm.nih.gov/99000001", "Study P"),
        ("PMC99002", "Study C"),
        ("erowid:1", "Study E"),
        (" erowid #1 ", "Study E"),
        ("1", "Study E"),
    ],
)
@pytest.mark.parametrize("command", ["show", "search"])
async def test_every_form(room: Room, command: str, typed: str, title: str) -> None:
    """Commands take each, whatever is switched on; in a search, a bare number may be a year."""
    option = {"show": "reference", "search": "query"}[command]
    result = await room.alice.slash(room.channel, f"study {command}", **{option: typed})
    assert (f"[{title}]" in str(result.response.components)) is (command == "show" or typed != "1")


async def test_summarise(room: Room) -> None:
    """All sources and short names at once."""
    message = await room.alice.send(room.channel, f"PMID: 99000001 <{D}> erowid#1 ||{PUBLISHER}||")
    assert room.cards() == []
    result = await room.alice.context_menu(room.channel, "Summarise studies", message)
    shown = [str(one.components) for one in (result.response, *result.followups)]
    assert [re.search(r"\[Study ([A-Z])", one)[1] for one in shown] == ["P", "D", "E", "W"]


async def test_suggestions(room: Room) -> None:
    """What is suggested is what commands take, for each source."""
    for reference in room.pages.answers:
        await room.services.cards.study(reference)
    choices = await room.alice.autocomplete(room.channel, "study search", "query", "study")
    assert len(choices) >= len({"E", "F", "P"})
    for choice in choices:
        result = await room.alice.slash(room.channel, "study search", query=choice["value"])
        assert f"[{choice['name'].rpartition(': ')[2]}]" in str(result.response.components)
