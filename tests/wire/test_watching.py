"""`/healthz` and `/metrics` of the real process, and what its log may not hold, whatever happens."""

import asyncio
import gc
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.ext import commands
from discord.http import Route
from prometheus_client.parser import text_string_to_metric_families

from bot.app import build_client, open_services, run_bot
from bot.discord_client.client import Precis
from bot.logs import set_up_logs
from bot.settings import Settings
from tests.wire import objects as o
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import SOON, UNPACED, bot, hasty
from tests.wire.rest import INVALID_FORM, rate_limited

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
            report = await seen.until(lambda status, said: status == 503 and said["parts"]["database"]["ok"])
            assert (report["status"], report["parts"]["gateway"]["state"]) == ("starting", "starting")
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


class Broken(commands.Cog):
    """Fails in every way with what somebody wrote."""

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        task = asyncio.create_task(self.fail(message))
        await asyncio.wait({task})
        del task
        try:
            raise KeyError(message.content)
        except KeyError as error:
            error.add_note(message.content)
            raise ExceptionGroup(message.content, [ValueError(message.content)]) from error

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        logging.getLogger("discord.http").debug("PATCH %s", event.data)
        logging.getLogger("discord.http").warning("PATCH /webhooks/1/interaction-77/messages: %s", TOKEN)

    async def fail(self, message: discord.Message) -> None:
        raise RuntimeError(message.content)


def options_of(command: app_commands.Command[Any, ..., Any]) -> dict[str, Any]:
    """Fill in a secret word wherever a command takes any text, and a choice where it offers some."""
    values = {
        discord.AppCommandOptionType.string: SECRET,
        discord.AppCommandOptionType.integer: 7,
        discord.AppCommandOptionType.boolean: True,
    }
    free = {one.name: values[one.type] for one in command.parameters if one.type in values}
    return free | {one.name: one.choices[-1].value for one in command.parameters if one.choices}


@pytest.mark.parametrize("form", ["console", "json"])
async def test_no_word_of_anybody_is_logged(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pastes, every command, refusals, failing fetches, raising listeners, lost tasks: at DEBUG the log says so, by IDs.

    It holds no word of a message or option, no token of the bot's, and none of an interaction's.
    """
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    clients: list[Precis] = []

    def broken(*args: Any) -> Precis:
        clients.append(client := build_client(*args))
        client.carry(Broken())
        return client

    set_up_logs("DEBUG", form, secrets=[TOKEN])  # type: ignore[arg-type]
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)  # of the other side
    async with Discord.open() as server, serve_erowid() as site:
        settings = Settings(
            _env_file=None,
            discord_token=TOKEN,
            discord_api_url=server.api_url,
            discord_gateway_url=server.gateway_url,
            database_url=f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3",
            erowid_url=site.url,
            enrich="off",
        )
        opening = partial(open_services, limits=UNPACED)
        running = asyncio.create_task(run_bot(settings, limits=SOON, opening=opening, building=broken))
        await server.until(lambda: server.gateway.connected() and clients, SLACK)
        await clients[0].wait_until_ready()
        pasted = await server.paste(f"{SECRET} {link(101)} ||{link(102)}||")
        await server.until(lambda: len(server.replies(pasted)) == 2, SLACK)
        await server.edit(pasted, f"{SECRET} again {link(101)} {link(900)}")
        server.rest.fault("POST", "/messages$", INVALID_FORM)
        await server.paste(f"{link(103)} {SECRET}")
        server.rest.fault("POST", "/callback", rate_limited(0.1))
        tokens = [
            await ask(server, *command.qualified_name.split(), **options_of(command))
            for command in clients[0].tree.walk_commands()
            if isinstance(command, app_commands.Command)
        ]
        missing = await server.paste(f"{SECRET} {link(901)}")
        await server.until(lambda: server.reactions_to(missing), SLACK)
        await server.until(lambda: all(server.interactions[token].callback for token in tokens), SLACK)
        await server.delete(pasted)
        gc.collect()  # tasks whose end nobody saw
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    written = capsys.readouterr().err
    assert "listener failed" in written
    assert "KeyError" in written
    assert "lost" in written
    assert "RuntimeError" in written
    assert "/webhooks/1/[secret]/messages: [secret]" in written
    assert str(o.GENERAL) in written
    for word in (SECRET, TOKEN, "interaction-"):
        assert word not in written
    if form == "json":
        lines = [json.loads(line) for line in written.splitlines()]
        failed = [line for line in lines if line["event"] == "listener failed"]
        assert {"message", "channel", "guild", "exception"} <= failed[0].keys()
        (sent, *_) = [line for line in lines if line["event"] == "card sent"]
        assert (sent["message"], sent["guild"]) == (int(pasted["id"]), o.GUILD)
        fetched = [line for line in lines if line["event"] == "site_asked"]
        assert all(line["record"] for line in fetched)
        declined = [line for line in lines if line["event"] == "refused"]
        assert declined
        assert all("interaction" in line and "command" in line for line in declined)
