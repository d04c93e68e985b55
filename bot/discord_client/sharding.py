"""The client for several shards: all of the bot's, or some of them in this process."""

from collections.abc import Iterator, Sequence
from math import isfinite, nan
from typing import Any, Literal

import structlog

from bot.discord_client.client import Precis
from bot.discord_client.workarounds.gateway import HookedShards, gateway_limits, shard_trouble

log = structlog.get_logger(__name__)


class Sharded(Precis, HookedShards):
    """The bot on several shards; if the number is None, Discord is asked for it. Empty `shard_ids` mean all shards."""

    def __init__(self, *, shards: int | None, shard_ids: Sequence[int], **options: Any) -> None:
        super().__init__(**options, shard_count=shards, shard_ids=list(shard_ids) or None)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Ask Discord how many shards to run and how many may identify at once; then connect and stay connected."""
        wanted, limits = await gateway_limits(self)
        self.max_concurrency = max(limits.max_concurrency, 1)
        if self.shard_count is None:
            self.shard_count = max(wanted, 1)
        log.info(
            "shards",
            count=self.shard_count,
            here=self.shard_ids or "all",
            wanted=wanted,
            at_once=self.max_concurrency,
            identifies_left=limits.remaining,
        )
        await super().connect(reconnect=reconnect)

    def gateways(self) -> Iterator[tuple[int, float, str]]:
        """Give each shard that this process is to run, as `Worker.gateways` does."""
        for shard_id in self.shard_ids or range(self.shard_count or 0):
            shard = self.get_shard(shard_id)
            latency = shard.latency if shard is not None else nan
            yield shard_id, latency if isfinite(latency) else nan, shard_trouble(shard)


def new_client(*, shard_count: int | Literal["auto"], shard_ids: Sequence[int], **options: Any) -> Precis:
    """Make the client for one shard or for several; the options are those of `Precis`."""
    if shard_count == 1:
        return Precis(**options)
    return Sharded(shards=None if shard_count == "auto" else shard_count, shard_ids=shard_ids, **options)
