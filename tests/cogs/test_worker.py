"""What the bot leans on in discord.py to know what is under way."""

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.adapters.monitoring.metrics import Metrics
from bot.core.channel_settings import Mode
from bot.discord_client.graceful_stop import asked_for
from tests.cogs.conftest import Room
from tests.cogs.test_resume import pending
from tests.cogs.test_watch import VIEW


async def test_messages_and_commands_are_known(room: Room) -> None:
    """While a message or command is worked on, `work` holds a task for it; afterwards none, and each was counted."""
    bot: Any = room.env.bot
    bot.meters = metrics = Metrics(version="1", discord_py="2")
    most = 0
    room.pages.gate.clear()

    async def watch() -> None:
        nonlocal most
        await room.pages.until_asked()
        most = bot.work.count
        room.pages.gate.set()

    watching = asyncio.create_task(watch())
    await room.alice.send(room.channel, "https://www.erowid.org/references/refs_view.php?ID=900001")
    await watching
    assert most >= 1
    await room.alice.slash(room.channel, "about")
    assert bot.work.count == 0
    assert metrics.messages >= 1
    (family,) = [one for one in metrics.registry.collect() if one.name == "precis_interactions"]
    assert [sample.labels for sample in family.samples] == [{"kind": "command", "name": "about", "result": "sent"}]


async def test_nothing_begins_once_it_ends(room: Room) -> None:
    """A message that comes after the end is left alone."""
    bot: Any = room.env.bot
    await bot.work.finish(0)
    await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    assert not room.pages.asked
    assert await pending(room) == []


@pytest.mark.parametrize(("mode", "cards"), [(Mode.AUTO, 1), (Mode.ASK, 0), (Mode.OFF, 0)])
async def test_a_message_that_comes_late(room: Room, mode: Mode, cards: int) -> None:
    """While the bot is ending, a message with links is left to the next process; where links are off, it is not."""
    bot: Any = room.env.bot
    await room.choose(mode=mode)
    bot.work.stopping = True
    message = await room.alice.send(room.channel, VIEW)
    assert not room.pages.asked
    assert await pending(room) == [message.id] * (mode is not Mode.OFF)
    await room.restart()
    assert len(room.cards()) == cards
    assert await pending(room) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"type": 2, "data": {"name": "about"}}, ("command", "about")),
        (
            {
                "type": 2,
                "data": {
                    "name": "study",
                    "options": [{"type": 1, "name": "show", "options": [{"type": 3, "name": "x", "value": "private"}]}],
                },
            },
            ("command", "study show"),
        ),
        ({"type": 4, "data": {"name": "study", "options": [{"type": 1, "name": "show"}]}}, ("autocomplete", "study show")),
        ({"type": 3, "data": {"custom_id": "precis:cite:7:apa"}}, ("component", "precis:cite")),
        ({"type": 5, "data": {"custom_id": "a1b2"}}, ("form", "a1b2")),
        ({"type": 9}, ("other", "")),
    ],
)
def test_what_is_asked_for(data: dict[str, Any], expected: tuple[str, str]) -> None:
    """The name is the command's with its subcommands, never what stands in an option."""
    interaction = SimpleNamespace(type=discord.enums.try_enum(discord.InteractionType, data["type"]), data=data.get("data"))
    assert asked_for(interaction) == expected


@pytest.mark.parametrize(("change", "cards"), [("edit", 0), ("delete", 0), ("nothing", 1)])
async def test_changes_that_come_late(room: Room, change: str, cards: int) -> None:
    """An edit or a deletion that comes while the bot is ending is followed by the next process."""
    bot: Any = room.env.bot
    message = await room.alice.send(room.channel, VIEW)
    bot.work.stopping = True
    if change == "edit":
        await room.alice.edit(message, "never mind")
    if change == "delete":
        await room.alice.delete(message)
    assert len(room.cards()) == 1
    await room.restart()
    assert len(room.cards()) == cards
    assert await pending(room) == []


async def test_the_loops_count_as_the_clients_work(room: Room) -> None:
    """So the end waits for what they do, and they begin nothing after it has begun."""
    bot: Any = room.env.bot
    await room.services.jobs.store.request(5, 6, room.guild.id)
    bot.work.stopping = True
    await bot.get_cog("ResumeLoop").look()
    assert await pending(room) == [5]
    bot.work.stopping = False
    await bot.get_cog("ResumeLoop").look()
    assert await pending(room) == []
