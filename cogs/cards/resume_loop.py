"""The sweep: promises that a process made and could not keep are kept by another, or by the same after its restart.

Several processes may sweep at once: a message's lock tells who works on it, and what is done is read anew within it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from math import nan
from typing import Any

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.errors import BotError
from bot.core.links import find_links
from bot.services.meters import Meters
from bot.services.ports import Promise, Promises
from bot.services.work import Work
from cogs.cards.answers import Answers, is_from_a_person
from cogs.cards.listener import whole
from cogs.cards.turns import Turn, Turns
from cogs.discord_kit.transient_errors import TROUBLE

EVERY = 5.0
"""Seconds between two sweeps."""
RIPE = timedelta(seconds=5)
"""Age of the promises that a sweep looks at: younger ones are being kept."""
LATEST = timedelta(hours=1)
"""Age from which a promise is let go: an answer would come out of nowhere."""
BATCH = 100
AT_ONCE = 10

log = structlog.get_logger(__name__)


class Sweep(commands.Cog):
    """Takes up what was promised and not kept; a failure is logged, and the next sweep comes."""

    def __init__(
        self,
        client: discord.Client,
        *,
        answers: Answers,
        turns: Turns,
        promises: Promises,
        now: Callable[[], datetime],
        work: Work | None = None,
        meters: Meters | None = None,
    ) -> None:
        self._meters = meters or Meters()
        self._work = work or Work()
        self._client = client
        self._answers = answers
        self._turns = turns
        self._promises = promises
        self._now = now

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin to sweep, at once, when it is known which guilds this process sees."""
        if not self.sweep.is_running():
            self.sweep.change_interval(seconds=EVERY)
            self.sweep.start()

    async def cog_unload(self) -> None:
        """Stop sweeping."""
        self.sweep.cancel()

    @tasks.loop(seconds=EVERY)
    async def sweep(self) -> None:
        """Go through all promises that are not kept."""
        if self._work.stopping:
            return
        with self._work.doing():
            last, count, places = 0, 0, asyncio.Semaphore(AT_ONCE)
            try:
                while found := await self._promises.unkept(before=self._now() - RIPE, after=last, most=BATCH):
                    last, count = found[-1].message_id, count + len(found)
                    self._meters.unkept = count
                    await asyncio.gather(*(self._attempt(promise, places) for promise in found if self._is_ours(promise)))
                self._meters.unkept = count
            except BotError as error:
                self._meters.unkept = nan
                log.warning("not swept", reason=str(error))
            except Exception:
                log.exception("not swept")

    def _is_ours(self, promise: Promise) -> bool:
        """Whether this process sees the promise's guild; direct messages any process can answer."""
        return promise.guild_id is None or self._client.get_guild(promise.guild_id) is not None

    async def _attempt(self, promise: Promise, places: asyncio.Semaphore) -> None:
        where = {"channel": promise.channel_id, "guild": promise.guild_id}
        try:
            async with places, self._turns.free(promise.message_id, **where) as turn:
                channel = await self._keep(promise, turn) if turn is not None else None
            if turn is not None and channel is not None:
                await self._answers.afterwards(channel, turn)
        except (BotError, *TROUBLE) as error:
            log.warning("promise not kept", message=promise.message_id, reason=str(error))
        except Exception:
            log.exception("promise not kept", message=promise.message_id)

    async def _keep(self, promise: Promise, turn: Turn) -> Any:
        """Keep a promise; gives the channel. Raises StorageError, and what Discord does."""
        message_id = promise.message_id
        if self._now() - promise.made_at > LATEST:
            log.info("promise let go", message=message_id)
            await self._answers.end(message_id, turn)
            return None
        channel: Any = None
        try:
            channel = self._client.get_channel(promise.channel_id)
            channel = channel or await self._client.fetch_channel(promise.channel_id)
            message = await whole(channel, message_id)
        except discord.Forbidden:
            await self._answers.end(message_id, turn)
            return None
        except discord.NotFound:
            if channel is None:
                await self._answers.end(message_id, turn)
            else:
                await self._answers.clear(channel, message_id, turn)
            return channel
        links = find_links(message.content) if is_from_a_person(message) else ()
        log.info("promise taken up", message=message_id)
        await self._answers.resume(message, links, self._answers.effective(message), turn)
        return channel
