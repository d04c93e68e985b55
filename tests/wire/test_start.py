"""How `python -m bot run` starts, refuses to start, holds on and ends: the real process, real HTTP, a real websocket."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.conftest import WRONG
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import SOON, bot, hasty
from tests.wire.rest import Portal, Refusal, broken, rate_limited
from tests.wire.sessions import MESSAGE_CONTENT

CONFIGURATION = 78
PATIENCE = 60
"""Seconds that a test waits for a bot which makes pauses, on a machine that is busy."""


async def test_nobody_listens_yet(tmp_path: Path) -> None:
    """A connect that is refused is tried again until Discord is there."""
    async with Discord.open() as gone:
        pass
    async with hasty(gone, tmp_path) as process:
        await gone.until(lambda: "trying again" in process.log, PATIENCE)
        async with Discord.open(gone.port) as server:
            await server.until(server.gateway.connected, PATIENCE)
            assert await process.stop() == 0


async def test_trouble_at_first(tmp_path: Path) -> None:
    """Neither a 503 at login nor a gateway that hangs up before its first word ends the bot."""
    async with Discord.open() as server:
        server.rest.fault("GET", "/users/@me", broken(503))
        server.gateway.close_early.append(0)
        async with hasty(server, tmp_path) as process:
            await server.until(server.gateway.connected, PATIENCE)
            assert process.log.count("trying again") == 2
            assert await process.stop() == 0


async def test_a_captive_portal(tmp_path: Path) -> None:
    """Pages where JSON should be, at login and as the gateway's first word, are outlasted as trouble of the network."""
    async with Discord.open() as server:
        server.rest.fault("GET", "/users/@me", Portal(200, 0, ""), times=2)
        server.gateway.garbled = 1
        async with hasty(server, tmp_path) as process:
            await server.until(server.gateway.connected, PATIENCE)
            assert process.log.count("no JSON") == 2
            assert await process.stop() == 0


async def test_a_gateway_that_hangs_up_again_and_again(tmp_path: Path) -> None:
    """A gateway that greets and then closes is not stormed: discord.py alone connects 700 times a second."""
    async with Discord.open() as server, hasty(server, tmp_path) as process:
        gateway = server.gateway
        await server.until(gateway.connected, PATIENCE)
        gateway.close_early.append(4000)
        await gateway.close(4000)
        await server.until(lambda: len(gateway.connects) == 3 and gateway.connected(), PATIENCE)
        first, second = (after - before for before, after in pairwise(gateway.connects))
        assert first > 0.9 * SOON.pause
        assert second > 1.9 * SOON.pause  # twice as long, whatever the machine adds to either
        assert len(gateway.identifies) == 1
        assert process.log.count("closes each connection at once") == 1
        assert await process.stop() == 0


async def test_an_invalid_session(tmp_path: Path) -> None:
    """A session that cannot be resumed is begun anew, and pastes are answered in it."""
    async with (
        Discord.open() as server,
        serve_erowid() as site,
        hasty(server, tmp_path, EROWID_URL=site.url) as process,
    ):
        gateway = server.gateway
        await server.until(gateway.connected, PATIENCE)
        await gateway.invalidate()
        await server.until(lambda: len(gateway.identifies) == 2 and gateway.connected(), PATIENCE)
        pasted = await server.paste(link(101))
        await server.until(lambda: server.replies(pasted))
        assert await process.stop() == 0
        assert gateway.resumes == []


@pytest.mark.parametrize(
    ("settings", "connects", "says"),
    [
        ({"DISCORD_TOKEN": ""}, 0, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": "wrong.token.entirely"}, 0, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": "two\nlines.of.it"}, 0, "DISCORD_TOKEN.*line break"),
        ({"DISCORD_TOKEN": "na\u00efve.token.x"}, 0, "DISCORD_TOKEN.*letter"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/x"}, 0, "DATABASE_URL.*folder"),
        ({"MESSAGE_CONTENT": "perhaps", "DATABASE_URL": "no"}, 0, "MESSAGE_CONTENT.*DATABASE_URL"),
        ({}, 1, "Message Content Intent.*MESSAGE_CONTENT=false"),
    ],
    ids=["no token", "a wrong token", "two lines", "a strange letter", "no folder", "wrong settings", "no intent"],
)
async def test_configuration_errors(tmp_path: Path, settings: dict[str, str], connects: int, says: str) -> None:
    """What another try cannot mend ends the process with 78 and one line that says what to do."""
    async with Discord.open() as server:
        server.gateway.message_content = False
        async with bot("run", server, tmp_path, **{"LOG_LEVEL": "ERROR"} | settings) as process:
            assert await process.exit() == CONFIGURATION
            assert len(process.log.splitlines()) == 1
            assert re.search(says, process.log)
            assert process.out == ""
        assert len(server.gateway.connects) == connects


