"""What the bot's log may not hold, whatever happens."""

import asyncio
import gc
import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands
from discord.http import Route

from bot.app import build_client, open_services, run_bot
from bot.discord_client.client import Precis
from bot.logs import set_up_logs
from bot.settings import Settings
from tests.wire import objects as o
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import SOON, UNPACED
from tests.wire.rest import INVALID_FORM, rate_limited
from tests.wire.test_watching import SECRET, SLACK, ask


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
        fetched = [line for line in lines if line["event"] == "site asked"]
        assert all(line["record"] for line in fetched)
        declined = [line for line in lines if line["event"] == "refused"]
        assert declined
        assert all("interaction" in line and "command" in line for line in declined)
