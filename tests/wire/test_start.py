"""How `python -m bot run` starts, refuses to start, holds on and ends: the real process, real HTTP, a real websocket."""

import asyncio
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.gateway import MESSAGE_CONTENT
from tests.wire.process import bot
from tests.wire.rest import broken

CONFIGURATION = 78


@pytest.mark.parametrize(
    ("settings", "connects", "says"),
    [
        ({"DISCORD_TOKEN": ""}, 0, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": "wrong.token.entirely"}, 0, "DISCORD_TOKEN"),
        ({"MESSAGE_CONTENT": "perhaps", "DATABASE_URL": "no"}, 0, "MESSAGE_CONTENT.*DATABASE_URL"),
        ({}, 1, "Message Content Intent.*MESSAGE_CONTENT=false"),
    ],
    ids=["no token", "a wrong token", "wrong settings", "no intent"],
)
async def test_configuration_errors(
    discord_server: Discord, tmp_path: Path, settings: dict[str, str], connects: int, says: str
) -> None:
    """What another try cannot mend ends the process with 78 and one line that says what to do."""
    discord_server.gateway.message_content = False
    async with bot("run", discord_server, tmp_path, **{"LOG_LEVEL": "ERROR"} | settings) as process:
        assert await process.exit() == CONFIGURATION
        assert len(process.log.splitlines()) == 1
        assert re.search(says, process.log)
        assert process.out == ""
    assert len(discord_server.gateway.connects) == connects


async def test_a_token_that_is_reset_while_it_runs(discord_server: Discord, tmp_path: Path) -> None:
    """Close code 4004 in the middle of a session is as final as a refused login."""
    async with bot("run", discord_server, tmp_path) as process:
        await discord_server.until(discord_server.gateway.connected)
        await discord_server.gateway.close(4004)
        assert await process.exit() == CONFIGURATION
        assert "DISCORD_TOKEN" in process.log or "token" in process.log.splitlines()[-1]


async def nobody_listens_yet(folder: Path) -> None:
    """A connect that is refused is tried again until Discord is there."""
    async with Discord.open() as gone:
        pass
    async with bot("run", gone, folder) as process:
        await gone.until(lambda: "trying again" in process.log)
        async with Discord.open(gone.port) as server:
            await server.until(server.gateway.connected)
            assert await process.stop() == 0


async def trouble_at_first(folder: Path) -> None:
    """Neither a 503 at login nor a gateway that hangs up before its first word ends the bot."""
    async with Discord.open() as server:
        server.rest.fault("GET", "/users/@me", broken(503))
        server.gateway.close_early.append(0)
        async with bot("run", server, folder) as process:
            await server.until(server.gateway.connected)
            assert process.log.count("trying again") == 2
            assert await process.stop() == 0


async def a_gateway_that_hangs_up_again_and_again(folder: Path) -> None:
    """A gateway that greets and then closes is not stormed: discord.py alone connects 700 times a second."""
    async with Discord.open() as server, bot("run", server, folder) as process:
        gateway = server.gateway
        await server.until(gateway.connected)
        gateway.close_early.append(4000)
        await gateway.close(4000)
        await server.until(lambda: len(gateway.connects) == 3 and gateway.connected(), 15)
        pauses = [after - before for before, after in pairwise(gateway.connects)]
        assert pauses[0] > 0.9
        assert pauses[1] > pauses[0]
        assert len(gateway.identifies) == 1
        assert await process.stop() == 0


async def an_invalid_session(folder: Path) -> None:
    """A session that cannot be resumed is begun anew, and pastes are answered in it."""
    async with Discord.open() as server, serve_erowid() as site, bot("run", server, folder, EROWID_URL=site.url) as process:
        await server.until(server.gateway.connected)
        await server.gateway.invalidate()
        await server.until(lambda: len(server.gateway.identifies) == 2 and server.gateway.connected(), 15)
        pasted = await server.paste(link(101))
        await server.until(lambda: server.replies(pasted))
        assert await process.stop() == 0
        assert server.gateway.resumes == []


async def test_what_may_pass(tmp_path: Path) -> None:
    """The bot outlasts what may pass, with growing pauses; four bots wait at the same time, since waiting is most of it."""
    scenes = (nobody_listens_yet, trouble_at_first, a_gateway_that_hangs_up_again_and_again, an_invalid_session)
    async with asyncio.TaskGroup() as group:
        for scene in scenes:
            folder = tmp_path / scene.__name__
            folder.mkdir()
            group.create_task(scene(folder), name=scene.__name__)


async def test_without_the_privileged_intent(discord_server: Discord, tmp_path: Path) -> None:
    """MESSAGE_CONTENT=false: links are seen in mentions and direct messages, nowhere else, and the log says so."""
    discord_server.gateway.message_content = False
    async with (
        serve_erowid() as site,
        bot("run", discord_server, tmp_path, MESSAGE_CONTENT="false", EROWID_URL=site.url) as process,
    ):
        await discord_server.until(discord_server.gateway.connected)
        assert not discord_server.gateway.identifies[0]["intents"] & MESSAGE_CONTENT
        unseen = await discord_server.paste(link(101))
        alone = await discord_server.paste(link(101), channel=o.DM)
        mentioned = await discord_server.paste(f"<@{o.APPLICATION}> {link(101)}", mentions=(o.APPLICATION,))
        await discord_server.until(lambda: discord_server.replies(alone) and discord_server.replies(mentioned))
        assert await process.stop() == 0
        assert discord_server.replies(unseen) == []
        assert "mention" in process.log
        assert "direct" in process.log


async def test_sync(discord_server: Discord, tmp_path: Path) -> None:
    """`python -m bot sync` sends commands that Discord takes, and needs no gateway; a start sends none."""
    async with bot("sync", discord_server, tmp_path) as process:
        assert await process.exit() == 0
        assert re.search(r"\d+ commands? sent", process.out)
    assert discord_server.commands["global"]
    assert discord_server.gateway.connects == []


async def test_sync_with_a_wrong_token(discord_server: Discord, tmp_path: Path) -> None:
    """The other command that needs the token refuses a wrong one in the same way."""
    async with bot("sync", discord_server, tmp_path, DISCORD_TOKEN="wrong.token.entirely") as process:
        assert await process.exit() == CONFIGURATION
        assert "DISCORD_TOKEN" in process.log
