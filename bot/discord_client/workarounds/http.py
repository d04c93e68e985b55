"""Workarounds for requests to Discord: their address, repeats and waits, and answers that are not Discord's."""

import asyncio
from collections.abc import Coroutine
from json import JSONDecodeError
from typing import Any

import aiohttp
import discord
from discord.http import Route
from discord.types.snowflake import Snowflake
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.core.background import retrieve_error
from bot.discord_client.workarounds.gateway import PacedHTTPClient


def use_api(url: str) -> None:
    """Send all requests to another address, with the API's version in it. discord.py 2.7.1 has no option for that."""
    Route.BASE = url  # also used for webhooks and interactions


async def registered_commands(client: discord.Client) -> Any:
    """Ask Discord for the commands that it has, as JSON: discord.py 2.7.1 never asks for their translations."""
    route = Route("GET", "/applications/{application_id}/commands", application_id=client.application_id)
    return await client.http.request(route, params={"with_localizations": "true"})


class PatientHTTPClient(PacedHTTPClient):
    """An HTTP client that handles broken connections, cancelled requests, and answers that are not Discord's."""

    async def request(self, route: Route, **options: Any) -> Any:
        """Send a request, and once more after a broken connection if sending it twice does no harm.

        discord.py 2.7.1 repeats a request only after two error numbers, those of BSD and Windows (#4026 was about Linux;
        #8426 leaves all others to the caller). A POST is never repeated here; its caller may have a nonce. Raises
        ConnectionError if the answer is not Discord's, and what discord.py raises.
        """
        try:
            return await self._ask(route, **options)
        except (aiohttp.ClientError, OSError):
            if route.method == "POST" or options.get("files"):
                raise
        return await self._ask(route, **options)

    async def _ask(self, route: Route, **options: Any) -> Any:
        return await _discord_answer(route, super().request(route, **options))

    async def send_typing(self, channel_id: Snowflake) -> None:
        """Show "typing". The caller may be cancelled; the request goes on.

        discord.py 2.7.1 blocks all requests forever if one is cancelled during a wait for the global rate limit.
        github.com/DisnakeDev/disnake/pull/1585 is about the same fault in a fork; #10287 would remove the lock.
        """
        task = asyncio.ensure_future(super().send_typing(channel_id))
        task.add_done_callback(retrieve_error)
        await asyncio.shield(task)


class PatientWebhookAdapter(AsyncWebhookAdapter):
    """discord.py's HTTP client for answers to interactions, which in 2.7.1 would wait for a rate limit of any length.

    Raises TimeoutError, ConnectionError if the answer is not Discord's, and what discord.py raises.
    """

    def __init__(self, patience: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._patience = patience

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Send a request within the client's time limit."""
        async with asyncio.timeout(self._patience):
            return await _discord_answer(route, super().request(route, session, **options))


def use_patient_webhooks(patience: float) -> None:
    """Use `PatientWebhookAdapter` for interactions, in this task and those that it starts: 2.7.1 has no option for that."""
    async_context.set(PatientWebhookAdapter(patience))


async def _discord_answer(route: Route, asked: Coroutine[Any, Any, Any]) -> Any:
    """Wait for an answer, which must be JSON or empty: discord.py 2.7.1 fails on a captive portal's page, or returns it."""
    try:
        data = await asked
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON") from error
    if isinstance(data, str) and data:
        raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON")
    return data