async def test_a_database_that_is_not_there(tmp_path: Path, postgresql: str) -> None:
    """Nor does a server get another try that lets nobody in."""
    url = make_url(postgresql).set(password=WRONG, database="nowhere").render_as_string(hide_password=False)
    async with Discord.open() as server, bot("run", server, tmp_path, LOG_LEVEL="ERROR", DATABASE_URL=url) as process:
        assert await process.exit() == CONFIGURATION
        assert re.fullmatch("The PostgreSQL server .*CREATE DATABASE.*\n", process.log)
        assert WRONG not in process.log


async def test_two_on_one_file(tmp_path: Path) -> None:
    """SQLite serves one process: a second one ends with a sentence, and one that comes after a kill runs."""
    async with Discord.open() as server:
        async with hasty(server, tmp_path) as first:
            await server.until(server.gateway.connected, PATIENCE)
            async with bot("run", server, tmp_path, LOG_LEVEL="ERROR") as second:
                assert await second.exit() == CONFIGURATION
                assert re.fullmatch("Another Precis runs .*PostgreSQL.*\n", second.log)
            async with bot("sync", server, tmp_path) as other:
                assert await other.exit() == 0
            await first.kill()
        async with hasty(server, tmp_path) as third:
            await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
            assert await third.stop() == 0


@pytest.mark.parametrize("command", ["run", "sync"])
@pytest.mark.parametrize("refusal", [Refusal(403, 0, "403: Forbidden"), Portal(403, 0, "")], ids=["JSON", "a page"])
async def test_a_login_that_is_forbidden(tmp_path: Path, command: str, refusal: Refusal) -> None:
    """403 at login is one sentence that says where to look."""
    async with Discord.open() as server:
        server.rest.fault("GET", "/users/@me", refusal)
        async with bot(command, server, tmp_path, LOG_LEVEL="ERROR") as process:
            assert await process.exit() == CONFIGURATION
            assert re.fullmatch("Discord, or .*403.*\n", process.log)


async def test_a_long_rate_limit_at_login(tmp_path: Path) -> None:
    """A 429 that asks for many minutes gets them, whether Discord or what stands before it sends the answer."""
    async with Discord.open() as server:
        server.rest.fault("GET", "/users/@me", rate_limited(1000))
        async with bot("run", server, tmp_path) as process:
            await server.until(lambda: "pause=1000" in process.log)
            assert await process.stop() == 0


async def test_a_token_that_is_reset_while_it_runs(tmp_path: Path) -> None:
    """Close code 4004 in the middle of a session is as final as a refused login."""
    async with Discord.open() as server, bot("run", server, tmp_path) as process:
        await server.until(server.gateway.connected)
        await server.gateway.close(4004)
        assert await process.exit() == CONFIGURATION
        assert "token" in process.log.splitlines()[-1]


async def test_without_the_privileged_intent(tmp_path: Path) -> None:
    """MESSAGE_CONTENT=false: links are seen in mentions and direct messages, nowhere else, and the log says so."""
    async with Discord.open() as server, serve_erowid() as site:
        server.gateway.message_content = False
        async with hasty(server, tmp_path, MESSAGE_CONTENT="false", EROWID_URL=site.url) as process:
            await server.until(server.gateway.connected)
            assert not server.gateway.identifies[0]["intents"] & MESSAGE_CONTENT
            unseen = await server.paste(link(101))
            alone = await server.paste(link(101), channel=o.DM)
            mentioned = await server.paste(f"<@{o.APPLICATION}> {link(101)}", mentions=(o.APPLICATION,))
            await server.until(lambda: server.replies(alone) and server.replies(mentioned))
            assert await process.stop() == 0
            assert server.replies(unseen) == []
            assert re.search("MESSAGE_CONTENT=false.*mention.*direct", process.log)


async def test_sync(tmp_path: Path) -> None:
    """`python -m bot sync` sends commands that Discord takes, and needs no gateway."""
    async with Discord.open() as server, bot("sync", server, tmp_path) as process:
        assert await process.exit() == 0
        sent = len(server.commands["global"])
        assert process.out.startswith(f"{sent} command")
        assert server.gateway.connects == []
        assert sent > 0


async def test_sync_with_a_wrong_token(tmp_path: Path) -> None:
    """The other command that needs the token refuses a wrong one in the same way."""
    async with Discord.open() as server, bot("sync", server, tmp_path, DISCORD_TOKEN="wrong.token.entirely") as process:
        assert await process.exit() == CONFIGURATION
        assert "DISCORD_TOKEN" in process.log


@pytest.mark.parametrize("answer", [None, Portal(200, 0, ""), broken(503)], ids=["nobody", "a page", "503"])
async def test_sync_without_discord(tmp_path: Path, answer: Refusal | None) -> None:
    """Where Discord cannot be reached, `sync` says so in one sentence; another try may help."""
    async with Discord.open() as server:
        if answer is not None:
            server.rest.fault("GET", "/users/@me", answer, times=2)
        api = "http://127.0.0.1:9/api/v10" if answer is None else server.api_url
        async with bot("sync", server, tmp_path, LOG_LEVEL="ERROR", DISCORD_API_URL=api) as process:
            assert await process.exit() == 1
            assert re.fullmatch("Discord cannot be reached.*\n", process.log)
