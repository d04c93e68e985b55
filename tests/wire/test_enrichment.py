"""The bot's process with bibliographic services on loopback: what comes after the card, and that nothing waits for it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bibliography import NOTICE_DOI, Bibliography, Work, open_bibliography
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import Process, bot

SLACK = 60
"""Seconds for a machine that is busy."""
WORK = Work(
    title="Invented measurement number 101 of tides in a teacup",
    doi="10.5555/teacup.101",
    families=("Quill", "Inkwell"),
    retracted_by=NOTICE_DOI,
)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Discord, Bibliography, Process]]:
    """A bot that asks services which hold their answers back."""
    async with open_bibliography() as works, Discord.open() as server, serve_erowid() as site:
        works.add(WORK)
        works.open.clear()
        settings = works.environment(EROWID_URL=site.url, ENRICH="on", RETRACTION_WATCH="off", LOG_FORMAT="json")
        async with bot("run", server, folder, **settings) as process:
            await server.until(server.gateway.connected, SLACK)
            yield server, works, process
        works.open.set()


async def test_what_comes_after_the_card(tmp_path: Path) -> None:
    """Cards are out while no service answers; then each is edited once, a command's answer by its own address."""
    async with running(tmp_path) as (server, works, process):
        pasted = await server.paste(link(101))
        (card,) = await server.until(lambda: server.replies(pasted), SLACK)
        given = [{"type": 3, "name": "reference", "value": "101"}]
        options = [{"type": 1, "name": "show", "options": given}]
        token = await server.interact(2, {"id": "5", "type": 1, "name": "study", "options": options})
        (answer,) = await server.until(lambda: server.interactions[token].answers, SLACK)
        await asyncio.wait_for(works.begun.wait(), SLACK)
        assert server.rest.asked("PATCH") == []
        works.open.set()
        await server.until(lambda: len(server.rest.asked("PATCH", answered=200)) == 2, SLACK)
        ways = sorted(one.path.split("/")[1] for one in server.rest.asked("PATCH"))
        assert ways == ["channels", "webhooks"]
        for shown in (server.messages[card["id"]], answer):
            assert WORK.doi in str(shown["components"])
        assert len(works.asked) <= 3
        assert {one.headers["User-Agent"].startswith("Precis/") for one in works.asked} == {True}
        assert {one.query["mailto"] for one in works.asked if "/crossref/" in one.path} == {"keeper@precis.example"}
        assert await process.stop() == 0
        assert server.rest.violations == []
        assert len(server.rest.asked("PATCH")) == 2


async def test_the_end_waits_for_no_service(tmp_path: Path) -> None:
    """A bot that is stopped gives up what it asks, within less than its seconds of grace; the card stays."""
    async with running(tmp_path) as (server, works, process):
        pasted = await server.paste(link(101))
        await server.until(lambda: server.replies(pasted), SLACK)
        await asyncio.wait_for(works.begun.wait(), SLACK)
        began = time.monotonic()
        assert await process.stop() == 0
        assert "cancelled what was not done" not in process.log
        assert time.monotonic() - began < SLACK
        assert server.rest.asked("PATCH") == []
