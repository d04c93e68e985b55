"""What `bot.demo` works around in simcord: each test shows what simcord does alone, and fails once that has changed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import aiohttp
import discord
import pytest
import simcord
from discord.ext import commands

from bot.demo.page_scripts import MENDED
from bot.demo.simcord_workarounds import serve_files, show_channel, small_text


@asynccontextmanager
async def shown() -> AsyncIterator[tuple[simcord.Preview, simcord.ChannelHandle]]:
    """Show a channel with one message of a bot; gives another channel too, which is empty."""
    client = commands.Bot(command_prefix=(), help_command=None, intents=discord.Intents.default())
    env = simcord.Env(client)
    await env.start()
    try:
        guild = env.create_guild("Room")
        channel, elsewhere = guild.create_text_channel("here"), guild.create_text_channel("elsewhere")
        alice = guild.add_member(env.create_user("alice"))
        embed = discord.Embed(description="-# small")
        await client.get_partial_messageable(channel.id).send(embed=embed)
        yield env.preview(channel, viewers=[alice], layout="channel", port=0), elsewhere
    finally:
        await env.shutdown()


async def snapshot(preview: simcord.Preview) -> str:
    return json.dumps(await preview.snapshot())


@pytest.mark.parametrize(("script", "line"), [(name, line) for name, lines in MENDED.items() for line in lines])
def test_lines_of_scripts(script: str, line: str) -> None:
    """The line that is replaced stands in simcord's script, once."""
    assert files("simcord.preview").joinpath("static", script).read_text("utf-8").count(line) == 1


async def test_scripts_are_served_as_they_are(tmp_path: Path) -> None:
    """What `preview` can be told names no files; a served file is then ours."""
    (tmp_path / "app.js").write_text("// ours")
    async with shown() as (preview, _):
        serve_files(preview, {"app.js": tmp_path / "app.js"})
        async with preview, aiohttp.ClientSession() as browser:
            address = preview.url.partition("#")[0]
            async with browser.get(f"{address}app.js") as ours, browser.get(f"{address}text.js") as theirs:
                assert await ours.text() == "// ours"
                assert "renderTimestamp" in await theirs.text()


async def test_small_text_in_embeds() -> None:
    async with shown() as (preview, _), preview:
        assert '"content": "-# small' in await snapshot(preview)
        with small_text():
            drawn = await snapshot(preview)
            assert '"type": "subtext"' in drawn
            assert '"content": "-# ' not in drawn
        assert '"content": "-# small' in await snapshot(preview)


async def test_one_channel() -> None:
    """A preview has no public name that shows another channel, knows another action, or serves another file."""
    async with shown() as (preview, elsewhere), preview:
        public = {name for name in dir(simcord.Preview) if not name.startswith("_")}
        assert public == {"close", "refresh", "screenshot", "show", "snapshot", "url", "wait_closed"}
        assert "small" in await snapshot(preview)
        show_channel(preview, elsewhere)
        assert "small" not in await snapshot(preview)
