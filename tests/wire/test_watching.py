"""`/healthz` and `/metrics` of the real process."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import bot, hasty

SLACK = 60
"""Seconds for a machine that is busy."""
SECRET = "marzipan"


class Page:
    """The page of a bot."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self.url = f"http://127.0.0.1:{port}"

    async def health(self) -> tuple[int, dict[str, Any]]:
        async with self._session.get(f"{self.url}/healthz") as answer:
            return answer.status, await answer.json()

    async def until(self, wanted: Callable[[int, dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask until it says what is wanted."""
        said = None
        try:
            async with asyncio.timeout(SLACK):
                while True:
                    try:
                        said = await self.health()
                    except aiohttp.ClientConnectionError:
                        said = None  # not there yet
                    if said is not None and wanted(*said):
                        return said[1]
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(said) from None

    async def value(self, name: str, /, **labels: str) -> float | None:
        """Give the value of a series."""
        async with self._session.get(f"{self.url}/metrics") as answer:
            text = await answer.text()
        assert SECRET not in text
        return next(
            (
                sample.value
                for family in text_string_to_metric_families(text)
                for sample in family.samples
                if sample.name == name and sample.labels == labels
            ),
            None,
        )

    async def reaches(self, value: float, name: str, /, **labels: str) -> None:
        """Wait until a series has come to a value: what is counted is counted once it is done, after others saw it."""
        said = None
        try:
            async with asyncio.timeout(SLACK):
                while (said := await self.value(name, **labels)) != value:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pass
        assert (name, labels, said) == (name, labels, value)


@asynccontextmanager
async def page() -> AsyncIterator[Page]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    async with aiohttp.ClientSession() as session:
        yield Page(session, port)


async def test_pages_that_stop_being_readable(tmp_path: Path) -> None:
    """The bot stays healthy and warns; its owner hears once that they cannot be read, and once that they can again."""
    async with Discord.open() as server, serve_erowid() as site, page() as seen:
        settings = {"HEALTH_PORT": seen.url.rpartition(":")[2], "EROWID_URL": site.url}

        def told() -> list[str]:
            return [it["content"] for it in server.messages.values() if it["channel_id"] == str(o.DM)]

        site.changed = True
        async with hasty(server, tmp_path, **settings) as process:
            await seen.until(lambda status, said: status == 200)
            for number in (101, 102, 103):
                pasted = await server.paste(link(number))
                await server.until(lambda pasted=pasted: server.reactions_to(pasted))
            report = await seen.until(lambda _, said: said["status"] == "warning")
            assert report["parts"]["pages"]["state"] == "the last 3 pages of Erowid could not be read"
            assert (await seen.health())[0] == 200
            await server.until(told)
            assert process.log.count("pages can no longer be read") == 1
            assert await process.stop() == 0
        async with bot("doctor", server, tmp_path, **settings) as process:
            assert await process.exit() == 0
            assert re.search("^warning +pages +the last 3 pages of Erowid", process.out, re.MULTILINE)
        async with hasty(server, tmp_path, **settings) as process:
            report = await seen.until(lambda _, said: said["status"] == "warning")
            site.changed = False
            pasted = await server.paste(link(103))
            await server.until(lambda: server.replies(pasted))
            await seen.until(lambda _, said: said["status"] == "ok")
            await server.until(lambda: len(told()) == 2)
            assert await process.stop() == 0
        first, second = told()
        assert "no longer be read: the last 3" in first
        assert "python -m bot pages export pages.zip" in first
        assert second == "The pages of Erowid can be read again."


async def test_health_follows_the_bot(tmp_path: Path) -> None:
    """503 while Discord is not there, 200 once it is, 503 when the connection is lost for good."""
    async with Discord.open() as gone:
        pass
    async with page() as seen:
        port = seen.url.rpartition(":")[2]
        async with hasty(gone, tmp_path, HEALTH_PORT=port) as process:
            report = await seen.until(  # which is "stopping" at the end of each try
                lambda status, said: status == 503 and said["status"] == "starting" and said["parts"]["database"]["ok"]
            )
            assert report["parts"]["gateway"]["state"] == "starting"
            async with Discord.open(gone.port):
                await seen.until(lambda status, said: status == 200 and said["status"] == "ok")
                assert await seen.value("precis_gateway_connected", shard="0") == 1
            report = await seen.until(lambda status, said: status == 503)
            assert report["parts"]["gateway"]["state"] == "not connected"
            assert report["parts"]["database"]["ok"]
            assert await seen.value("precis_gateway_connected", shard="0") == 0
            assert await process.stop() == 0


async def test_metrics_follow_the_bot(tmp_path: Path) -> None:
    """Each kind of work is counted where it is done, once."""
    async with page() as seen, Discord.open() as server, serve_erowid() as site:
        port = seen.url.rpartition(":")[2]
        async with hasty(server, tmp_path, EROWID_URL=site.url, HEALTH_PORT=port) as process:
            await seen.until(lambda status, _: status == 200)
            await server.paste(f"no link, but {SECRET}")
            first = await server.paste(f"{SECRET} {link(101)}")
            await server.until(lambda: server.replies(first), SLACK)
            await seen.reaches(1, "precis_cards_total", result="sent")  # it is remembered by then
            second = await server.paste(link(101))
            await server.until(lambda: server.replies(second), SLACK)
            unknown = await server.paste(link(900))
            await server.until(lambda: server.reactions_to(unknown), SLACK)
            shown = await ask(server, "study", "show", reference="101")
            refused = await ask(server, "study", "show", reference="101", style=SECRET)
            await server.until(lambda: server.interactions[shown].answers and server.interactions[refused].answers, SLACK)
            wanted = [
                ("precis_links_total", {}, 3),
                ("precis_cards_total", {"result": "sent"}, 1),
                ("precis_cards_total", {"result": "pointer"}, 1),
                ("precis_cards_total", {"result": "not_found"}, 1),
                ("precis_lookups_total", {"found": "miss"}, 2),
                ("precis_lookups_total", {"found": "hit"}, 2),
                ("precis_site_request_seconds_count", {"status": "200"}, 2),
                ("precis_site_request_seconds_count", {"status": "404"}, 1),
                ("precis_interactions_total", {"kind": "command", "name": "study show", "result": "sent"}, 1),
                ("precis_interactions_total", {"kind": "command", "name": "study show", "result": "declined"}, 1),
                ("precis_interaction_seconds_count", {"kind": "command", "name": "study show"}, 2),
                ("precis_gateway_events_total", {"shard": "0", "event": "connected"}, 1),
                ("precis_site_breaker", {"state": "closed"}, 1),
                ("precis_site_waiting", {}, 0),
                ("precis_guilds", {}, 1),
            ]
            for name, labels, value in wanted:
                await seen.reaches(value, name, **labels)
            # Four that people wrote, and the bot's own.
            assert await seen.value("precis_messages_total") >= 6
            assert await process.stop() == 0


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """One sentence and exit code 78."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with Discord.open() as server, bot("run", server, tmp_path, HEALTH_PORT=port, LOG_LEVEL="ERROR") as process:
            assert await process.exit() == 78
            (line,) = process.log.splitlines()
            assert f"127.0.0.1 port {port}" in line


async def ask(server: Discord, name: str, *path: str, **options: Any) -> str:
    """Let Alice use a command; gives the interaction's token."""
    kinds = {str: 3, int: 4, bool: 5}
    given = [{"name": key, "type": kinds[type(value)], "value": value} for key, value in options.items()]
    for part in reversed(path):
        given = [{"name": part, "type": 1, "options": given}]
    return await server.interact(2, {"id": "5", "type": 1, "name": name, "options": given})
