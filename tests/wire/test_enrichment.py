"""The bot's process with bibliographic services on loopback: what comes after the card, and that nothing waits for it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bibliography import NOTICE_DOI, Bibliography, Retraction, Work, open_bibliography
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.objects import Json
from tests.wire.process import Process, hasty

SLACK = 60
"""Seconds for a machine that is busy."""
SOUND = Work(
    title="Invented measurement number 101 of tides in a teacup", doi="10.5555/teacup.101", families=("Quill", "Inkwell")
)
WORK = replace(SOUND, retracted_by=NOTICE_DOI)
RED = 0xB3261E
"""The accent colour of a retracted study's card."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Discord, Bibliography, Process]]:
    """A bot that asks services which hold their answers back."""
    async with open_bibliography() as works, Discord.open() as server, serve_erowid() as site:
        works.add(WORK)
        works.open.clear()
        settings = works.environment(EROWID_URL=site.url, ENRICH="on", RETRACTION_WATCH="off", LOG_FORMAT="json")
        async with hasty(server, folder, **settings) as process:
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
        assert "cancelled unfinished work" not in process.log
        assert time.monotonic() - began < SLACK
        assert server.rest.asked("PATCH") == []


async def test_a_retraction_that_comes_later(tmp_path: Path) -> None:
    """The next day's run turns the card red; that of another study stays as it is."""
    async with open_bibliography() as works, Discord.open() as server, serve_erowid() as site:
        works.add(SOUND)
        settings = works.environment(EROWID_URL=site.url, ENRICH="on", RETRACTION_WATCH="on", LOG_FORMAT="json")
        async with hasty(server, tmp_path, **settings) as process:
            await server.until(server.gateway.connected, SLACK)
            pasted = await server.paste(f"{link(101)} {link(102)}")
            card, other = await server.until(lambda: _two(server.replies(pasted)), SLACK)
            await server.until(lambda: server.rest.asked("PATCH", answered=200), SLACK)
            await server.until(lambda: "looked for retractions" in process.log, SLACK)
            assert await process.stop() == 0
        assert RED not in _colours(server, card, other)
        with closing(sqlite3.connect(tmp_path / "precis.sqlite3")) as database, database:
            assert database.execute("DELETE FROM daily_tasks").rowcount == 1  # as if a day had passed
        works.retractions.append(Retraction("10.5555/teacup.101", datetime.now(UTC).date()))
        works.asked.clear()
        async with hasty(server, tmp_path, **settings) as process:
            await server.until(lambda: RED in _colours(server, card, other), SLACK)
            assert await process.stop() == 0
        assert _colours(server, card, other).index(RED) == 0
        assert _colours(server, other) != [RED]
        assert all("filter" in one.query for one in works.asked)
        assert server.rest.violations == []


def _two(replies: list[Json]) -> list[Json] | None:
    return replies if len(replies) == 2 else None


def _colours(server: Discord, *cards: Json) -> list[int]:
    """The accent colours of cards as they stand now."""
    return [server.messages[card["id"]]["components"][0]["accent_color"] for card in cards]
