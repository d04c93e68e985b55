"""The client, its HTTP client, its connection to the gateway, and its commands."""

import asyncio
import random
import time
import traceback
import zlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from json import JSONDecodeError
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands
from discord.ext import commands
from discord.http import HTTPClient, Route
from discord.types.snowflake import Snowflake
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord_client.limits import DiscordLimits

LONGEST = 45.0
"""Seconds: the longest pause between connects; discord.py gives one connect 60, pause included."""
LONGEST_SHARD_PAUSE = 60.0
"""Seconds: the longest pause between two tries to connect a shard."""

log = structlog.get_logger(__name__)


def use_api(url: str) -> None:
    """Send all requests to another address, with the API's version in it. discord.py has no option for that."""
    Route.BASE = url  # webhooks and interactions read it too


def use_no_voice() -> None:
    """Stop the warnings about libraries for voice, which this bot does not use.

    Asked for in #1719; #9220 would have added an option, and was closed since these attributes do the same.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def trouble_of(ws: Any) -> str:
    """Say what is wrong with a connection to the gateway; "" if its heartbeat is answered.

    discord.py closes a connection on which nothing arrives for a while. If even closing hangs, only the time of the last
    acknowledged heartbeat tells, and that is private.
    """
    if ws is None or not ws.open:
        return "not connected"
    beat = ws._keep_alive  # noqa: SLF001
    if beat is None or time.perf_counter() - beat._last_ack > beat.heartbeat_timeout:  # noqa: SLF001
        return "no heartbeat"
    return ""


def socket_of(shard: discord.ShardInfo | None) -> Any:
    """Give a shard's connection to the gateway; `ShardInfo` shows its latency only."""
    return shard._parent.ws if shard is not None else None  # noqa: SLF001


@dataclass(slots=True)
class _Connect:
    """A connect to the gateway; `socket` is None if it failed."""

    began: float
    socket: aiohttp.ClientWebSocketResponse | None = None


class PatientHTTPClient(HTTPClient):
    """discord.py's HTTP client with a gateway address of our choice, and with paced connects."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: DiscordLimits, *, gateway_url: str = "") -> None:
        super().__init__(loop, max_ratelimit_timeout=limits.rate_limit)
        self._limits = limits
        self._gateway_url = gateway_url
        self._recent: list[_Connect] = []
        self._quick = 0

    async def request(self, route: Route, **options: Any) -> Any:
        """Ask Discord, and once more after a broken connection if asking twice does no harm.

        discord.py repeats a request only after two error numbers, of BSD and of Windows (#4026 met Linux's; #8426 leaves all
        others to the caller). A POST is left to the caller, who may have a nonce. Raises ConnectionError if the answer is
        not Discord's, beside what discord.py raises.
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

        discord.py blocks all requests for ever if one is cancelled while it waits out a rate limit of the whole bot.
        github.com/DisnakeDev/disnake/pull/1585 tells of the same fault in a fork; #10287 would remove the lock.
        """
        task = asyncio.ensure_future(super().send_typing(channel_id))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may wait for it by then
        await asyncio.shield(task)

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connect to the gateway, after a growing pause if the last connections were closed at once.

        discord.py connects again without a pause if the gateway accepts a connection and closes it.
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
        if self._quick == 2:  # noqa: PLR2004 - the first may be chance
            log.warning(
                "Discord's gateway closes each connection at once; trying again after growing pauses. "
                "If this goes on, look at discordstatus.com, and at DISCORD_GATEWAY_URL if it is set"
            )
        if self._quick:
            pause = min(LONGEST, self._limits.pause * 2**self._quick)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter


class PatientWebhookAdapter(AsyncWebhookAdapter):
    """discord.py's HTTP client for answers to interactions, which would wait out a rate limit of any length.

    Raises TimeoutError, and ConnectionError if the answer is not Discord's, beside what discord.py raises.
    """

    def __init__(self, patience: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._patience = patience

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Ask Discord."""
        async with asyncio.timeout(self._patience):
            return await _discord_answer(route, super().request(route, session, **options))


