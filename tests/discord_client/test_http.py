"""What `workarounds.http` works around: each test shows the fault in discord.py as it is, and what ours does instead."""

import asyncio
from contextvars import Context
from json import JSONDecodeError
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from discord import app_commands
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord_client.limits import DiscordLimits
from bot.discord_client.workarounds.http import (
    PatientHTTPClient,
    PatientWebhookAdapter,
    registered_commands,
    use_api,
    use_patient_webhooks,
)
from tests.discord_client.clients import INTENTS, Answer, as_json, logged_in, served


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
    """aiohttp may try twice, and discord.py does not; with ours all of that happens once more, if that does no harm."""
    times = []
    for client in (stock, ours):
        async with served(cut, monkeypatch) as asked, logged_in(client()) as http:
            with pytest.raises(aiohttp.ClientError):
                await http.request(Route("GET", "/x"))
            times.append(len(asked))
    assert times[0] <= 2
    assert times[1] == 2 * times[0]
    async with served(cut, monkeypatch) as asked, logged_in(ours()) as http:
        with pytest.raises(aiohttp.ClientError):
            await http.request(Route("POST", "/x"))
        assert len(asked) == 1


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


async def limited(_: web.Request) -> web.StreamResponse:
    return as_json('{"retry_after": 86400, "message": ""}', 429)


class Paused(Exception):
    """discord.py pauses."""


async def test_a_webhook_waits_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits out a rate limit of any length before it answers an interaction; ours gives up."""

    async def pause(seconds: float) -> None:
        raise Paused(seconds)

    async with served(limited, monkeypatch), aiohttp.ClientSession() as session:
        asking = Route("POST", "/webhooks/1/token")
        with monkeypatch.context() as patch:
            patch.setattr(discord.webhook.async_, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": pause}))
            with pytest.raises(Paused, match="86400"):
                await AsyncWebhookAdapter().request(asking, session)
        with pytest.raises(TimeoutError):
            await PatientWebhookAdapter(0.1).request(asking, session)


async def test_a_webhook_is_answered_by_a_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(page, monkeypatch), aiohttp.ClientSession() as session:
        asking = Route("POST", "/webhooks/1/token")
        assert await AsyncWebhookAdapter().request(asking, session) == "<html>"
        with pytest.raises(ConnectionError):
            await PatientWebhookAdapter(60).request(asking, session)


async def test_webhooks_are_ours_where_they_are_asked_for() -> None:
    """What answers an interaction takes the adapter of its task's context."""

    async def answering() -> tuple[Any, Any]:
        before = async_context.get()
        use_patient_webhooks(60)
        return before, await asyncio.create_task(asyncio.to_thread(async_context.get))

    outside = async_context.get()
    before, after = await asyncio.create_task(answering(), context=Context())
    assert (type(before), type(after)) == (AsyncWebhookAdapter, PatientWebhookAdapter)
    assert async_context.get() is outside


async def test_the_address_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py asks Discord's own; `test_no_option_for_an_address` shows that it cannot be told to ask another."""
    assert Route("GET", "/x").url == "https://discord.com/api/v10/x"
    async with served(page, monkeypatch) as asked, aiohttp.ClientSession() as session:
        use_api(f"{Route.BASE}/proxy/v10")
        async with logged_in(stock()) as http:
            await http.request(Route("GET", "/x"))
        await AsyncWebhookAdapter().request(Route("POST", "/webhooks/1/token"), session)
        assert asked == ["/proxy/v10/x", "/proxy/v10/webhooks/1/token"]


async def test_translations_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py asks Discord for the commands that it has, without their translations."""

    async def none(_: web.Request) -> web.StreamResponse:
        return as_json("[]")

    client = discord.Client(intents=INTENTS, application_id=5)
    async with served(none, monkeypatch) as asked, logged_in(client.http):
        assert await app_commands.CommandTree(client).fetch_commands() == []
        assert await registered_commands(client) == []
        assert asked == ["/applications/5/commands", "/applications/5/commands?with_localizations=true"]
