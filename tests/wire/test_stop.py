"""SIGTERM and SIGINT: the real process takes no more work, finishes what is under way, and closes."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord_client.limits import DiscordLimits
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid, link, serve_erowid
from tests.wire.process import SOON, Process, bot, hasty
from tests.wire.rules import EPHEMERAL

GRACE = 10
SHORT = 0.5
"""Seconds of grace where all of them pass."""
SLACK = 60
"""Seconds for a machine that is busy."""


@asynccontextmanager
async def busy(folder: Path, waits: DiscordLimits = SOON) -> AsyncIterator[tuple[Discord, Erowid, Process, dict]]:
    """A bot that fetches a page for a message, which the site holds back."""
    async with (
        Discord.open() as server,
        serve_erowid() as site,
        hasty(server, folder, waits, EROWID_URL=site.url, LOG_FORMAT="json") as process,
    ):
        await server.until(server.gateway.connected, SLACK)
        site.open.clear()
        pasted = await server.paste(link(101))
        await server.until(lambda: 101 in site.asked or server.typing, SLACK)
        yield server, site, process, pasted


def catches_sigterm(process: Process) -> bool:
    """Whether the process has begun to listen for it (proc(5), SigCgt)."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


async def test_what_is_under_way_is_finished(tmp_path: Path) -> None:
    """The card of a page that was being fetched comes; an interaction gets one private sentence.

    A message that comes meanwhile gets no card, and that of the process that comes next.
    """
    async with busy(tmp_path) as (server, site, process, pasted):
        process.send()
        await server.until(lambda: "finishing" in process.log, SLACK)
        late = await server.paste(link(102))
        data = {"id": "5", "type": 1, "name": "about"}
        token = await server.interact(2, data)
        answers = await server.until(lambda: server.interactions[token].answers, SLACK)
        assert "restarting" in answers[0]["content"]
        assert answers[0]["flags"] & EPHEMERAL
        site.open.set()
        assert await process.exit(GRACE + SLACK) == 0
        assert len(server.replies(pasted)) == 1
        assert server.replies(late) == []
        assert server.gateway.close_codes == [1000]
        assert "cancelled" not in process.log
        async with hasty(server, tmp_path, EROWID_URL=site.url) as again:
            await server.until(lambda: server.replies(late), SLACK)
            assert await again.stop() == 0
        assert (len(server.replies(pasted)), len(server.replies(late))) == (1, 1)


async def test_what_takes_too_long_is_cancelled(tmp_path: Path) -> None:
    """A page that never comes holds the end up for the seconds of grace, and no more; they are ten."""
    assert DiscordLimits().grace == GRACE
    async with busy(tmp_path, replace(SOON, grace=SHORT)) as (server, _, process, pasted):
        began = time.monotonic()
        process.send()
        assert await process.exit(GRACE + SLACK) == 0
        assert time.monotonic() - began > 0.9 * SHORT
        assert server.replies(pasted) == []
        assert server.gateway.close_codes == [1000]
        assert "cancelled unfinished work" in process.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_at_once(tmp_path: Path, number: int) -> None:
    """It gives the code that shells give, and waits for nothing."""
    async with busy(tmp_path) as (server, _, process, _pasted):
        process.send(number)
        await server.until(lambda: "finishing" in process.log, SLACK)
        process.send(number)
        assert await process.exit(SLACK) == 128 + number  # with the grace it would be 0


async def test_while_discord_is_unreachable(tmp_path: Path) -> None:
    """A pause between two tries ends with the signal."""
    async with Discord.open() as gone:
        pass
    async with bot("run", gone, tmp_path) as process:
        await gone.until(lambda: "trying again" in process.log, SLACK)
        process.send()
        assert await process.exit(GRACE) == 0


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1, 0.3])
async def test_while_starting(tmp_path: Path, delay: float) -> None:
    """Wherever in the start the signal comes, the process ends in order."""
    async with Discord.open() as server, bot("run", server, tmp_path, LOG_LEVEL="DEBUG") as process:
        async with asyncio.timeout(SLACK):
            while not catches_sigterm(process):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
        await asyncio.sleep(delay)  # no more than a choice of the place
        process.send()
        assert await process.exit(GRACE + SLACK) == 0


async def test_the_first_line_says_what_is_on(tmp_path: Path) -> None:
    """Version, kind of database, health page, intents: as JSON, and nothing secret."""
    async with Discord.open() as server, bot("run", server, tmp_path, LOG_FORMAT="json") as process:
        await server.until(server.gateway.connected, SLACK)
        assert await process.stop() == 0
        lines = [json.loads(line) for line in process.log.splitlines()]
        (first,) = [line for line in lines if line["event"] == "starting"]
        assert (first["database"], first["health"], first["message_content"]) == ("sqlite", "off", True)
        assert str(tmp_path) not in json.dumps(first)
