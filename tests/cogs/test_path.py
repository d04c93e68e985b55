"""docs/architecture.md lists the files that one pasted link passes through; here one is followed."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import discord.http

from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK

ROOT = Path(__file__).parents[2]
FIRST = "cogs/cards/listener.py"
MOST_FILES, MOST_LINES = 14, 2_000
"""What a newcomer may have to read."""


@asynccontextmanager
async def passed_through() -> AsyncIterator[list[str]]:
    """Note our files whose functions are called: from the listener until nothing is left to do of what the block began."""
    files: list[str] = []
    folders = tuple(f"{ROOT / folder}/" for folder in ("bot", "cogs"))
    sent = False

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal sent
        code = frame.f_code
        sent = sent or (code.co_filename == discord.http.__file__ and code.co_name == "send_message")
        if event == "call" and code.co_filename.startswith(folders):
            file = str(Path(code.co_filename).relative_to(ROOT))
            if file not in files and (files or file == FIRST):
                files.append(file)

    before = asyncio.all_tasks()
    sys.setprofile(note)
    try:
        yield files
        async with asyncio.timeout(60):
            while begun := asyncio.all_tasks() - before:
                await asyncio.wait(begun)
    finally:
        sys.setprofile(None)
    assert sent


async def test_the_path_is_as_documented(room: Room) -> None:
    """A link to a study that was just shown elsewhere enters each file that the list names, and no other file of ours."""
    other = room.guild.create_text_channel("other")
    await room.alice.send(room.channel, LINK.format(6004))
    async with passed_through() as files:
        await room.alice.send(other, LINK.format(6004))
    assert len(room.cards(other)) == 1
    section = (
        (ROOT / "docs/architecture.md").read_text("utf-8").split("## The path of one pasted link\n")[1].split("\n## ")[0]
    )
    steps = "".join(re.findall(r"^(?:[0-9]+\.| {3}).*\n", section, re.MULTILINE))
    path, named = (set(re.findall(r"`((?:bot|cogs)/[a-z_/]+(?:\.py)?)`", part)) for part in (steps, section))
    assert {one for one in named if one.endswith(".py")} <= set(files)
    assert {file for file in files if file not in named and not named & {str(one) for one in Path(file).parents}} == set()
    lines = {file: len((ROOT / file).read_text("utf-8").splitlines()) for file in path}
    assert len(lines) <= MOST_FILES
    assert sum(lines.values()) <= MOST_LINES, lines
