"""The page: simcord's preview of the channel, with two lines of its script mended.

simcord 3.2.1 takes any scrolling while it draws for the reader's own, and then no longer follows the conversation. On a
narrow screen each pasted link does that: the message box, grown for the link, shrinks when it is emptied, which scrolls. The
lines are replaced as the script is served; where another version has other lines, nothing is replaced.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import simcord

from bot.core.errors import ConfigurationError
from bot.demo.room import Room

_SCRIPT = "timeline.js"
_MENDED = {
    'if (!state.ready && state.scrollIntent?.policy === "target") return;': "if (!state.ready) return;",
    "ui.timeline.clientHeight <= 1 ?": "ui.timeline.clientHeight <= 240 ?",
}
"""Lines of the script as they are, and as they should be; the second takes a reader who is near the end to be at the end."""
_LOOK = 0.5
"""Seconds between two looks at the conversation."""


@asynccontextmanager
async def open_page(room: Room, port: int) -> AsyncIterator[simcord.Preview]:
    """Serve the page on a port of 127.0.0.1, 0 for any; it ends by its own menu or with the block.

    Raises ConfigurationError where the port is taken.
    """
    viewers = [room.member, room.moderator, room.onlooker]
    preview = room.env.preview(room.channel, viewers=viewers, layout="channel", port=port)
    with TemporaryDirectory(prefix="precis-page-") as folder:
        _mend(preview, Path(folder))
        async with AsyncExitStack() as opened:
            try:
                await opened.enter_async_context(preview)
            except simcord.SetupError as error:
                raise ConfigurationError(f"The page cannot be opened: {error}. Try another --port.") from error
            follower = asyncio.create_task(_follow(preview, room))
            opened.callback(follower.cancel)
            yield preview


def _mend(preview: simcord.Preview, folder: Path) -> None:
    """Have the page served with its script mended; a path with a root wins over simcord's own folder."""
    script = files("simcord.preview").joinpath("static", _SCRIPT).read_text("utf-8")
    for wrong, right in _MENDED.items():
        script = script.replace(wrong, right)
    mended = folder / _SCRIPT
    mended.write_text(script, "utf-8")
    server = preview._server  # noqa: SLF001 - simcord has no public way
    vars(server)["_STATIC_FILES"] = server._STATIC_FILES | {f"/{_SCRIPT}": str(mended)}  # noqa: SLF001


async def _follow(preview: simcord.Preview, room: Room) -> None:
    """Let a page that is opened later, or reloaded, start at the newest message: only from there does it scroll along."""
    newest = None
    while True:
        await asyncio.sleep(_LOOK)
        messages = room.channel.history(viewer=room.member)
        if messages and messages[-1].id != newest:
            with suppress(simcord.SetupError):  # something is under way on the page: look again later
                await preview.show(messages[-1])
                newest = messages[-1].id
