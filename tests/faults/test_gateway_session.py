"""What a gateway does to a session as a whole: replays it, no longer answers it, ends it for good."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from tests.faults.inside import HURRIED, PATIENCE, Inside, inside
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid

FINAL = {
    4004: "copy it anew into DISCORD_TOKEN",
    4010: "shard",
    4011: "shards",
    4012: "version",
    4013: "intents",
    4014: "Message Content Intent",
}


@pytest.fixture
async def room(
    discord_server: Discord, site: Erowid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Inside]:
    async with inside(discord_server, site, tmp_path, monkeypatch, limits=HURRIED) as running:
        yield running


async def test_a_gateway_that_no_longer_answers_heartbeats(
    discord_server: Discord, site: Erowid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection on which nothing comes any more is given up and resumed."""
    gateway = discord_server.gateway
    gateway.heartbeat = 0.2
    async with inside(discord_server, site, tmp_path, monkeypatch, limits=HURRIED) as room:
        room.clients[-1]._connection.heartbeat_timeout = 0.6  # noqa: SLF001 - of the next connection, not 60 s
        gateway.cut()
        await discord_server.until(lambda: len(gateway.resumes) == 1, PATIENCE)
        gateway.deaf = True
        await discord_server.until(lambda: len(gateway.resumes) == 2, PATIENCE)
        gateway.deaf = False
        await room.still_answers()
        assert len(gateway.identifies) == 1


async def test_a_session_that_is_replayed_from_its_beginning(room: Inside) -> None:
    """The bot learns again of itself and its guild; a message that comes again gets no second card."""
    gateway = room.discord.gateway
    pasted = await room.paste(101)
    await room.cards(pasted)
    (session,) = gateway.sessions.values()
    assert session.events[0][0] == "READY"
    gateway.replay_from = 0
    gateway.cut()
    await room.discord.until(lambda: len(gateway.resumes) == 1 and gateway.connected(), PATIENCE)
    await room.still_answers()
    assert len(room.discord.replies(pasted)) == 1
    assert len(gateway.identifies) == 1


@pytest.mark.parametrize(("code", "says"), FINAL.items())
async def test_a_gateway_that_closes_for_good(room: Inside, code: int, says: str) -> None:
    """What another try cannot mend ends the bot with a sentence that says what it is."""
    await room.discord.gateway.close(code)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(ConfigurationError, match=says):
            await room.running
