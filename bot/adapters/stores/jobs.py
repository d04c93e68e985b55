"""Reply jobs in the database: one leased row for each message (`ReplyJobRow`)."""

import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.clock import SecondsNow
from bot.adapters.database.engine import read
from bot.adapters.database.tables import ReplyJobRow
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.database.upsert import insert_of
from bot.core.reply import Mark, ReplyJob
from bot.services.ports import LEASE

_NOW = SecondsNow()
_FREE = ReplyJobRow.lease_until <= _NOW
_PENDING = ReplyJobRow.requests > ReplyJobRow.completed


class SqlJobs:
    """Implements `bot.services.ports.JobStore`."""

    def __init__(self, engine: AsyncEngine, transactions: SharedTransactions, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._transactions = transactions
        self._now = now

    async def claim(
        self, message_id: int, channel_id: int, guild_id: int | None, *, accepted: bool = False, event: bool = True
    ) -> ReplyJob | None:
        lease = secrets.token_hex(8)
        row = await self._note(message_id, channel_id, guild_id, lease, accepted=accepted, event=event)
        return _job(row, resumed=row.requests > row.completed + 1) if row.lease == lease else None

    async def request(self, message_id: int, channel_id: int, guild_id: int | None) -> None:
        await self._note(message_id, channel_id, guild_id, lease="", accepted=False)

    async def known(self, message_ids: Collection[int]) -> frozenset[int]:
        asked = select(ReplyJobRow.message_id).where(ReplyJobRow.message_id.in_(message_ids))
        return frozenset((await read(self._engine, asked)).scalars())

    async def take_up(self, message_id: int) -> ReplyJob | None:
        mine = select(ReplyJobRow.message_id).where(ReplyJobRow.message_id == message_id, _PENDING, _FREE)
        taken = (
            update(ReplyJobRow)
            .where(ReplyJobRow.message_id.in_(mine.with_for_update(skip_locked=True)))
            .values(lease=secrets.token_hex(8), lease_until=_NOW + LEASE)
            .returning(*ReplyJobRow.__table__.columns)
        )
        row = (await self._transactions.execute(taken)).one_or_none()
        return _job(row, resumed=True) if row is not None else None

    async def save(self, job: ReplyJob) -> None:
        await self._settle(job)

    async def complete(self, job: ReplyJob) -> ReplyJob | None:
        last = ReplyJobRow.requests == job.requests
        row = await self._settle(
            job,
            completed=job.requests,
            accepted=case((last, False), else_=ReplyJobRow.accepted),
            lease=case((last, ""), else_=ReplyJobRow.lease),
            lease_until=case((last, 0.0), else_=_NOW + LEASE),
        )
        return _job(row) if row is not None and row.requests > row.completed else None

    async def release(self, job: ReplyJob, *, seconds: float = 0.0) -> None:
        last = ReplyJobRow.requests == job.requests
        await self._settle(job, lease="", lease_until=case((last, _NOW + seconds), else_=0.0))

    async def renew(self, leases: Collection[str]) -> None:
        renewed = update(ReplyJobRow).where(ReplyJobRow.lease.in_(leases)).values(lease_until=_NOW + LEASE)
        await self._transactions.execute(renewed)

    async def pending(self, *, after: int = 0, most: int = 100) -> tuple[ReplyJob, ...]:
        found = (
            select(*ReplyJobRow.__table__.columns)
            .where(_PENDING, _FREE, ReplyJobRow.message_id > after)
            .order_by(ReplyJobRow.message_id)
            .limit(most)
        )
        return tuple(_job(row, resumed=True) for row in await read(self._engine, found))

    async def done_since(self, since: datetime) -> tuple[ReplyJob, ...]:
        done = select(*ReplyJobRow.__table__.columns).where(ReplyJobRow.requested_at >= since, ~_PENDING)
        return tuple(map(_job, await read(self._engine, done)))

    async def expire(self, before: datetime) -> int:
        return (await self._transactions.execute(delete(ReplyJobRow).where(ReplyJobRow.requested_at < before))).rowcount

    async def _note(
        self, message_id: int, channel_id: int, guild_id: int | None, lease: str, *, accepted: bool, event: bool = True
    ) -> Row[Any]:
        """Count an event if there is one, and take the lease named `lease` (if not empty) unless another holds the job."""
        values = {
            "message_id": message_id,
            "channel_id": channel_id,
            "guild_id": guild_id,
            "requested_at": self._now(),
            "requests": int(event),
            "nonce_seed": secrets.token_hex(12),
            "accepted": accepted,
            "lease": lease,
            "lease_until": (_NOW + LEASE) if lease else 0.0,
        }
        new = insert_of(self._engine.dialect.name, ReplyJobRow).values(values)
        free = or_(ReplyJobRow.lease == "", _FREE) if lease else false()  # an event need not wait for the retry
        noted = new.on_conflict_do_update(
            index_elements=["message_id"],
            set_={
                "requests": ReplyJobRow.requests + new.excluded.requests,
                "requested_at": new.excluded.requested_at if event else ReplyJobRow.requested_at,
                "accepted": or_(ReplyJobRow.accepted, new.excluded.accepted),
                "lease": case((free, new.excluded.lease), else_=ReplyJobRow.lease),
                "lease_until": case((free, new.excluded.lease_until), else_=ReplyJobRow.lease_until),
            },
        )
        return (await self._transactions.execute(noted.returning(*ReplyJobRow.__table__.columns))).one()

    async def _settle(self, job: ReplyJob, **became: Any) -> Row[Any] | None:
        """Store the state of a job and give its row; None if another has taken the lease."""
        settled = (
            update(ReplyJobRow)
            .where(ReplyJobRow.message_id == job.message_id, ReplyJobRow.lease == job.lease)
            .values(answered=sorted(job.answered), mark=job.mark.name if job.mark else None, **became)
            .returning(*ReplyJobRow.__table__.columns)
        )
        return (await self._transactions.execute(settled)).one_or_none()


def _job(row: Row[Any], *, resumed: bool = False) -> ReplyJob:
    return ReplyJob(
        message_id=row.message_id,
        channel_id=row.channel_id,
        guild_id=row.guild_id,
        requested_at=row.requested_at,
        nonce_seed=row.nonce_seed,
        lease=row.lease,
        requests=row.requests,
        accepted=row.accepted,
        answered=frozenset(row.answered),
        mark=Mark[row.mark] if row.mark else None,
        resumed=resumed,
    )
