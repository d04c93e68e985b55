"""The Discord client: its intents, its cogs, and the report of errors that nothing else caught."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.discord_client.graceful_stop import Worker
from bot.discord_client.workarounds.bot import HookedTree, use_no_voice
from bot.discord_client.workarounds.http import use_api
from bot.services.meters import Meters
from bot.services.work import Work
from cogs.discord_kit.custom_ids import CustomId, Handler
from cogs.discord_kit.i18n import Words
from cogs.discord_kit.interactions import answer_failure

IdentifyTurn = Callable[[int, float], Awaitable[None]]
"""Waits until a bucket of shards may identify, at least some seconds after its last identify."""

log = structlog.get_logger(__name__)


class Tree(HookedTree):
    """The tree of commands, which reports their errors."""

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Report the error to the user."""
        await answer_failure(interaction, error, interaction.command.qualified_name if interaction.command else None)


class Precis(Worker):
    """The bot's Discord client.

    `api_url` (with the API's version) and `gateway_url` are addresses of proxies; if empty, Discord's own are used.
    `identify` waits for the turn of a bucket of shards. Further options are discord.py's and `Worker`'s.
    """

    def __init__(
        self,
        *,
        message_content: bool,
        api_url: str = "",
        identify: IdentifyTurn | None = None,
        meters: Meters | None = None,
        **options: Any,
    ) -> None:
        self._identify = identify
        self._identified: set[int] = set()
        self.max_concurrency = 1
        """The number of shards that may identify at once, each of another bucket."""
        use_no_voice()
        if api_url:
            use_api(api_url)
        super().__init__(
            Work(),
            meters or Meters(),
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True, messages=True, reactions=True, message_content=message_content),
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            **options,
        )
        self._unadded: list[commands.Cog] = []

    def carry(self, *cogs: commands.Cog, clicks: Mapping[CustomId, Handler] | None = None) -> None:
        """Set the cogs to add before the client connects, and the handlers of clicks. A failing cog stops the start."""
        self._unadded += cogs
        self.clicks.add(clicks or {})

    async def setup_hook(self) -> None:
        """Add the cogs and the translations of their commands."""
        await self.tree.set_translator(Words())
        while self._unadded:
            await self.add_cog(self._unadded.pop(0))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify; after Discord ended its session, a little longer, as Discord asks."""
        shard = shard_id or 0
        if self._identify is None:
            return await super().before_identify_hook(shard_id, initial=initial)
        if shard in self._identified:
            await asyncio.sleep(self.limits.new_session * random.uniform(0.2, 1))  # noqa: S311 - jitter
        await self._identify(shard % self.max_concurrency, self.limits.identify_gap)
        self._identified.add(shard)
        return None

    async def on_ready(self) -> None:
        """Log that the bot is ready."""
        log.info("ready", user=str(self.user), guilds=len(self.guilds), latency=round(self.latency, 3))

    async def on_error(self, event: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log an unexpected error of a listener, without the listener's arguments, which include messages."""
        log.error("listener failed", discord_event=event, exc_info=True)  # noqa: LOG014 - called from a handler
