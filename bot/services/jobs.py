"""Reply jobs that this process holds: claimed, kept alive, completed; and events that could not be stored."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from cachetools import LRUCache

from bot.core.errors import ChatRefused, StorageError
from bot.core.reference import Reference
from bot.core.reply import Mark, Post, ReplyJob
from bot.services.ports import JobStore

RENEW = 4.0
"""Seconds between two renewals of a lease."""
RETRY = 30.0
"""Seconds after which a job that could not be finished is taken up again."""
UNSTORED = 1_000
"""Messages remembered whose events the database could not take."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What became of a job in one pass."""

    answered: frozenset[Reference] = frozenset()
    mark: Mark | None = None
    vacated: frozenset[int] = frozenset()
    """IDs of cards that went, or show another record now: pointers to them must be mended."""
    retry_in: float | None = None
    """Seconds after which to try again what failed; None where nothing did, or trying again cannot help."""


class Jobs:
    """Claims jobs and settles them. Methods raise StorageError unless they say otherwise."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._leases: set[str] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._unstored: LRUCache[int, tuple[int, int | None]] = LRUCache(UNSTORED)

    async def claim(
        self, message_id: int, channel_id: int, guild_id: int | None, *, accepted: bool = False
    ) -> ReplyJob | None:
        """Note an event about a message and take its lease; None where somebody holds it, who will see the event.

        What the database cannot take now is noted by `store_missed`.
        """
        try:
            return await self._store.claim(message_id, channel_id, guild_id, accepted=accepted)
        except StorageError:
            self._unstored[message_id] = (channel_id, guild_id)
            raise

    def claim_unstored(self, post: Post, now: datetime) -> ReplyJob:
        """Make a job for a new message that the database could not take."""
        return ReplyJob(post.id, post.channel_id, post.guild_id, now, nonce_seed=secrets.token_hex(12), lease="")

    async def take_up(self, job: ReplyJob) -> ReplyJob | None:
        """Take the lease of a pending job; None where another has it."""
        return await self._store.take_up(job.message_id)

    @asynccontextmanager
    async def holding(self, job: ReplyJob) -> AsyncIterator[None]:
        """Keep a job's lease alive during a block; where the block fails or is cancelled, leave the job to whoever comes."""
        if job.lease:
            self._leases.add(job.lease)
            if self._renewing is None or self._renewing.cancelling() or self._renewing.done():
                self._renewing = asyncio.create_task(self._renew(), name="renew leases")
        try:
            yield
        except BaseException as error:
            if job.lease:
                with suppress(StorageError):
                    await self._give_up(job, error)
            raise
        finally:
            self._leases.discard(job.lease)
            if self._renewing is not None and not self._leases:
                self._renewing.cancel()

    async def _give_up(self, job: ReplyJob, error: BaseException) -> None:
        """Leave a job to whoever comes; close it where trying again cannot help."""
        if isinstance(error, ChatRefused):
            await self._store.complete(job)
        else:
            await self._store.release(job, seconds=RETRY if isinstance(error, Exception) else 0.0)

    def remember(self, message_id: int, channel_id: int, guild_id: int | None) -> None:
        """Keep an event in memory until `store_missed` can note it."""
        self._unstored[message_id] = (channel_id, guild_id)

    async def settle(self, job: ReplyJob, outcome: JobOutcome) -> ReplyJob | None:
        """Store what became of a job; gives it again where events came meanwhile. Never raises."""
        job = replace(job, answered=outcome.answered, mark=outcome.mark)
        try:
            if job.lease and outcome.retry_in is None:
                return await self._store.complete(job)
            if job.lease:
                await self._store.release(job, seconds=outcome.retry_in or 0.0)
        except StorageError as error:
            log.warning("outcome of a job not stored; it is taken up again later", reason=str(error))
            self._unstored[job.message_id] = (job.channel_id, job.guild_id)
        return None

    async def store_missed(self) -> None:
        """Note the events that the database could not take before."""
        while self._unstored:
            message_id, (channel_id, guild_id) = next(iter(self._unstored.items()))
            await self._store.request(message_id, channel_id, guild_id)
            self._unstored.pop(message_id, None)

    async def _renew(self) -> None:
        """Keep the held leases alive until it is cancelled."""
        while True:
            await asyncio.sleep(RENEW)
            try:
                await self._store.renew(tuple(self._leases))
            except StorageError as error:
                log.warning("leases not renewed", reason=str(error))
