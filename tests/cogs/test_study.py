import asyncio

import pytest

from bot.core.errors import RecordNotFound, Unreachable
from tests.cogs.conftest import Room
from tests.cogs.test_watch import VIEW
from tests.invented import REFERENCE
from tests.references import erowid


@pytest.mark.parametrize("reference", [REFERENCE.id, VIEW, f"<{VIEW}>", f"#{REFERENCE.id}"])
async def test_show(room: Room, reference: str) -> None:
    """A number or a link shows the card, to everyone unless it is asked for privately."""
    result = await room.alice.slash(room.channel, "study show", reference=reference)
    assert not result.ephemeral
    assert "On a drug that does not exist" in str(result.response.components)


async def test_show_privately(room: Room) -> None:
    """`private` shows it to its reader alone."""
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, private=True)
    assert result.ephemeral
    assert "On a drug that does not exist" in str(result.response.components)


@pytest.mark.parametrize(
    ("reference", "answer", "said"),
    [
        ("https://example.org/1", None, "Not a link or number of a study. Example: 6004"),
        ("0", None, "Not a link or number of a study. Example: 6004"),
        ("7", RecordNotFound(erowid(7)), "Erowid reference 7 was not found."),
        ("8", Unreachable("down"), "Erowid does not answer just now."),
    ],
)
async def test_a_failure_is_one_sentence(room: Room, reference: str, answer: Exception | None, said: str) -> None:
    """Who asked is told what happened and what to try."""
    if answer is not None:
        room.pages.answer = answer
    result = await room.alice.slash(room.channel, "study show", reference=reference)
    assert said in result.response.content
    assert result.ephemeral
    assert len(room.env.errors) == 1


async def test_what_was_not_foreseen_gets_a_ticket(room: Room) -> None:
    """The reader gets a number that the log holds too, and nothing of the error itself."""
    room.pages.answer = ZeroDivisionError("secret details")
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    shown = result.response.content
    assert len(room.env.errors) == 1
    assert "The log has it as" in shown
    assert "secret" not in shown


async def test_a_slow_record_shows_that_it_is_looked_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord gives three seconds; what takes longer is deferred, and then answered in the same place."""
    room.env.bot.slow = 0
    monkeypatch.setattr(room.pages.gate, "wait", lambda: asyncio.sleep(0.2))
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    assert [request.json for request in room.env.http_requests if request.path.endswith("/callback")] == [{"type": 5}]
    assert "On a drug that does not exist" in str(result.response.components)
