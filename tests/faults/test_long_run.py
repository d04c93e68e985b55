"""A long run in little: nothing grows with the number of messages; and the clock may jump.

`FAULT_MESSAGES` says how many messages go by without a link (`make storm`: a hundred thousand); a twentieth have one.
"""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.app import utc_now
from tests.faults.inside import HURRIED, PATIENCE, Inside, inside
from tests.faults.test_site import begun
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid, link

pytestmark = pytest.mark.storm

MESSAGES = int(os.environ.get("FAULT_MESSAGES", "4000"))
PASTES = MESSAGES // 20
RECORDS = range(100, 120)
CONNECTIONS = 60
"""Files that connections may take which are kept open for the next request, at both their ends."""
OBJECTS = 5_000
"""That half of a run may leave more of than the other half did, whatever its length: what is kept for the last few."""
REMEMBERED = 2_000
"""Entries that a collection of the bot's own may have."""


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def largest(client: discord.Client) -> tuple[int, str]:
    """Give the size of the largest collection that a cog, or what it stands on, keeps; and where it is."""
    found, seen, waiting = (0, ""), set(), [(name, cog) for name, cog in client.cogs.items()]  # type: ignore[attr-defined]
    while waiting:
        where, it = waiting.pop()
        if id(it) in seen:
            continue
        seen.add(id(it))
        if isinstance(it, (dict, list, set, frozenset)):
            found = max(found, (len(it), where))
        elif type(it).__module__.startswith(("bot.", "cogs.")):
            slots = [name for kind in type(it).__mro__ for name in getattr(kind, "__slots__", ())]
            held: dict[str, Any] = getattr(it, "__dict__", {}) | {name: getattr(it, name, None) for name in slots}
            waiting += [(f"{where}.{name}", value) for name, value in held.items()]
    return found


async def talk(room: Inside, messages: int, pastes: int) -> None:
    """Let messages go by, with pastes among them; then wait until all of those are answered."""
    gateway, pasted = room.discord.gateway, []
    for n in range(messages):
        said = o.message(o.ROOMS[n % len(o.ROOMS)], o.ALICE, {"content": f"erowid says nothing about number {n}"})
        await gateway.dispatch("MESSAGE_CREATE", said | {"guild_id": str(o.GUILD), "member": o.member(o.ALICE)})
        if n % (messages // pastes) == 0:
            pasted.append(await room.paste(RECORDS[n % len(RECORDS)], channel=o.ROOMS[n % len(o.ROOMS)]))
        if n % 200 == 0:
            await room.cards(pasted[-1])  # in step with the bot: what waits to be read is no leak of it
    await room.idle()
    answered = {it["message_reference"]["message_id"] for it in room.discord.messages.values() if "message_reference" in it}
    assert answered == {it["id"] for it in pasted}


def tidy(room: Inside) -> None:
    """Throw away what the stand-ins keep, which a test would look at."""
    server = room.discord
    server.messages.clear()
    server.rest.requests.clear()
    for session in server.gateway.sessions.values():
        session.forget()
    room.logged.clear()
    gc.collect()


async def test_a_long_run(discord_server: Discord, site: Erowid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first half of a run neither objects, nor tasks, nor open files, nor the bot's collections grow."""
    async with inside(discord_server, site, tmp_path, monkeypatch, limits=HURRIED) as room:
        await talk(room, MESSAGES // 2, PASTES // 2)
        tidy(room)
        before = len(gc.get_objects()), begun(), open_files()
        await talk(room, MESSAGES // 2, PASTES // 2)
        tidy(room)
        grown = len(gc.get_objects()) - before[0]
        assert grown < OBJECTS, grown
        assert begun() <= before[1] + 2
        assert open_files() <= before[2] + CONNECTIONS
        assert largest(room.clients[-1])[0] <= REMEMBERED
        assert sorted(set(site.asked)) == sorted(site.asked)


class Clocks:
    """The time of day as the bot has it, which may be set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        utcnow = discord.utils.utcnow
        patch.setattr(discord.utils, "utcnow", lambda: utcnow() + self.ahead)

    def now(self) -> datetime:
        return utc_now() + self.ahead


@pytest.mark.parametrize("hours", [-48, -1, 1, 48, 24 * 400], ids=lambda hours: f"{hours:+} h")
async def test_a_clock_that_is_set(
    discord_server: Discord, site: Erowid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, hours: int
) -> None:
    """New links get cards, known messages no second one, edits are followed; the site is asked no more than is due."""
    clocks = Clocks(monkeypatch)
    async with inside(discord_server, site, tmp_path, monkeypatch, limits=HURRIED, now=clocks.now) as room:
        before = await room.paste(101)
        await room.cards(before)
        await room.idle()
        clocks.ahead = timedelta(hours=hours)
        gateway = room.discord.gateway
        gateway.replay_from = 0
        gateway.cut()
        await room.discord.until(lambda: room.alive() and len(gateway.resumes) == 1, PATIENCE)
        after = await room.paste(102)
        await room.cards(after)
        again = await room.paste(101, channel=o.OTHER)
        await room.cards(again)
        await room.idle()
        assert len(room.discord.replies(before)) == len(room.discord.replies(after)) == 1
        assert site.asked.count(101) <= (2 if hours > 24 * 30 else 1)
        assert site.asked.count(102) == 1
        clocks.ahead = timedelta()
        third = await room.paste(103)
        await room.cards(third)
        await room.discord.edit(third, link(104))
        await room.discord.until(lambda: 104 in site.asked, PATIENCE)
        await room.idle()
        assert len(room.discord.replies(third)) == 1
        await room.still_answers()


async def asleep_with_pastes(room: Inside) -> None:
    for n in range(3):
        await room.paste(110 + n, channel=o.ROOMS[n])


@pytest.mark.parametrize("meanwhile", [asleep_with_pastes])
async def test_an_event_loop_that_stood_still(
    discord_server: Discord,
    site: Erowid,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    meanwhile: Callable[[Inside], Awaitable[None]],
) -> None:
    """Where the monotonic clock leaps, as after a sleep on some systems, all that waits goes on, in its pace."""
    loop = asyncio.get_running_loop()
    time, leap = loop.time, 0.0
    async with inside(discord_server, site, tmp_path, monkeypatch) as room:  # in the pace of every day
        await meanwhile(room)
        await room.discord.until(lambda: room.site.asked, PATIENCE)
        leap = 15.0
        monkeypatch.setattr(loop, "time", lambda: time() + leap)
        await room.discord.until(lambda: len(room.site.asked) >= 3, PATIENCE)
        await room.idle()
        assert site.least_gap() >= 1.0
        await room.still_answers()
