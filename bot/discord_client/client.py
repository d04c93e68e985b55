"""The Discord client: which intents, which cogs, and the edge where errors end.

Some things discord.py 2.7.1 leaves to us are mended here. Its first connect to the gateway may fail with an AttributeError,
since it wants to resume a session that never was; that becomes the ConnectionError it is. Where something else answers in
Discord's place (a captive portal, a proxy's page), it trips over what is no JSON; that becomes a ConnectionError too. And it
reconnects without a pause where the gateway accepts and then closes at once; `Rest.ws_connect` keeps growing pauses.
"""

import asyncio
import random
import traceback
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
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
from discord.ui import DynamicItem
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord_client.graceful_stop import Worker
from bot.services.meters import Meters
from bot.services.work import Work
from cogs.discord_kit.errors import answer_failure
from cogs.discord_kit.i18n import Words

QUICK = 5.0
"""Seconds: a gateway session shorter than this counts as one that failed."""
LONGEST = 45.0
"""Seconds: the longest pause between connects; discord.py gives one connect 60, pause included."""
PATIENCE = 60.0
"""Seconds of a rate limit that a request waits for; a longer one is an error."""

IdentifyTurn = Callable[[int], Awaitable[None]]
"""Waits for the turn of a bucket of shards to identify."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Connect:
    """A connect to the gateway."""

    began: float
    socket: aiohttp.ClientWebSocketResponse | None = None
    """None where it did not come about."""


class Rest(HTTPClient):
    """discord.py's HTTP client, with the gateway's address ours to choose and its connects paced."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, gateway_url: str, max_ratelimit_timeout: float) -> None:
        super().__init__(loop, max_ratelimit_timeout=max_ratelimit_timeout)
        self._gateway_url = gateway_url
        self._recent: list[_Connect] = []
        self._quick = 0

    async def request(self, route: Route, **options: Any) -> Any:
        """Ask Discord, and once more where the connection broke and asking twice does no harm.

        discord.py does so for the error numbers of BSD and Windows alone. A POST is left to who asks, who may have a nonce.
        Raises ConnectionError where what answers is not Discord, beside what discord.py raises.
        """
        try:
            return await self._ask(route, **options)
        except (aiohttp.ClientError, OSError):
            if route.method == "POST" or options.get("files"):
                raise
        return await self._ask(route, **options)

    async def send_typing(self, channel_id: Snowflake) -> None:
        """Show "typing". Who waits for it may be cancelled, but not in the middle of it.

        discord.py 2.7.1 holds all requests for ever where one is cancelled that waits out a rate limit of the whole bot.
        """
        task = asyncio.ensure_future(super().send_typing(channel_id))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may wait for it by then
        await asyncio.shield(task)

    async def _ask(self, route: Route, **options: Any) -> Any:
        try:
            data = await super().request(route, **options)
        except (JSONDecodeError, UnicodeDecodeError) as error:
            raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON") from error
        if isinstance(data, str) and data:
            raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON")
        return data

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connect to the gateway: first, to resume, or after a session ended."""
        await self._pace()
        if self._gateway_url:
            url = str(yarl.URL(self._gateway_url).update_query(yarl.URL(url).query))
        connect = _Connect(asyncio.get_running_loop().time())
        self._recent.append(connect)
        connect.socket = await super().ws_connect(url, compress=compress)
        return connect.socket

    async def _pace(self) -> None:
        """Wait where a connection was lost that had only just begun, the longer the more often that happened in a row."""
        now = asyncio.get_running_loop().time()
        self._recent = [connect for connect in self._recent if now - connect.began < QUICK]
        lost = any(connect.socket is None or connect.socket.closed for connect in self._recent)
        self._quick = self._quick + 1 if lost else 0
        if self._quick == 2:  # noqa: PLR2004 - the first may be chance
            log.warning(
                "Discord's gateway closes each connection at once; trying again after growing pauses. "
                "If this goes on, look at discordstatus.com, and at DISCORD_GATEWAY_URL if it is set"
            )
        if self._quick:
            await asyncio.sleep(min(LONGEST, 2.0**self._quick) * random.uniform(0.5, 1))  # noqa: S311 - jitter


class Callbacks(AsyncWebhookAdapter):
    """discord.py's other HTTP client, by which interactions are answered, with an end to its patience.

    Raises TimeoutError, and ConnectionError where what answers is not Discord, beside what discord.py raises.
    """

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Ask Discord; discord.py 2.7.1 would wait out a rate limit of any length."""
        async with asyncio.timeout(PATIENCE):
            try:
                data = await super().request(route, session, **options)
            except (JSONDecodeError, UnicodeDecodeError) as error:
                raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON") from error
        if isinstance(data, str) and data:
            raise ConnectionError(f"{route.method} {route.path}: an answer that is no JSON")
        return data


