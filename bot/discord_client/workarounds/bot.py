"""Workarounds in the client and its commands: the tasks they start, the views they keep, the events they cannot read."""

import asyncio
import traceback
import zlib
from collections.abc import Callable, Coroutine
from functools import partial
from json import JSONDecodeError
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_client.limits import DiscordLimits
from bot.discord_client.workarounds.http import PatientHTTPClient


def use_no_voice() -> None:
    """Stop the warnings of discord.py 2.7.1 about libraries for voice, which this bot does not use.

    Requested in #1719; #9220 would have added an option, and was closed since these attributes do the same.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class HookedTree(app_commands.CommandTree[Any]):
    """A command tree that hands each command to the client: discord.py 2.7.1 runs it in a task without access to it."""

    def _from_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self.client.answer(interaction, self._answer(interaction))

    async def _answer(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self._call(interaction)
        except app_commands.AppCommandError as error:
            await self._dispatch_error(interaction, error)


class HookedBot(commands.Bot):
    """A bot with its own HTTP client, hooks for listeners, protection from unreadable events, and no stored views."""

    def __init__(self, *, limits: DiscordLimits | None = None, gateway_url: str = "", **options: Any) -> None:
        self.limits = limits or DiscordLimits()
        self._gateway_url = gateway_url
        super().__init__(guild_ready_timeout=self.limits.ready, **options)

    def begin_listener(self, begin: Callable[[], "asyncio.Task[Any]"], _listener: Any, _event_name: str, *_args: Any) -> Any:
        """Start a listener; `_args` are its arguments."""
        return begin()

    def event_unread(self, name: str, error: Exception) -> None:
        """Called for an event that discord.py could not read and that was dropped."""

    def _get_state(self, **options: Any) -> Any:
        """Put in this bot's HTTP client before discord.py uses its own, guard the event parsers, and store no views.

        discord.py 2.7.1 has no option for any of these. One event in an unknown form would end the session, as in #2422 and
        #7501. It keeps each view and form that it sends in memory until a timeout, to handle clicks; this bot handles clicks
        by their custom IDs.
        """
        self.http = PatientHTTPClient(self.loop, self.limits, gateway_url=self._gateway_url, http_trace=self.http.http_trace)
        state: Any = super()._get_state(**options)
        state.parsers = {name: self._guarded(name, parse) for name, parse in state.parsers.items()}
        state.store_view = _hold_nothing
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
        """Start each listener through `begin_listener`: discord.py 2.7.1 does not tell which ones run."""
        begin = partial(super()._schedule_event, coro, event_name, *args, **kwargs)
        return self.begin_listener(begin, coro, event_name, *args)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect to the gateway and stay connected. Raises ConnectionError if the first connect or reading a frame fails.

        discord.py 2.7.1 raises AttributeError if the first connect fails, since it tries to resume a session that never
        existed (#10520), and whatever its parsers raise for an unreadable frame.
        """
        try:
            await super().connect(reconnect=reconnect)
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            raise
        except (JSONDecodeError, UnicodeDecodeError, zlib.error) as error:
            raise ConnectionError("the gateway sent what is no JSON") from error
        except Exception as error:
            sharded = isinstance(self, discord.AutoShardedClient)
            if isinstance(error, AttributeError) and not sharded and self.ws is None:  # before the first connection
                raise ConnectionError("the first connect to the gateway failed") from error
            *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
            where = f"{type(error).__name__} in {frame.f_code.co_name}"  # not the error's text, which may quote a message
            raise ConnectionError(f"the gateway sent what discord.py cannot read: {where}") from error

    async def close(self) -> None:
        """Close, and cancel the task that would report "ready": discord.py 2.7.1 lets it run and fail."""
        await super().close()
        ready: asyncio.Task[None] | None = self._connection._ready_task  # noqa: SLF001
        if ready is not None:
            ready.cancel()


def _hold_nothing(_view: Any, _message_id: int | None = None) -> None:
    """Do nothing; replaces `ConnectionState.store_view`."""
