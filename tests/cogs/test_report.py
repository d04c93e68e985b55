"""*This card is wrong*: what the host learns of it, and what not."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from structlog.testing import capture_logs

from bot.app import build_client
from bot.core.errors import ButtonExpired, TooManyReports
from bot.discord_client.client import Precis
from bot.logs import set_up_logs
from bot.settings import Settings
from bot.use_cases import Services
from cogs.cards.report import MOST, REPORT_FORM, WrongPart
from tests.cogs.conftest import NOW, RARE, Room
from tests.cogs.test_custom_ids import click
from tests.cogs.test_watch import VIEW
from tests.invented import REFERENCE, invented_page

SECRET = "nobody's business"


@pytest.fixture
def clock() -> list[datetime]:
    """The time of the bot, which a test can set."""
    return [NOW]


@pytest.fixture
def simcord_bot(services: Services, clock: list[datetime]) -> Precis:
    """The bot on that clock."""
    return build_client(replace(services, now=lambda: clock[0]), Settings(_env_file=None), **RARE)


@pytest.fixture
async def card(room: Room) -> discord.Message:
    """A card that answers Alice."""
    room.pages.answer = invented_page("On a drug that does not exist", "RESULTS: It worked.", "Word " * 2_000)
    await room.alice.send(room.channel, f"{SECRET} {VIEW}")
    (sent,) = room.cards()
    return sent


async def form(someone: simcord.MemberActor, card: discord.Message) -> simcord.InteractionResult:
    """Open the abstract, then the form under it."""
    abstract = await someone.click(card, label="Abstract")
    return await someone.click(abstract.response.message, label="This card is wrong")


async def report(
    someone: simcord.MemberActor, card: discord.Message, part: WrongPart
) -> tuple[str, list[Mapping[str, Any]]]:
    """Report a card; gives the answer, and what is logged."""
    asked = await form(someone, card)
    with capture_logs() as log:
        answer = await someone.submit_modal(asked, {"part": [part.value]})
    assert answer.ephemeral
    return answer.response.content, [line for line in log if line["event"] == "card reported"]


@pytest.mark.parametrize("part", list(WrongPart))
async def test_the_host_learns_study_and_part_alone(room: Room, card: discord.Message, part: WrongPart) -> None:
    """One line, with nothing of the message, the place or the person; the person is thanked privately."""
    said, logged = await report(room.alice, card, part)
    assert said.startswith("Thank you.")
    assert logged == [
        {"event": "card reported", "log_level": "warning", "record": str(REFERENCE), "field": part.value},
    ]
    assert len(room.cards()) == 1


async def test_the_line_says_nothing_of_the_place(
    room: Room, card: discord.Message, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other lines about an interaction have its IDs; this one has none, as it is written in the end."""
    asked = await form(room.alice, card)
    set_up_logs("DEBUG", "json")
    await room.alice.submit_modal(asked, {"part": ["date"]})
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "card reported" in line]
    assert json.loads(line).keys() == {"record", "field", "event", "level", "logger", "timestamp"}
    for unsaid in (SECRET, "alice", *map(str, (room.alice.id, room.channel.id, room.guild.id, card.id))):
        assert unsaid not in line


async def test_the_form_is_small(room: Room, card: discord.Message) -> None:
    """One menu with each part, and on every page of the abstract the button beside those that turn it."""
    abstract = await room.alice.click(card, label="Abstract")
    following = await room.alice.click(abstract.response.message, label="Next")
    asked = await room.alice.click(following.response.message, label="This card is wrong")
    assert asked.modal is not None
    assert [option["value"] for option in asked.modal["components"][0]["component"]["options"]] == list(WrongPart)


async def test_a_few_a_day(room: Room, card: discord.Message, clock: list[datetime]) -> None:
    """Who reported enough is told so before there is a form, and may report again after a day; others may at once."""
    other = room.guild.add_member(room.env.create_user("other"))
    late = await form(room.alice, card)
    for _ in range(MOST):
        said, logged = await report(room.alice, card, WrongPart.TITLE)
        assert (said.startswith("Thank you."), len(logged)) == (True, 1)
    refused = await form(room.alice, card)
    assert (refused.ephemeral, refused.modal, refused.response.content) == (True, None, TooManyReports.advice)
    with capture_logs() as log:
        too_late = await room.alice.submit_modal(late, {"part": ["title"]})
    assert too_late.response.content == TooManyReports.advice
    assert not [line for line in log if line["event"] == "card reported"]
    said, logged = await report(other, card, WrongPart.TITLE)
    assert (said.startswith("Thank you."), len(logged)) == (True, 1)
    clock[0] += timedelta(hours=23)
    refused = await form(room.alice, card)
    assert refused.response.content == TooManyReports.advice
    clock[0] += timedelta(hours=1)
    said, logged = await report(room.alice, card, WrongPart.DATE)
    assert (said.startswith("Thank you."), len(logged)) == (True, 1)


@pytest.mark.parametrize("part", [["spelling"], [], ["title", "date"]])
async def test_what_the_form_does_not_offer(room: Room, part: list[str]) -> None:
    """Only one of the parts is taken, whatever Discord passes on; so nothing that a person wrote can reach the log."""
    menu = {"type": 3, "custom_id": "part", "values": part}
    data = {"custom_id": REPORT_FORM(REFERENCE), "components": [{"type": 18, "component": menu}]}
    with capture_logs() as log:
        answer = await click(room, room.alice, data, kind=5)
    assert answer["content"] == ButtonExpired.advice
    assert not [line for line in log if line["event"] == "card reported"]


async def test_in_german(room: Room, card: discord.Message, asked: dict[str, Any]) -> None:
    """Button, form and thanks."""
    asked["locale"] = "de"
    abstract = await room.alice.click(card, label="Abstract")
    opened = await room.alice.click(abstract.response.message, label="Diese Karte stimmt nicht")
    assert opened.modal is not None
    options = opened.modal["components"][0]["component"]["options"]
    assert [option["label"] for option in options][-2:] == ["Zitat", "Etwas anderes"]
    answer = await room.alice.submit_modal(opened, {"part": ["other"]})
    assert answer.response.content.startswith("Danke.")
