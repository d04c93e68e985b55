"""What `workarounds.gateway` works around: each test shows the fault in discord.py as it is, and what ours does instead.

A test that fails with another version of discord.py says that a workaround can go, or has to be looked at.
"""

import asyncio
import errno
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient

from bot.discord_client.workarounds.gateway import (
    end_session,
    first_frame,
    gateway_limits,
    gateway_trouble,
    shard_trouble,
)
from tests.discord_client.clients import Ours, OurShards, Plain, PlainShards, connected
from tests.wire.discord_server import TOKEN, Discord


def public(of: object) -> set[str]:
    return {name for name in dir(of) if not name.startswith("_")}


async def test_unanswered_heartbeats_show_nowhere(server: Discord) -> None:
    """The latency stays that of the last heartbeat that was answered; `trouble` knows better."""
    server.gateway.heartbeat = 0.05
    async with connected(Plain(server)) as client:
        await server.until(lambda: client.latency < float("inf"))
        server.gateway.deaf = True
        await asyncio.gather(*server.gateway.acks)
        seen = []
        for _ in range(2):
            await server.until(iter([False] * 3 + [True]).__next__)  # asked after each payload that comes: three heartbeats
            seen.append((client.latency, client.is_ready(), client.is_closed()))
        assert seen == [(client.latency, True, False)] * 2
        client.ws._keep_alive.heartbeat_timeout = 0  # as if that many seconds had gone by
        assert gateway_trouble(client) == "no heartbeat"


async def test_trouble_with_one_connection(server: Discord) -> None:
    async with connected(Plain(server)) as client:
        assert gateway_trouble(client) == ""
    assert gateway_trouble(client) == "not connected"


async def test_trouble_with_a_shard(server: Discord) -> None:
    """What discord.py shows of a shard: nothing that tells of heartbeats beside the latency of the last answered one."""
    async with connected(PlainShards(server, shard_count=2)) as client:
        shards = client.shards
        assert [shard_trouble(shard) for shard in (shards[0], shards[1], client.get_shard(2))] == ["", "", "not connected"]
        client._AutoShardedClient__shards[1].ws._keep_alive.heartbeat_timeout = 0
        assert [shard_trouble(shard) for shard in shards.values()] == ["", "no heartbeat"]
        shown = {"connect", "disconnect", "id", "is_closed", "is_ws_ratelimited", "latency", "reconnect"}
        assert public(shards[0]) == shown | {"shard_count"}
        assert not shards[1].is_closed()


async def test_limits_of_sessions(server: Discord) -> None:
    """Only a sharded client can ask, and it is not told how many shards Discord recommends."""
    server.gateway.shards = 3
    assert not hasattr(discord.Client, "fetch_session_start_limits")
    assert public(discord.SessionStartLimits) == {"total", "remaining", "reset_after", "max_concurrency"}
    async with connected(Plain(server)) as client:
        shards, limits = await gateway_limits(client)
        assert (shards, limits.total, limits.remaining) == (3, 1000, 999)


async def test_the_first_frame(server: Discord) -> None:
    """No public name of a client connects without a session; more than the list of such names cannot be shown."""
    words = ("gateway", "socket", "ws_", "connect")
    assert {name for name in public(discord.Client) if any(word in name for word in words)} == {
        "connect",
        "is_ws_ratelimited",
    }
    async with Plain(server) as client:
        await client.login(TOKEN)
        frame = await first_frame(client)
        assert (frame.type, frame.json()["op"]) == (aiohttp.WSMsgType.TEXT, 10)
    assert server.gateway.identifies == []


