"""Reply jobs: claimed, kept alive while this process works on them, settled."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog

from bot.core.errors import ChatError, ChatRefused, ChatUnavailable, StorageError
from bot.core.reply import Post, Reply, ReplyJob
from bot.services.missed import Missed
from bot.services.ports import RENEW, JobStore, Locks

RETRY = 30.0
"""Seconds until work that failed is tried again."""
REFUSED = 3600.0
"""Seconds until a resumed job is tried again after a refusal by Discord: it may have replies that no store knows."""

log = structlog.get_logger(__name__)


@contextmanager
def job_errors(what: str, **known: int) -> Iterator[None]:
    """Log the failures that work on a message may end with; its job stays open, and is taken up again."""
    try:
        yield
    except (StorageError, ChatError) as error:
        log.warning(what, **known, error=type(error).__name__, reason=str(error))


class Jobs:
    """Reply jobs and their leases. Methods raise StorageError unless they say otherwise."""

    def __init__(self, store: JobStore, edits: Locks) -> None:
        """`edits`: this process's locks, one for each message, held during an edit that no event asked for.

        The lease keeps other processes away. Within this process, a second edit, a new event and the end of other work wait
        for this lock, since a lease is taken at once or not at all.
        """
        self.store = store
        """The store of jobs; callers use it directly for everything to which this class adds nothing."""
        self._edits = edits
        self._leases: dict[str, ReplyJob] = {}  # that this process holds, with their jobs as they are stored
        self._renewing: asyncio.Task[None] | None = None
        self.missed = Missed(store)

    async def claim(
        self, message_id: int, channel_id: int, guild_id: int | None, *, accepted: bool = False, event: bool = True
    ) -> ReplyJob | None:
        """Count an event about a message, and take its lease; None if another holder has it, and will see the event.

        Without an `event`, only take the lease: it was counted before. If the database fails, `missed` remembers the event.
        """
        try:
            async with self._edits.hold(str(message_id)):
                return await self.store.claim(message_id, channel_id, guild_id, accepted=accepted, event=event)
        except StorageError:
            self.missed.remember(message_id, channel_id, guild_id)
            raise

    def claim_unstored(self, post: Post) -> ReplyJob:
        """Make a job for a new message whose job could not be stored."""
        seed = secrets.token_hex(12)
        return ReplyJob(post.id, post.channel_id, post.guild_id, post.created_at, nonce_seed=seed, lease="")

    @asynccontextmanager
    async def holding(self, job: ReplyJob) -> AsyncIterator[None]:
        """Keep a job's lease alive during a block; if that fails, leave the job for another try, unless Discord refused."""
        with self._renewed(job):
            try:
                yield
            except BaseException as error:
                refused = REFUSED if job.resumed else None
                retry_in = refused if isinstance(error, ChatRefused) else RETRY if isinstance(error, Exception) else 0.0
                await self.settle(self._leases.get(job.lease, job), retry_in=retry_in)
                raise

    @asynccontextmanager
    async def editing(self, reply: Reply, *, beside_work: bool = False) -> AsyncIterator[None]:
        """Hold the lease of a reply's message during an edit that no event asked for; raises ChatUnavailable if it is held.

        `beside_work`: this process may hold it for its own work; it then does so until both are over.
        """
        if reply.message_id is None:  # a command's card, about which no event comes
            yield
            return
        async with self._edits.hold(str(reply.message_id)):
            if beside_work and any(reply.message_id == held.message_id for held in self._leases.values()):
                yield
                return
            job = await self.store.claim(reply.message_id, reply.channel_id, reply.guild_id, event=False)
            if job is None:
                raise ChatUnavailable("the message is being worked on")
            with self._renewed(job):
                try:
                    yield
                finally:  # so that `ResumeLoop` follows events that came during the edit; a waiting retry comes early
                    with suppress(StorageError):
                        await self.store.release(job)

    @contextmanager
    def _renewed(self, job: ReplyJob) -> Iterator[None]:
        """Keep a lease from expiring during a block."""
        if job.lease:
            self._leases[job.lease] = job
            if self._renewing is None or self._renewing.cancelling() or self._renewing.done():
                self._renewing = asyncio.create_task(self._renew(), name="renew leases")
        try:
            yield
        finally:
            self._leases.pop(job.lease, None)
            if self._renewing is not None and not self._leases:
                self._renewing.cancel()

    async def save(self, job: ReplyJob) -> None:
        """Store the state of a job, and go on with it."""
        if job.lease:
            await self.store.save(job)
            self._leases[job.lease] = job

    async def settle(self, job: ReplyJob, *, retry_in: float | None) -> ReplyJob | None:
        """Store the outcome of a job; give the job again if more events came during the work. Raises nothing.

        `retry_in`: seconds until another try; None if the job is done or another try cannot help.
        """
        if not job.lease:  # the database does not know the job
            return None
        try:
            async with self._edits.hold(str(job.message_id)):
                if retry_in is not None:
                    await self.store.release(job, seconds=retry_in)
                    return None
                again = await self.store.complete(job)
                if again is not None and again.lease in self._leases:
                    self._leases[again.lease] = again
                return again
        except StorageError as error:
            log.warning("outcome of a job not stored; it is taken up again later", reason=str(error))
            self.missed.remember(job.message_id, job.channel_id, job.guild_id)
            return None

    async def _renew(self) -> None:
        """Keep the held leases alive until it is cancelled."""
        while True:
            await asyncio.sleep(RENEW)
            try:
                await self.store.renew(tuple(self._leases))
            except StorageError as error:
                log.warning("leases not renewed", reason=str(error))