def use_patient_webhooks(patience: float) -> None:
    """Answer interactions with our adapter; a simulated Discord, which has its own, keeps it."""
    if type(async_context.get()) is AsyncWebhookAdapter:
        async_context.set(PatientWebhookAdapter(patience))


async def _discord_answer(route: Route, asked: Coroutine[Any, Any, Any]) -> Any:
    """Wait for an answer, which must be JSON or empty: discord.py fails on, or hands on, a captive portal's page."""
    try:
        data = await asked
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON") from error
    if isinstance(data, str) and data:
        raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON")
    return data


class HookedTree(app_commands.CommandTree[Any]):
    """A command tree that hands each command to the client, since discord.py runs it in a task that nobody can see."""

    def _from_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.client.answer(interaction, self._answer(interaction))

    async def _answer(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self._call(interaction)
        except app_commands.AppCommandError as error:
            await self._dispatch_error(interaction, error)


class HookedBot(commands.Bot):
    """A bot with our HTTP client, whose listeners can be watched, and which drops events that it cannot read."""

    def __init__(self, *, limits: DiscordLimits | None = None, gateway_url: str = "", **options: Any) -> None:
        self.limits = limits or DiscordLimits()
        self._gateway_url = gateway_url
        super().__init__(guild_ready_timeout=self.limits.ready, **options)

    def begin_listener(self, begin: Callable[[], "asyncio.Task[Any]"], _listener: Any, _event_name: str, *_args: Any) -> Any:
        """Begin a listener; `_args` are what it gets of the event."""
        return begin()

    def event_unread(self, name: str, error: Exception) -> None:
        """Hear of an event that discord.py could not read and that was dropped."""

    def _get_state(self, **options: Any) -> Any:
        """Put our HTTP client in before discord.py hands its own around, and guard what reads events.

        One event in a form that discord.py does not know would end the session, as in #2422 and #7501.
        """
        self.http = PatientHTTPClient(self.loop, self.limits, gateway_url=self._gateway_url)
        state: Any = super()._get_state(**options)
        state.parsers = {name: self._guarded(name, parse) for name, parse in state.parsers.items()}
        return state

    def _guarded(self, name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def guarded(data: Any) -> Any:
            try:
                return parse(data)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                if name == "READY":
                    raise
                return self.event_unread(name, error)

        return guarded

    def _schedule_event(
        self, coro: Callable[..., Coroutine[Any, Any, Any]], event_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        """Start each listener through `begin_listener`: discord.py does not tell which ones are running."""
        begin = partial(super()._schedule_event, coro, event_name, *args, **kwargs)
        return self.begin_listener(begin, coro, event_name, *args)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect to the gateway and stay. Raises ConnectionError if the first connect fails, or for nonsense.

        discord.py raises an AttributeError for the first, since it wants to resume a session that never was (#10520), and
        whatever its parsers raise for the second.
        """
        try:
            await super().connect(reconnect=reconnect)
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            raise
        except (JSONDecodeError, UnicodeDecodeError, zlib.error) as error:
            raise ConnectionError("the gateway sent what is no JSON") from error
        except Exception as error:
            sharded = isinstance(self, discord.AutoShardedClient)
            if isinstance(error, AttributeError) and not sharded and self.ws is None:  # until the first connect
                raise ConnectionError("the first connect to the gateway failed") from error
            *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
            where = f"{type(error).__name__} in {frame.f_code.co_name}"  # the error's own text may hold a message's
            raise ConnectionError(f"the gateway sent what discord.py cannot read: {where}") from error

    async def close(self) -> None:
        """Close, and cancel the task that would soon report "ready": discord.py leaves it to fail."""
        await super().close()
        ready: asyncio.Task[None] | None = self._connection._ready_task  # noqa: SLF001
        if ready is not None:
            ready.cancel()


class _OnceMore(Exception):
    """A shard could not connect, and discord.py is about to try again by itself."""


class HookedShards(discord.AutoShardedClient):
    """A client of several shards that tries a shard again after growing pauses.

    discord.py's `launch_shard` calls itself, ever deeper, after a pause that is always the same.
    """

    limits: DiscordLimits

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._launching: set[int] = set()

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard, however often that takes."""
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
