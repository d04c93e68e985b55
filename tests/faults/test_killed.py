"""kill -9 under load: no card twice, none lost that was promised, the database sound.

`FAULT_KILLS` says how many times (a few, in haste; so many in haste with `FAULT_HASTE`), `FAULT_SECONDS` how long the storm
goes on over several processes (60).
"""

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from bot.discord_client.limits import DiscordLimits
from tests.faults.fleet import Fleet
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid

pytestmark = pytest.mark.storm

KILLS = int(os.environ.get("FAULT_KILLS", "0"))
QUICK = {"sqlite": 4, "postgresql": 2}
HASTE = DiscordLimits(identify_gap=0.5, resume_every=1.0, ready=0.1, catch_up_pause=0.05)
"""Short waits, so that a killed process is soon followed by one that takes up its jobs and follows what changed."""
SECONDS = float(os.environ.get("FAULT_SECONDS", "60"))
SEED = int(os.environ.get("FAULT_SEED", "20261123"))
CHANGED = 0.3
"""How often a message is edited or deleted after a paste."""
KNOWN = 5
"""Records that are stored before the first kill, so that a short life is long enough to answer their links."""
READY = 1.0
"""Seconds after which most processes can answer; some are killed before."""
PROCESSES = 3
SECOND = 1.0
"""The least time between two requests at the site, in seconds."""


async def test_killed_again_and_again(discord_server: Discord, site: Erowid, tmp_path: Path, database_url: str) -> None:
    """One process, killed at random moments and started again: what it had taken up it answers, once, and follows."""
    dice = random.Random(SEED)
    waits = HASTE if not KILLS or os.environ.get("FAULT_HASTE") else None
    async with Fleet(discord_server, site, tmp_path, database_url, size=1, seed=SEED, waits=waits) as fleet:
        kills = KILLS or QUICK[database_url.partition("+")[0]]
        await fleet.start(0)
        for _ in range(KNOWN):
            await fleet.paste(new=True)
        await fleet.settle()
        await fleet.stop()
        for _ in range(kills):
            await fleet.start(0)
            await asyncio.sleep(dice.uniform(0, READY))
            for _ in range(dice.randint(1, 5)):
                await fleet.paste()
                await asyncio.sleep(dice.choice([0, 0.02, 0.05]))
                if dice.random() < CHANGED:
                    await fleet.change()
            await asyncio.sleep(dice.uniform(0, dice.choice([0.05, 0.2, 1.5])))
            await fleet.kill(0)
            if dice.random() < CHANGED:
                await fleet.change()  # nobody is there to hear of it
        await fleet.start(0)
        await fleet.paste()
        await fleet.settle()
        await fleet.stop()
        await fleet.check()
        assert len(fleet.killed_at) == kills
        assert site.least_gap() >= SECOND
        if database_url.startswith("sqlite"):
            assert (await fleet.rows("PRAGMA integrity_check"))[0][0] == "ok"


async def test_a_storm(discord_server: Discord, site: Erowid, tmp_path: Path, postgresql_url: str) -> None:
    """Several processes on one PostgreSQL, each seeing every message, killed and started again at random.

    Each paste that one of them had for a while gets one card; the site is asked once a second at most; nothing stays locked.
    """
    dice = random.Random(SEED)
    async with Fleet(discord_server, site, tmp_path, postgresql_url, size=PROCESSES, seed=SEED) as fleet:
        for place in range(PROCESSES):
            await fleet.start(place)
        until = time.monotonic() + SECONDS

        async def kill_and_start() -> None:
            while time.monotonic() < until:
                place = dice.randrange(PROCESSES)
                await fleet.kill(place)
                await asyncio.sleep(dice.uniform(0, 1))
                await fleet.start(place)
                await asyncio.sleep(dice.uniform(0, 3))

        async def paste() -> None:
            while time.monotonic() < until:
                await fleet.paste()
                await asyncio.sleep(dice.expovariate(4))
                if dice.random() < CHANGED:
                    await fleet.change()

        await asyncio.gather(kill_and_start(), paste())
        await fleet.settle()
        await fleet.stop()
        await fleet.check()
        assert site.least_gap() >= SECOND
        assert site.robots <= len(fleet.killed_at) + PROCESSES
        assert fleet.fetched_needlessly() == []
        held = await fleet.rows("SELECT * FROM pg_locks WHERE locktype = 'advisory'")
        assert held == []
