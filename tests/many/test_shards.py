"""Shards in real processes: who identifies as what and when, and who gets which events."""

from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import link, serve_erowid
from tests.wire.process import bot

PATIENCE = 60
HOME = (o.GUILD >> 22) % 2
"""The shard of the simulated guild, of two."""


async def test_one_shard_of_two(tmp_path: Path) -> None:
    """SHARD_IDS: it identifies as that shard alone, and gets its guilds and, as shard 0, the direct messages."""
    async with Discord.open() as server, serve_erowid() as site, AsyncExitStack() as stack:
        for shard in (0, 1):
            settings = {"SHARD_COUNT": "2", "SHARD_IDS": str(shard), "EROWID_URL": site.url}
            settings["DATABASE_URL"] = f"sqlite+aiosqlite:///{tmp_path / str(shard)}.sqlite3"
            process = await stack.enter_async_context(bot("run", server, tmp_path, **settings))
            await server.until(server.gateway.connected, PATIENCE)
            pasted, direct = await server.paste(link(101)), await server.paste(link(102), channel=o.DM)
            mine, other = (pasted, direct) if shard == HOME else (direct, pasted)
            await server.until(lambda mine=mine: server.replies(mine), PATIENCE)
            assert server.replies(other) == []
            assert await process.stop() == 0
        assert [identify["shard"] for identify in server.gateway.identifies] == [[0, 2], [1, 2]]


async def test_as_many_shards_as_discord_says(tmp_path: Path) -> None:
    """SHARD_COUNT=auto: Discord says how many, and how many may identify at once."""
    async with Discord.open() as server, serve_erowid() as site:
        server.gateway.shards = server.gateway.max_concurrency = 2
        async with bot("run", server, tmp_path, SHARD_COUNT="auto", EROWID_URL=site.url) as process:
            await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
            first, second = server.gateway.identified_at
            assert second - first < 5
            pasted, direct = await server.paste(link(101)), await server.paste(link(102), channel=o.DM)
            await server.until(lambda: server.replies(pasted) and server.replies(direct), PATIENCE)
            await server.gateway.close(4000)
            await server.until(lambda: len(server.gateway.resumes) == 2, PATIENCE)
            assert await process.stop() == 0
        assert [identify["shard"] for identify in server.gateway.identifies] == [[0, 2], [1, 2]]


async def test_a_shard_that_cannot_connect_at_first(tmp_path: Path) -> None:
    """A gateway that hangs up before its first word is tried again after pauses, and the shards come up."""
    async with Discord.open() as server:
        server.gateway.close_early.append(0)
        async with bot("run", server, tmp_path, SHARD_COUNT="2", SHARD_IDS="1") as process:
            await server.until(server.gateway.connected, PATIENCE)
            failed, connected = server.gateway.connects
            assert connected - failed > 0.9
            assert len(server.gateway.identifies) == 1
            assert await process.stop() == 0


async def test_one_identify_at_a_time(tmp_path: Path, postgresql_url: str) -> None:
    """Processes that share a database identify at least five seconds apart in each bucket, and after a kill too."""
    async with Discord.open() as server, AsyncExitStack() as stack:
        settings = {"DATABASE_URL": postgresql_url, "SHARD_COUNT": "2"}
        one, two = [
            await stack.enter_async_context(bot("run", server, tmp_path, SHARD_IDS=shard, **settings)) for shard in "01"
        ]
        await server.until(lambda: len(server.gateway.identifies) == 2, PATIENCE)
        await one.kill()
        again = await stack.enter_async_context(bot("run", server, tmp_path, SHARD_IDS="0", **settings))
        await server.until(lambda: len(server.gateway.identifies) == 3, PATIENCE)
        assert min(later - sooner for sooner, later in pairwise(server.gateway.identified_at)) >= 5
        assert [await process.stop() for process in (two, again)] == [0, 0]
