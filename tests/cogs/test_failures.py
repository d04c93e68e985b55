"""One sentence for every failure, to who asked alone; none where it was answered already."""

import asyncio
from typing import Any

import aiohttp
import discord
import pytest
import simcord
import yarl
from discord import app_commands

from bot.core.errors import RecordNotFound, StorageError
from cogs.discord_kit.errors import describe
from tests.cogs.conftest import Room
from tests.cogs.moderation import callbacks
from tests.invented import REFERENCE
from tests.references import erowid

SLOWER = "Discord asks the bot to slow down. Please try again in a few minutes."
NOT_TAKEN = "Discord did not take the answer. Please try again in a few minutes."
TICKET = "Something went wrong that should not have. The log has it as "


def refused(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    """What discord.py raises."""
    return kind(type("Response", (), {"status": status, "reason": "no"})(), {"code": code, "message": "secret"})


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refused(discord.Forbidden, 403, 50013), "Discord does not let the bot do that here. Moderators see by"),
        (refused(discord.NotFound, 404, 10008), "What this was about is not there any more."),
        (refused(discord.DiscordServerError, 503, 0), NOT_TAKEN),
        (refused(discord.HTTPException, 429, 0), SLOWER),
        (discord.RateLimited(70), SLOWER),
        (aiohttp.ServerDisconnectedError(), NOT_TAKEN),
        (ConnectionResetError(104, "secret"), NOT_TAKEN),
        (TimeoutError(), NOT_TAKEN),
        (StorageError("secret"), StorageError.advice),
        (refused(discord.HTTPException, 400, 50035), TICKET),
        (KeyError("secret"), TICKET),
        (app_commands.NoPrivateMessage("secret"), "You may not use this here."),
        (app_commands.CommandNotFound("secret", []), "This command has changed. Please reload Discord and try again."),
    ],
    ids=repr,
)
async def test_each_failure_has_its_sentence(room: Room, error: Exception, sentence: str) -> None:
    """Private, with nothing of the error itself; a number only for what nobody foresaw."""
    room.pages.answer = error
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    assert result.ephemeral
    assert result.response.content.startswith(sentence)
    assert "secret" not in result.response.content
    assert any(letter.isdigit() for letter in result.response.content) is (sentence is TICKET)
    assert len(room.env.errors) == 1


@pytest.mark.parametrize(("status", "code"), [(400, 40060), (404, 10062), (404, 10015), (401, 50027)])
async def test_silence_where_it_was_answered_or_is_too_late(room: Room, status: int, code: int) -> None:
    """Another click or process answered, or Discord takes no answer any more: nothing is tried again."""
    room.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    assert result.response is None
    assert len(room.env.errors) == 1
    assert room.cards() == []


@pytest.fixture
def slow(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything takes long, so that "thinking" shows."""
    room.env.bot.slow = 0
    monkeypatch.setattr(room.pages.gate, "wait", lambda: asyncio.sleep(0.05))


def alone(result: Any, room: Room) -> str:
    """What only the asker was told, where all saw "thinking"; nothing of that is left."""
    (said,) = result.followups
    assert said.ephemeral
    assert result.response is None
    assert not [one for one in room.cards() if not one.flags.ephemeral]
    return said.content


@pytest.mark.usefixtures("slow")
class TestAfterPublicThinking:
    async def test_a_failure_is_private(self, room: Room) -> None:
        """ "Thinking" goes, and only who asked sees the sentence."""
        room.pages.answer = RecordNotFound(erowid(7))
        result = await room.alice.slash(room.channel, "study show", reference="7")
        assert callbacks(room) == [{"type": 5}]
        assert alone(result, room) == "Erowid reference 7 was not found. Is the number right?"
        assert len(room.env.errors) == 1

    async def test_nothing_to_list_is_private(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        """As is every answer that is no card."""
        work = room.services.library.bibliography

        async def slowly(*args: Any, **kwargs: Any) -> Any:
            await asyncio.sleep(0.05)
            return await work(*args, **kwargs)

        monkeypatch.setattr(room.services.library, "bibliography", slowly)
        result = await room.alice.slash(room.channel, "study bibliography", public=True)
        assert alone(result, room) == "No study had a card here in the last 30 days."

    async def test_a_moderator_deleted_it(self, room: Room) -> None:
        """The sentence comes all the same, if Discord takes it."""
        room.pages.answer = RecordNotFound(erowid(7))
        room.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008)
        await room.alice.slash(room.channel, "study show", reference="7")
        posted = [one.json for one in room.env.http_requests if one.method == "POST" and "/webhooks/" in one.path]
        assert [one["content"] for one in posted] == ["Erowid reference 7 was not found. Is the number right?"]
        assert len(room.env.errors) == 1

    async def test_the_sentence_is_not_taken(self, room: Room) -> None:
        """ "Thinking" goes even so."""
        room.pages.answer = RecordNotFound(erowid(7))
        room.env.inject_error("POST", "/webhooks/*", status=403, code=50001)
        result = await room.alice.slash(room.channel, "study show", reference="7")
        assert result.response is None
        assert result.followups == []
        assert len(room.env.errors) == 1

    async def test_a_card_stays(self, room: Room) -> None:
        """What can be shown takes the place of "thinking" and is seen by all."""
        result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
        assert not result.ephemeral
        assert "On a drug" in str(result.response.components)
        assert result.followups == []

    async def test_a_private_failure_takes_the_place(self, room: Room) -> None:
        """Of "thinking" that only who asked saw."""
        room.pages.answer = RecordNotFound(erowid(7))
        result = await room.alice.slash(room.channel, "study show", reference="7", private=True)
        assert result.ephemeral
        assert result.response.content.startswith("Erowid reference 7 was not found.")
        assert result.followups == []
        assert len(room.env.errors) == 1


async def test_a_click_that_fails_says_so(room: Room) -> None:
    """As a command does."""
    shown = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    room.env.inject_error("POST", "/interactions/*/callback", status=403, code=50001)
    clicked: simcord.InteractionResult = await room.alice.click(shown.response.message, label="Cite")
    assert clicked.ephemeral
    assert clicked.response.content.startswith("Discord does not let the bot do that here.")


TOKEN_URL = "https://discord.com/api/v10/webhooks/1/aW50ZXJhY3Rpb246MTIz/messages/@original"


def echoing(url: str) -> discord.HTTPException:
    """What discord.py raises for a form that Discord does not take: it quotes the form."""
    response = type("Response", (), {"status": 400, "reason": "Bad Request", "method": "PATCH", "url": yarl.URL(url)})()
    field = {"_errors": [{"code": "X", "message": "secret"}]}
    return discord.HTTPException(response, {"code": 50035, "message": "Invalid Form Body", "errors": {"content": field}})


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (echoing(TOKEN_URL), "400 (50035) PATCH /api/v10/webhooks/1/…/messages/@original"),
        (
            echoing("https://discord.com/api/v10/channels/1/messages/2/reactions/%E2%9D%94/@me"),
            "400 (50035) PATCH /api/v10/channels/1/messages/2/reactions/…/@me",
        ),
        (refused(discord.Forbidden, 403, 50013), "403 (50013)"),
        (discord.RateLimited(70), "rate limited for 70 s"),
        (ConnectionResetError(104, "secret"), "ConnectionResetError (104)"),
        (aiohttp.ServerDisconnectedError("secret"), "ServerDisconnectedError"),
    ],
)
def test_what_the_log_says_of_an_error(error: Exception, described: str) -> None:
    """Status, code and route: no word of the request, and no token."""
    assert describe(error) == described
