"""Workarounds for connections to the gateway: pauses between connects, checks whether one is alive, closing."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.http import HTTPClient

from bot.discord_client.limits import DiscordLimits

LONGEST_PAUSE = 45.0
"""The longest pause between connects, in seconds; discord.py gives one connect 60, including the pause."""
LONGEST_SHARD_PAUSE = 60.0
"""The longest pause between two tries to connect a shard, in seconds."""

log = structlog.get_logger(__name__)


def gateway_trouble(client: discord.Client) -> str:
    """Say what is wrong with a client's connection to the gateway; "" if its heartbeat is answered.

    discord.py 2.7.1 closes a connection on which nothing arrives for a while, and shows the latency of the last answered
    heartbeat, however old. If the gateway still sends events, or if closing hangs, only the time of the last answered
    heartbeat shows the trouble, and that is private.
    """
    return _trouble(client.ws)


def shard_trouble(shard: discord.ShardInfo | None) -> str:
    """Say what is wrong with a shard's connection, as `gateway_trouble` does: `ShardInfo` only shows its latency (2.7.1)."""
    return _trouble(shard._parent.ws if shard is not None else None)  # noqa: SLF001


def _trouble(ws: Any) -> str:
    if ws is None or not ws.open:
        return "not connected"
    beat = ws._keep_alive  # noqa: SLF001
    if beat is None or time.perf_counter() - beat._last_ack > beat.heartbeat_timeout:  # noqa: SLF001
        return "no heartbeat"
    return ""


async def gateway_limits(client: discord.Client) -> tuple[int, discord.SessionStartLimits]:
    """Ask Discord how many shards it recommends, and how many sessions may begin.

    discord.py 2.7.1 gives the sessions only to a sharded client, and the number of shards to none.
    """
    shards, _url, limits = await client.http.get_bot_gateway()
    return shards, discord.SessionStartLimits(**limits)


async def first_frame(client: discord.Client) -> aiohttp.WSMessage:
    """Give the first frame that the gateway sends, and disconnect: discord.py 2.7.1 can only connect to begin a session."""
    _shards, url, _limits = await client.http.get_bot_gateway()
    socket = await client.http.ws_connect(f"{url}?v=10&encoding=json")
    try:
        return await socket.receive()
    finally:
        await socket.close()


@dataclass(slots=True)
class _Connect:
    """One connect to the gateway; `socket` is None if it failed."""

    began: float
    socket: aiohttp.ClientWebSocketResponse | None = None


class PacedHTTPClient(HTTPClient):
    """discord.py's HTTP client with pauses between connects and a chosen gateway, for which 2.7.1 has no options."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, limits: DiscordLimits, *, gateway_url: str = "", **options: Any
    ) -> None:
        super().__init__(loop, max_ratelimit_timeout=limits.rate_limit, **options)
        self._limits = limits
        self._gateway_url = gateway_url
        self._recent: list[_Connect] = []
        self._quick = 0

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connect to the gateway, after a growing pause if the last connections were closed at once.

        discord.py 2.7.1 connects again without a pause if the gateway accepts a connection and closes it.
        """
        await self._pace()
        if self._gateway_url:
            url = str(yarl.URL(self._gateway_url).update_query(yarl.URL(url).query))
        connect = _Connect(asyncio.get_running_loop().time())
        self._recent.append(connect)
        connect.socket = await super().ws_connect(url, compress=compress)
        return connect.socket

    async def _pace(self) -> None:
        now = asyncio.get_running_loop().time()
        self._recent = [connect for connect in self._recent if now - connect.began < self._limits.quick]
        lost = any(connect.socket is None or connect.socket.closed for connect in self._recent)
        self._quick = self._quick + 1 if lost else 0
        if self._quick == 2:  # noqa: PLR2004 - one may be chance
            log.warning(
                "Discord's gateway closes each connection at once; trying again after growing pauses. "
                "If this goes on, look at discordstatus.com, and at DISCORD_GATEWAY_URL if it is set"
            )
        if self._quick:
            pause = min(LONGEST_PAUSE, self._limits.pause * 2**self._quick)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter


class _OnceMore(Exception):
    """Raised where discord.py is about to connect a shard once more on its own."""


class HookedShards(discord.AutoShardedClient):
    """A client of several shards that tries a shard again after growing pauses.

    `launch_shard` of discord.py 2.7.1 calls itself recursively, after a pause that never grows.
    """

    limits: DiscordLimits

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._launching: set[int] = set()

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard, with as many tries as it takes."""
        if shard_id in self._launching:
            raise _OnceMore
        pause = self.limits.pause
        while not self.is_closed():
            self._launching.add(shard_id)
            try:
                await super().launch_shard(gateway, shard_id, initial=initial)
            except _OnceMore:
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter
                pause = min(2 * pause, LONGEST_SHARD_PAUSE)
            else:
                return
            finally:
                self._launching.discard(shard_id)


async def end_session(client: discord.Client, staying: "asyncio.Task[Any]", patience: float) -> None:
    """Close a client that stays connected in the task `staying`.

    `staying` is ended first: discord.py 2.7.1 closes a connection that it is reading with code 4000 instead of 1000. It
    waits 30 seconds for the gateway's answer to a close; here the connection is cut after `patience` seconds.
    """
    staying.cancel()
    await asyncio.wait({staying})
    closing = asyncio.create_task(client.close(), name="close")
    await asyncio.wait({closing}, timeout=patience)
    if not closing.done():
        await client.http.close()
    await closing
