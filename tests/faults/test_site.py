"""Erowid slow and failing while many pastes wait: each is told how it stands, and the site is left its pace.

`FAULT_PASTES` says how many (`make storm`: a thousand). The limits are small ones: about a
thirtieth of the pace, of the patience and of the rests.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.adapters.site.limits import FetchLimits
from tests.faults.inside import PATIENCE, Inside, inside
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid

pytestmark = pytest.mark.storm

PACE = 0.04
LITTLE = FetchLimits(
    gap=PACE,
    patience=1.0,
    whole=3.0,
    answer=0.5,
    read=0.3,
    connect=0.3,
    pause=0.03,
    open_seconds=1.0,
    refusal_seconds=2.0,
    failures=5,
)
MANY = int(os.environ.get("FAULT_PASTES", "150"))
FIRST = 10_000
LATE = 0.5
"""Seconds by which the stand-in may see a request late, while it shares its event loop with so many pastes."""
MEGABYTES = 120
"""That so many waiting pastes may take at most, all of Discord's and Erowid's stand-ins included."""


@pytest.fixture
async def room(
    discord_server: Discord, site: Erowid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Inside]:
    async with inside(discord_server, site, tmp_path, monkeypatch, limits=LITTLE) as running:
        yield running


def slow(site: Erowid) -> None:
    site.seconds = 0.2


def too_slow(site: Erowid) -> None:
    site.seconds = 2.0


def failing(site: Erowid) -> None:
    site.status = 503


def dripping(site: Erowid) -> None:
    site.drips = True


def refusing(site: Erowid) -> None:
    site.blocks = True


def without_rules(site: Erowid) -> None:
    site.robots_status = 500


def well(site: Erowid) -> None:
    site.status = site.robots_status = 200
    site.blocks = site.drips = False
    site.seconds = 0.0


def answered(room: Inside) -> set[str]:
    """The messages that have a card or a mark."""
    cards = {
        it["message_reference"]["message_id"]
        for it in room.discord.messages.values()
        if it["author"]["id"] == str(o.APPLICATION)
    }
    return cards | {message for message, _ in room.discord.reactions}


def begun() -> int:
    """Count the tasks that are not the stand-ins' own."""
    return sum("RequestHandler" not in repr(task.get_coro()) for task in asyncio.all_tasks())


def resident() -> int:
    """Give the memory that this process takes, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.storm
@pytest.mark.parametrize("trouble", [slow, too_slow, failing, dripping, refusing, without_rules])
async def test_many_pastes_wait(room: Inside, trouble: Callable[[Erowid], None]) -> None:
    """None stays silent, none leaves a task behind; the site is asked in its pace, and gives cards again once it is well."""
    trouble(room.site)
    tasks, rss = begun(), resident()
    pastes = [await room.paste(FIRST + n, channel=o.ROOMS[n % len(o.ROOMS)]) for n in range(MANY)]
    async with asyncio.timeout(2 * PATIENCE):
        while len(answered(room)) < MANY:  # noqa: ASYNC110 - to look after each request takes too long
            await asyncio.sleep(0.1)
    await room.idle()
    assert resident() - rss < MEGABYTES << 20
    assert begun() <= tasks + 3
    assert all(len(room.discord.replies(it)) + len(room.discord.reactions_to(it)) == 1 for it in pastes)
    well(room.site)
    async with asyncio.timeout(PATIENCE):
        await recovers(room)
    in_pace(room.site.at)


def in_pace(at: list[float]) -> None:
    """No stretch of time saw more requests than its turns; a busy event loop may see some of them late."""
    for first, began in enumerate(at):
        for last in range(first + 1, len(at)):
            assert (last - first) * PACE <= at[last] - began + LATE, (first, last)


async def recovers(room: Inside) -> None:
    """Paste until a record that nobody pasted before gets its card."""
    id_ = FIRST + MANY
    while True:
        id_ += 1
        pasted = await room.paste(id_)
        await room.discord.until(lambda it=pasted: it["id"] in answered(room), PATIENCE)
        if room.discord.replies(pasted):
            return
        await asyncio.sleep(0.2)
