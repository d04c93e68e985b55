"""Whole bots as processes, with a simulated Discord: who identifies as what and when, who gets what, and who asks the site.

Most of it is waiting, so scenes play at the same time; but where moments are measured, one plays alone.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from bot.discord_client.limits import DiscordLimits
from tests.databases import new_database
from tests.many.conftest import PATIENCE, open_records
from tests.site import path_of
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import bot, hasty

pytestmark = pytest.mark.storm

HOME = (o.GUILD >> 22) % 2
"""The shard of the simulated guild, of two."""


async def one_shard_of_two(folder: Path, _database_url: str) -> None:
    """SHARD_IDS: it identifies as that shard alone, and gets its guilds and, as shard 0, the direct messages."""
    async with Discord.open() as server, serve_erowid() as site, AsyncExitStack() as stack:
        for shard in (0, 1):
            settings = {"SHARD_COUNT": "2", "SHARD_IDS": str(shard), "EROWID_URL": site.url}
            settings["DATABASE_URL"] = f"sqlite+aiosqlite:///{folder / str(shard)}.sqlite3"
            process = await stack.enter_async_context(bot("run", server, folder, **settings))
            await server.until(server.gateway.connected, PATIENCE)
            pasted, direct = await server.paste(link(101)), await server.paste(link(102), channel=o.DM)
            mine, other = (pasted, direct) if shard == HOME else (direct, pasted)
            await server.until(lambda mine=mine: server.replies(mine), PATIENCE)
            assert server.replies(other) == []
            assert await process.stop() == 0
        assert [identify["shard"] for identify in server.gateway.identifies] == [[0, 2], [1, 2]]


async def as_many_shards_as_discord_says(folder: Path, _database_url: str) -> None:
    """SHARD_COUNT=auto: Discord says how many, and how many may identify at once."""
    async with Discord.open() as server, serve_erowid() as site:
        server.gateway.shards = server.gateway.max_concurrency = 2
        async with bot("run", server, folder, SHARD_COUNT="auto", EROWID_URL=site.url) as process:
            await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
            first, second = server.gateway.identified_at
            assert second - first < 5
            pasted, direct = await server.paste(link(101)), await server.paste(link(102), channel=o.DM)
            await server.until(lambda: server.replies(pasted) and server.replies(direct), PATIENCE)
            await server.gateway.close(4000)
            await server.until(lambda: len(server.gateway.resumes) == 2, PATIENCE)
            assert await process.stop() == 0
        assert [identify["shard"] for identify in server.gateway.identifies] == [[0, 2], [1, 2]]


async def a_shard_that_cannot_connect_at_first(folder: Path, _database_url: str) -> None:
    """A gateway that hangs up before its first word is tried again after pauses, and the shards come up."""
    async with Discord.open() as server:
        server.gateway.close_early.append(0)
        async with bot("run", server, folder, SHARD_COUNT="2", SHARD_IDS="1") as process:
            await server.until(server.gateway.connected, PATIENCE)
            failed, connected = server.gateway.connects
            assert connected - failed > 0.9
            assert len(server.gateway.identifies) == 1
            assert await process.stop() == 0


async def one_identify_at_a_time(folder: Path, database_url: str) -> None:
    """Processes that share a database identify at least five seconds apart in each bucket."""
    async with Discord.open() as server, AsyncExitStack() as stack:
        settings = {"DATABASE_URL": database_url, "SHARD_COUNT": "2"}
        bots = [await stack.enter_async_context(bot("run", server, folder, SHARD_IDS=shard, **settings)) for shard in "01"]
        await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
        sooner, later = server.gateway.identified_at
        assert later - sooner >= 5
        assert [await process.stop() for process in bots] == [0, 0]


async def one_identify_after_a_kill(folder: Path, database_url: str) -> None:
    """A process identifies at least five seconds after one that was killed since, whose shard it takes."""
    async with Discord.open() as server, AsyncExitStack() as stack:
        settings = {"DATABASE_URL": database_url, "SHARD_COUNT": "2", "SHARD_IDS": "0"}
        one = await stack.enter_async_context(bot("run", server, folder, **settings))
        await server.until(lambda: server.gateway.identifies, PATIENCE)
        await one.kill()
        again = await stack.enter_async_context(bot("run", server, folder, **settings))
        await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
        sooner, later = server.gateway.identified_at
        assert later - sooner >= 5
        assert await again.stop() == 0


SCENES = [
    one_shard_of_two,
    as_many_shards_as_discord_says,
    a_shard_that_cannot_connect_at_first,
    one_identify_at_a_time,
    one_identify_after_a_kill,
]


async def test_whole_bots(tmp_path: Path, postgresql: str) -> None:
    """Each scene is a law of its own; its docstring says which."""
    async with asyncio.TaskGroup() as group:
        for scene in SCENES:
            folder = tmp_path / scene.__name__
            folder.mkdir()
            group.create_task(scene(folder, await new_database(postgresql)), name=scene.__name__)


QUICK = DiscordLimits(identify_gap=0.5, resume_every=0.5)


async def test_one_database(tmp_path: Path, postgresql_url: str) -> None:
    """Two whole bots, connected alike, one of them killed in between: one fetch for each record, a second apart.

    Both see each message, and one of them answers it.
    """
    async with Discord.open() as server, open_records() as site, AsyncExitStack() as stack:
        settings = {"DATABASE_URL": postgresql_url, "EROWID_URL": site.url}
        both = [hasty(server, tmp_path, QUICK, None, **settings) for _ in range(2)]
        bots = [await stack.enter_async_context(one) for one in both]
        await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
        pasted = [await server.paste(link(number)) for number in range(1, 4)]
        await server.until(lambda: server.replies(pasted[0]), PATIENCE)
        await bots[0].kill()
        pasted += [await server.paste(link(number)) for number in range(4, 6)]
        await server.until(lambda: all(map(server.replies, pasted)), PATIENCE)
        assert [await process.stop() for process in bots[1:]] == [0]
        assert [len(server.replies(message)) for message in pasted] == [1] * 5
        assert min(later.at - sooner.at for sooner, later in pairwise(site.asked)) >= 1
    times = Counter(asked.path for asked in site.pages)
    assert set(times) == {path_of(number) for number in range(1, 6)}
    assert sum(times.values()) <= 6  # the one that was killed may have been fetching
