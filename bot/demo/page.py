"""The page: simcord's preview of the room's channels, with some lines of its scripts replaced.

`bot.demo.page_scripts` has those lines. They are replaced when the scripts are served; if another version of simcord has
other lines, nothing is replaced.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import simcord

from bot.core.errors import ConfigurationError
from bot.demo.page_scripts import CHANNELS, MENDED, SUMMARISE
from bot.demo.room import Room
from bot.demo.simcord_workarounds import Plan, choose_plans, serve_files, show_channel, small_text, use_app

_LOOK = 0.5
"""Seconds between two checks whether the conversation has new messages."""


@asynccontextmanager
async def open_page(room: Room, port: int) -> AsyncIterator[simcord.Preview]:
    """Serve the page on a port of 127.0.0.1, 0 for any; its own menu or the end of the block ends it.

    Raises ConfigurationError if the port is taken.
    """
    viewers = [room.member, room.moderator, room.onlooker]
    preview = room.env.preview(room.channel, viewers=viewers, layout="channel", port=port)
    with TemporaryDirectory(prefix="precis-page-") as folder, small_text():
        _mend(preview, room, Path(folder))
        _teach(preview, room)
        async with AsyncExitStack() as opened:
            try:
                await opened.enter_async_context(preview)
            except simcord.SetupError as error:
                raise ConfigurationError(f"The page cannot be opened: {error}. Try another --port.") from error
            follower = asyncio.create_task(_follow(preview, room))
            opened.callback(follower.cancel)
            yield preview


def _mend(preview: simcord.Preview, room: Room, folder: Path) -> None:
    """Serve the page with the replaced lines in its scripts."""
    channels = [(str(channel.id), f"#{channel.name}") for channel in (room.channel, room.elsewhere)]
    for name, lines in MENDED.items():
        script = files("simcord.preview").joinpath("static", name).read_text("utf-8")
        for wrong, right in lines.items():
            script = script.replace(wrong, right.replace(CHANNELS, json.dumps(channels)))
        (folder / name).write_text(script, "utf-8")
    serve_files(preview, {name: folder / name for name in MENDED})


def _teach(preview: simcord.Preview, room: Room) -> None:
    """Add two actions to the page: changing the channel, and the bot's entry in a message's menu *Apps*."""
    channels = {str(channel.id): channel for channel in (room.channel, room.elsewhere)}

    def choose(page: Any, kind: str, body: Mapping[str, Any], plan: Plan) -> Plan:
        channel = channels.get(str(body.get("channel_id")))
        if kind == "viewer" and channel is not None:

            async def move(action: Any, cursor: int) -> Any:
                show_channel(preview, channel)
                return await plan(action, cursor)

            return move
        if kind == "set_pinned" and body.get("app") == SUMMARISE:
            return use_app(preview, page, SUMMARISE, int(body["target_id"]))
        return plan

    choose_plans(preview, choose)


async def _follow(preview: simcord.Preview, room: Room) -> None:
    """Make a page that is opened later or reloaded start at the newest message, since only there it scrolls along."""
    newest = None
    while True:
        await asyncio.sleep(_LOOK)
        messages = preview.channel.history(viewer=room.member)
        if messages and messages[-1].id != newest:
            with suppress(simcord.SetupError):  # an action is under way on the page: check again later
                await preview.show(messages[-1])
                newest = messages[-1].id
