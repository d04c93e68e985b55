"""What `bot.discord_client.workarounds` works around: each test fails once the installed discord.py no longer needs it."""

import asyncio
import errno
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from json import JSONDecodeError
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from discord import app_commands
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.discord_client.limits import DiscordLimits
from bot.discord_client.workarounds.http import PatientHTTPClient

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Serve every path by one function in Discord's place; gives the paths as they are asked for."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield asked
    finally:
        await runner.cleanup()


@asynccontextmanager
async def logged_in(http: HTTPClient) -> AsyncIterator[HTTPClient]:
    """A client that may ask, without a login."""
    http._HTTPClient__session = aiohttp.ClientSession()  # type: ignore[attr-defined]
    http._global_over = asyncio.Event()
    http._global_over.set()
    try:
        yield http
    finally:
        await http.close()


def as_json(text: str, status: int = 200) -> web.Response:
    """An answer with Discord's own content type, which has no charset."""
    headers = {"Content-Type": "application/json", "Via": "1.1 google"}
    return web.Response(body=text.encode(), status=status, headers=headers)


async def cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def portal(_: web.Request) -> web.StreamResponse:
    return as_json("<html>")


async def page(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>", content_type="text/html")


def stock() -> HTTPClient:
    return HTTPClient(asyncio.get_running_loop())


def ours() -> HTTPClient:
    return PatientHTTPClient(asyncio.get_running_loop(), DiscordLimits())


async def test_a_broken_connection_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiohttp may try twice; with ours all of that happens once more."""
    times = []
    for client in (stock, ours):
        async with served(cut, monkeypatch) as asked, logged_in(client()) as http:
            with pytest.raises(aiohttp.ClientError):
                await http.request(Route("GET", "/x"))
            times.append(len(asked))
    assert times[1] == 2 * times[0]


@pytest.mark.parametrize(("answer", "raised"), [(portal, JSONDecodeError), (page, None)])
async def test_an_answer_that_is_no_json(answer: Answer, raised: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py raises a JSONDecodeError, or takes the page for an answer."""
    async with served(answer, monkeypatch), logged_in(stock()) as http:
        if raised is None:
            assert await http.request(Route("GET", "/x")) == "<html>"
        else:
            with pytest.raises(raised):
                await http.request(Route("GET", "/x"))
    async with served(answer, monkeypatch), logged_in(ours()) as http:
        with pytest.raises(ConnectionError):
            await http.request(Route("GET", "/x"))


@pytest.mark.parametrize(("client", "open_after"), [(stock, False), (ours, True)])
async def test_a_cancelled_request_blocks_all(client: Any, open_after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request that waits out a rate limit of the whole bot is cancelled: the others wait for ever."""
    limited = asyncio.Event()

    async def limit(_: web.Request) -> web.StreamResponse:
        first = not limited.is_set()
        limited.set()
        return as_json('{"retry_after": 0.1, "global": true, "message": ""}', 429) if first else as_json("{}")

    async with served(limit, monkeypatch), logged_in(client()) as http:
        typing = asyncio.create_task(http.send_typing(1))
        async with asyncio.timeout(60):
            while http._global_over.is_set():  # noqa: ASYNC110 - discord.py has no event for it
                await asyncio.sleep(0)
        typing.cancel()
        await asyncio.wait({typing})
        if open_after:
            async with asyncio.timeout(60):
                await http._global_over.wait()
        assert http._global_over.is_set() is open_after


async def test_a_first_connect_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py wants to resume a session that never was."""

    async def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionResetError(errno.ECONNRESET, "")

    async with discord.Client(intents=discord.Intents.none()) as client:
        monkeypatch.setattr(client.http, "ws_connect", refuse)
        monkeypatch.setattr(discord.client, "ExponentialBackoff", lambda: SimpleNamespace(delay=lambda: 0.0))
        with pytest.raises(AttributeError):
            await client.connect()


async def test_the_task_of_ready_is_left() -> None:
    client = discord.Client(intents=discord.Intents.none())
    async with client:
        task = client._connection._ready_task = asyncio.create_task(asyncio.Event().wait())  # type: ignore[assignment]
    assert not task.cancelling()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("name", "data"), [("MESSAGE_UPDATE", {"id": "1"}), ("MESSAGE_CREATE", {}), ("GUILD_CREATE", {"id": "x"})]
)
async def test_an_event_that_cannot_be_read_raises(name: str, data: Any) -> None:
    async with discord.Client(intents=discord.Intents.default()) as client:
        with pytest.raises((KeyError, ValueError)):
            client._connection.parsers[name](data)


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        (
            discord.Client.connect,
            "if e.resume:\n                    ws_params['gateway'] = self.ws.gateway\n                continue",
        ),
        (AsyncWebhookAdapter.request, "await asyncio.sleep(retry_after)"),
        (discord.AutoShardedClient.launch_shard, "return await self.launch_shard("),
        (app_commands.CommandTree._from_interaction, "self.client.loop.create_task(wrapper()"),
        (discord.Client.dispatch, "self._schedule_event("),
        (discord.Client._schedule_event, "return self.loop.create_task("),
        (KeepAliveHandler.__init__, "self._last_ack"),
        (DiscordWebSocket.__init__, "self._keep_alive"),
        (discord.Client.__init__, "self._get_state("),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_the_lines_that_we_work_around(where: Any, holds: str) -> None:
    """discord.py reconnects without a pause, waits without an end, and shows its tasks and heartbeats to nobody."""
    assert holds in inspect.getsource(where)


def test_what_discord_py_has_no_option_for() -> None:
    options = {*inspect.signature(discord.Client.__init__).parameters, *inspect.signature(HTTPClient.__init__).parameters}
    assert not {"api_url", "base_url", "base", "gateway_url"} & options
    assert not [name for name in dir(discord.ShardInfo) if not name.startswith("_") and ("ack" in name or "beat" in name)]
    assert discord.VoiceClient.warn_nacl in {True, False}