async def test_a_gateway_that_closes_at_once(server: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py connects seven times without a pause. `tests.wire.test_start` shows that ours makes growing ones."""
    server.gateway.close_early += [4000] * 6
    pauses: list[float] = []
    monkeypatch.setattr(discord.client, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": pauses.append}))
    async with connected(Plain(server)):
        assert len(server.gateway.connects) > 6
        assert pauses == []


def no_pause() -> SimpleNamespace:
    return SimpleNamespace(delay=lambda: 0.0)


@pytest.mark.parametrize(("client", "raised"), [(Plain, AttributeError), (Ours, ConnectionError)])
async def test_a_first_connect_that_fails(
    client: Callable[..., Any], raised: type[Exception], server: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py wants to resume a session that never was; to ours, the network failed."""

    async def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionResetError(errno.ECONNRESET, "")

    monkeypatch.setattr(HTTPClient, "ws_connect", refuse)
    monkeypatch.setattr(discord.client, "ExponentialBackoff", no_pause)
    async with client(server) as connecting:
        with pytest.raises(raised) as failed:
            await connecting.connect()
    assert failed.type is raised


@pytest.mark.parametrize(
    ("frame", "raised"), [("<html>", ValueError), (b"not compressed", zlib.error), ("[]", AttributeError)]
)
async def test_a_frame_that_is_nonsense(frame: str | bytes, raised: type[Exception], server: Discord) -> None:
    """discord.py raises what its parsers raise, which nothing tells from a mistake in the program."""
    for client, error in ((Plain(server), raised), (Ours(server), ConnectionError)):
        async with client, asyncio.timeout(60):
            await client.login(TOKEN)
            staying = asyncio.create_task(client.connect())
            await client.wait_until_ready()
            await server.gateway.garble(frame)
            with pytest.raises(error):
                await staying


def launches(coro: Any) -> int:
    """Count how often `launch_shard` of discord.py waits for itself, and once for the try that goes on."""
    count = 0
    while (code := getattr(coro, "cr_code", None)) is not None:
        count += code is discord.AutoShardedClient.launch_shard.__code__
        coro = coro.cr_await
    return count


@pytest.mark.parametrize(
    ("kind", "deep", "pauses"),
    [(PlainShards, [1, 2, 3, 4, 5], [5, 5, 5, 5]), (OurShards, [1] * 5, [5, 1, 5, 2, 5, 4, 5, 8])],
)
async def test_a_shard_that_cannot_connect(
    kind: Callable[..., Any], deep: list[int], pauses: list[float], server: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py tries again from within the last try, after the same pause each time; ours grow, up to a minute."""
    depths: list[int] = []
    paused: list[float] = []
    connect, sleep = DiscordWebSocket.from_client, asyncio.sleep

    async def from_client(*given: Any, **options: Any) -> Any:
        depths.append(launches(staying.get_coro()))
        if len(depths) < 5:
            raise ConnectionResetError
        return await connect(*given, **options)

    async def at_once(seconds: float) -> None:
        if seconds > 0.1:  # those of the simulated Discord are shorter
            paused.append(seconds)
        await sleep(0)

    monkeypatch.setattr(DiscordWebSocket, "from_client", from_client)
    async with kind(server, shard_count=1) as client:
        await client.login(TOKEN)
        with monkeypatch.context() as patch:
            patch.setattr(asyncio, "sleep", at_once)
            staying = asyncio.create_task(client.connect())
            await server.until(server.gateway.connected)
        await client.wait_until_ready()
        staying.cancel()
        await asyncio.wait({staying})
    assert depths == deep
    assert all(most / 2 <= pause <= most for pause, most in zip(paused, pauses, strict=True))  # the half is jitter


async def test_close_while_reading(server: Discord) -> None:
    """discord.py closes with 4000, which it means for a session that goes on; ours says with 1000 that it is over."""
    client = Plain(server)
    async with connected(client):
        await client.close()
        await server.until(lambda: server.gateway.close_codes)
        assert server.gateway.close_codes == [4000]
    ended = Plain(server)
    async with ended, asyncio.timeout(60):
        await ended.login(TOKEN)
        staying = asyncio.create_task(ended.connect())
        await ended.wait_until_ready()
        await end_session(ended, staying, 60)
        await server.until(lambda: server.gateway.close_codes[1:])
        assert server.gateway.close_codes[1:] == [1000]


async def test_a_close_that_is_not_answered(server: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py has aiohttp wait for 30 seconds, which a test does not; ours cuts a connection that would not close.

    aiohttp 3.14 does not wait after a read that was cancelled, so the close that hangs is made up.
    """
    waits: list[float | None] = []
    ws_connect = aiohttp.ClientSession.ws_connect

    def watched(self: aiohttp.ClientSession, *given: Any, timeout: aiohttp.ClientWSTimeout, **options: Any) -> Any:
        waits.append(timeout.ws_close)
        return ws_connect(self, *given, timeout=timeout, **options)

    async def unanswered(self: DiscordWebSocket, code: int = 4000) -> None:
        self._keep_alive.stop()
        transport = self.socket._response.connection.transport
        while not transport.is_closing():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)

    monkeypatch.setattr(aiohttp.ClientSession, "ws_connect", watched)
    monkeypatch.setattr(DiscordWebSocket, "close", unanswered)
    async with Plain(server) as client, asyncio.timeout(60):
        await client.login(TOKEN)
        staying = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        assert waits == [30]
        await end_session(client, staying, 0.1)
        assert client.is_closed()


async def test_the_address_of_the_gateway(server: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py goes to Discord's own, or to that which Discord names; `test_no_option_for_an_address` shows the rest."""
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "wss://gateway.discord.gg/"
    async with connected(Ours(server)):
        assert len(server.gateway.connects) == 1