class Tree(app_commands.CommandTree["Precis"]):
    """The commands, and what happens to what they raise."""

    async def on_error(self, interaction: discord.Interaction["Precis"], error: app_commands.AppCommandError) -> None:
        """Tell its user."""
        await answer_failure(interaction, error, interaction.command.qualified_name if interaction.command else None)


class Precis(Worker):
    """The bot as Discord knows it.

    `api_url` (with the API's version) and `gateway_url` are for proxies; empty, they are Discord's own. `identify` waits for
    the turn of a bucket of shards. Further options are discord.py's.
    """

    def __init__(
        self,
        *,
        message_content: bool,
        api_url: str = "",
        gateway_url: str = "",
        identify: IdentifyTurn | None = None,
        meters: Meters | None = None,
        **options: Any,
    ) -> None:
        self._gateway_url = gateway_url
        self._identify = identify
        self._identified: set[int] = set()
        self.max_concurrency = 1
        """Shards that may identify at once, each of its own bucket."""
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # this bot has no voice
        if api_url:
            Route.BASE = api_url  # discord.py's one place for it; webhooks and interactions read it too
        intents = discord.Intents(guilds=True, messages=True, reactions=True, message_content=message_content)
        super().__init__(
            Work(),
            meters or Meters(),
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            **options,
        )
        self._unadded: list[commands.Cog] = []

    def _get_state(self, **options: Any) -> Any:
        """Put our HTTP client in before discord.py hands its own around: the one private name that we lean on."""
        self.http = Rest(self.loop, gateway_url=self._gateway_url, max_ratelimit_timeout=PATIENCE)
        return super()._get_state(**options)

    def carry(self, cogs: Sequence[commands.Cog], items: Sequence[type[DynamicItem[Any]]]) -> None:
        """Take cogs, and items that messages carry (buttons), to add before it connects; one that fails stops the start."""
        self._unadded += cogs
        self.add_dynamic_items(*items)

    async def setup_hook(self) -> None:
        """Add the cogs, and let their commands speak their readers' languages."""
        if type(async_context.get()) is AsyncWebhookAdapter:  # a simulated Discord has its own
            async_context.set(Callbacks())  # type: ignore[no-untyped-call]
        await self.tree.set_translator(Words())
        while self._unadded:
            await self.add_cog(self._unadded.pop(0))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify; after a session that Discord ended, a moment more, as it asks for."""
        shard = shard_id or 0
        if self._identify is None:
            return await super().before_identify_hook(shard_id, initial=initial)
        if shard in self._identified:
            await asyncio.sleep(random.uniform(1, 5))  # noqa: S311 - "a random amount of time between 1 and 5 seconds"
        await self._identify(shard % self.max_concurrency)
        self._identified.add(shard)
        return None

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("ready", user=str(self.user), guilds=len(self.guilds), latency=round(self.latency, 3))

    async def on_error(self, event: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what a listener did not foresee; its arguments hold messages, so they stay out."""
        log.error("listener failed", discord_event=event, exc_info=True)  # noqa: LOG014 - called from a handler

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect to the gateway and stay. Raises ConnectionError where the first connect fails, or nonsense comes.

        One event in a form that discord.py does not read would end the process otherwise; a new session goes on without it.
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
        """Close; the task that was to say "ready" in a moment ends too, which discord.py leaves to fail."""
        await super().close()
        ready: asyncio.Task[None] | None = self._connection._ready_task  # noqa: SLF001 - nobody else can reach it
        if ready is not None:
            ready.cancel()
