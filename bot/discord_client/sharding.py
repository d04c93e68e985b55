"""The client of several shards, or of some of them: what discord.py 2.7.1's AutoShardedClient leaves to us is mended here.

Where a shard cannot connect at first it calls itself, ever deeper, after a pause that is always the same; here the pauses
grow, and the calls do not. It asks for the number of shards only where none is given, and never for `max_concurrency`.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from math import isfinite, nan
from typing import Any, Literal

import discord
import structlog
import yarl

from bot.discord_client.client import Precis
from bot.discord_client.graceful_stop import trouble_of

LONGEST = 60.0
"""Seconds: the longest pause between two tries to connect a shard."""

log = structlog.get_logger(__name__)


class _OnceMore(Exception):
    """A shard could not connect, and discord.py is about to try again by itself."""


class Sharded(Precis, discord.AutoShardedClient):
    """The bot on several shards; `shards` None asks Discord how many, `shard_ids` empty are all of them."""

    def __init__(self, *, shards: int | None, shard_ids: Sequence[int], **options: Any) -> None:
        super().__init__(**options, shard_count=shards, shard_ids=list(shard_ids) or None)
        self._launching: set[int] = set()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Ask Discord how many shards there shall be and how many may identify at once; then connect, and stay."""
        wanted, _, limits = await self.http.get_bot_gateway()
        self.max_concurrency = max(limits["max_concurrency"], 1)
        if self.shard_count is None:
            self.shard_count = max(wanted, 1)
        log.info(
            "shards",
            count=self.shard_count,
            here=self.shard_ids or "all",
            wanted=wanted,
            at_once=self.max_concurrency,
            identifies_left=limits["remaining"],
        )
        await super().connect(reconnect=reconnect)

    def gateways(self) -> Iterator[tuple[int, float, str]]:
        """Give each shard that this process is to run, as `Worker.gateways` does."""
        for shard_id in self.shard_ids or range(self.shard_count or 0):
            shard = self.shards.get(shard_id)
            latency = shard.latency if shard is not None else nan
            ws = shard._parent.ws if shard is not None else None  # noqa: SLF001 - discord.py's view of it shows no heartbeat
            yield shard_id, latency if isfinite(latency) else nan, trouble_of(ws)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard; where that fails, again after growing pauses, until it is there."""
        if shard_id in self._launching:
            raise _OnceMore
        pause = 1.0
        while not self.is_closed():
            self._launching.add(shard_id)
            try:
                await super().launch_shard(gateway, shard_id, initial=initial)
            except _OnceMore:
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter
                pause = min(2 * pause, LONGEST)
            else:
                return
            finally:
                self._launching.discard(shard_id)


def new_client(*, shard_count: int | Literal["auto"], shard_ids: Sequence[int], **options: Any) -> Precis:
    """Make the client of one shard, or of several; the options are those of `Precis`."""
    if shard_count == 1:
        return Precis(**options)
    return Sharded(shards=None if shard_count == "auto" else shard_count, shard_ids=shard_ids, **options)
