"""Reply jobs, on both databases: one leased row for each message."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.database.tables import ReplyJobRow
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.jobs import SqlJobs
from bot.adapters.stores.people import People
from bot.adapters.stores.replies import SqlReplies
from bot.core.errors import StorageError
from bot.core.reply import Mark, Reply, ReplyJob
from tests.references import erowid

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BIG = (1 << 63) - 100
WHERE = (BIG, BIG + 1, BIG + 2)
ANSWERED = frozenset({erowid(6004), erowid(8)})


@pytest.fixture
def jobs(engine: AsyncEngine) -> SqlJobs:
    return process(engine)


def process(engine: AsyncEngine, now: datetime = NOW) -> SqlJobs:
    """The jobs as one of many processes sees them."""
    return SqlJobs(engine, SharedTransactions(engine), lambda: now)


async def end_leases(engine: AsyncEngine) -> None:
    """Let all leases be over, as when nobody renews them."""
    async with engine.begin() as connection:
        await connection.execute(update(ReplyJobRow).values(lease_until=0))


async def claim(jobs: SqlJobs, message_id: int = BIG, **given) -> ReplyJob:
    job = await jobs.claim(message_id, BIG + 1, BIG + 2, **given)
    assert job is not None
    return job


async def test_one_of_many_gets_the_lease(engine: AsyncEngine) -> None:
    """Of all processes that hear of a message at once one works on it; it sees that there was more to hear."""
    claimed = await asyncio.gather(*(process(engine).claim(*WHERE) for _ in range(8)))
    (job,) = [one for one in claimed if one is not None]
    again = await process(engine).complete(replace(job, answered=ANSWERED))
    assert (again.requests, again.answered, again.lease, again.resumed) == (8, ANSWERED, job.lease, False)
    assert await process(engine).complete(again) is None
    assert await process(engine).pending() == ()


async def test_what_became_of_it_is_kept(jobs: SqlJobs) -> None:
    """The next event finds it: another lease, the same seed."""
    job = await claim(jobs, accepted=True)
    assert (job.requests, job.accepted, job.answered, job.mark) == (1, True, frozenset(), None)
    assert await jobs.complete(replace(job, answered=ANSWERED, mark=Mark.UNREADABLE)) is None
    later = await claim(jobs)
    assert (later.requests, later.accepted, later.answered, later.mark) == (2, False, ANSWERED, Mark.UNREADABLE)
    assert later.nonce_seed == job.nonce_seed
    assert later.lease != job.lease
    assert not later.resumed


async def test_an_accepted_offer_is_not_lost(jobs: SqlJobs) -> None:
    """A click that comes while somebody works on the message is seen afterwards."""
    job = await claim(jobs)
    assert await jobs.claim(*WHERE, accepted=True) is None
    assert (await jobs.complete(job)).accepted


async def test_a_lease_that_is_over(jobs: SqlJobs, engine: AsyncEngine) -> None:
    """Whoever comes next takes the job up; what the former holder has to say counts no more."""
    first = await claim(jobs)
    assert await jobs.take_up(BIG) is None
    assert await jobs.pending() == ()
    await end_leases(engine)
    assert [one.message_id for one in await jobs.pending()] == [BIG]
    second = await jobs.take_up(BIG)
    assert second.resumed
    assert await jobs.take_up(BIG) is None
    assert await jobs.complete(replace(first, answered=ANSWERED)) is None
    await jobs.release(first)
    assert await jobs.pending() == ()
    assert await jobs.complete(second) is None
    assert (await claim(jobs)).answered == frozenset()


async def test_two_processes_take_up_a_job_at_once(postgresql_url: str) -> None:
    """One process gets the job; the other one goes on at once, though the first one's transaction is still open."""
    taken, finish = asyncio.Event(), asyncio.Event()

    async def stay_open(_: AsyncConnection) -> None:
        taken.set()
        await finish.wait()

    async with open_database(postgresql_url) as engine:
        await process(engine).request(*WHERE)
        transactions = SharedTransactions(engine)
        first = asyncio.create_task(SqlJobs(engine, transactions, lambda: NOW).take_up(BIG))
        staying = asyncio.create_task(transactions.run(stay_open))  # in the same transaction, after the row is locked
        await taken.wait()
        try:
            assert await process(engine).take_up(BIG) is None  # it would wait until PostgreSQL cancels its statement
        finally:
            finish.set()
            await asyncio.wait({first, staying})
        assert (await first).message_id == BIG


async def test_an_event_after_a_crash(jobs: SqlJobs, engine: AsyncEngine) -> None:
    """Who claims a message that somebody began and did not finish is told so."""
    await claim(jobs)
    await end_leases(engine)
    assert (await claim(jobs)).resumed


async def test_renewing(jobs: SqlJobs, engine: AsyncEngine) -> None:
    """A lease lives as long as its holder does."""
    job = await claim(jobs)
    await end_leases(engine)
    await jobs.renew([job.lease])
    assert await jobs.take_up(BIG) is None
    await jobs.renew([])


async def test_releasing(jobs: SqlJobs) -> None:
    """A job that could not be finished stays pending: from now on, or after a pause; what was done is kept."""
    job = await claim(jobs)
    await jobs.release(replace(job, answered=ANSWERED), seconds=1000)
    assert await jobs.pending() == ()
    assert await jobs.take_up(BIG) is None
    other = await claim(jobs, 5)
    await jobs.release(replace(other, answered=ANSWERED))
    (pending,) = await jobs.pending()
    assert (pending.message_id, pending.answered, pending.resumed) == (5, ANSWERED, True)


@pytest.mark.parametrize("seconds", [0.0, 1000.0])
async def test_a_lease_without_an_event(jobs: SqlJobs, engine: AsyncEngine, seconds: float) -> None:
    """Whoever only edits a reply takes the lease, where it is free, and gives it back: nothing else changes."""
    job = await claim(jobs)
    assert await jobs.claim(*WHERE, event=False) is None
    assert await jobs.complete(replace(job, answered=ANSWERED, mark=Mark.UNREADABLE)) is None
    edit = await claim(process(engine, NOW + DAY), event=False)
    assert (edit.requests, edit.answered, edit.lease != job.lease) == (1, ANSWERED, True)
    assert await jobs.claim(*WHERE) is None
    await jobs.release(edit, seconds=seconds)
    (pending,) = await jobs.pending()  # of the event that came meanwhile, at once
    assert (pending.requests, pending.answered, pending.mark) == (2, ANSWERED, Mark.UNREADABLE)
    assert pending.requested_at == NOW


async def test_a_lease_of_a_message_whose_job_expired(jobs: SqlJobs) -> None:
    """It has a row again, with nothing to do; the first event about it is the first."""
    edit = await claim(jobs, event=False)
    assert await jobs.claim(*WHERE, event=False) is None
    await jobs.release(edit)
    assert await jobs.pending() == ()
    assert await jobs.take_up(BIG) is None
    again = await claim(jobs)
    assert (again.requests, again.resumed) == (1, False)


async def test_a_lease_of_a_job_that_waits_for_its_retry(jobs: SqlJobs) -> None:
    """It may be taken, and the job stays pending."""
    await jobs.release(await claim(jobs), seconds=1000)
    await jobs.release(await claim(jobs, event=False))
    assert [one.message_id for one in await jobs.pending()] == [BIG]


async def test_a_request(jobs: SqlJobs) -> None:
    """It may be taken up at once, by anybody."""
    await jobs.request(*WHERE)
    assert (await jobs.take_up(BIG)).resumed
    await jobs.request(*WHERE)
    assert await jobs.pending() == ()


async def test_many_are_given_in_parts(jobs: SqlJobs) -> None:
    """In the order of their messages."""
    for number in (3, 1, 2):
        await jobs.request(number, 1, 2)
    assert [one.message_id for one in await jobs.pending(most=2)] == [1, 2]
    assert [one.message_id for one in await jobs.pending(after=2)] == [3]
    assert await jobs.known([1, 2, 9]) == {1, 2}
    assert await jobs.known([]) == frozenset()


async def test_their_end(engine: AsyncEngine) -> None:
    """They go with their time, with their guild, and with what is stored of who posted the message."""
    for number in (1, 2, 3, 4):
        await process(engine, NOW - number * DAY).request(number, 1, number)
    jobs = process(engine)
    assert await jobs.expire(NOW - 3 * DAY) == 1
    assert await jobs.known([1, 2, 3, 4]) == {1, 2, 3}
    await Guilds(engine).erase([1])
    await SqlReplies(engine, SharedTransactions(engine)).add(Reply(7, 2, erowid(1), 5, 6, NOW))
    await People(engine).erase(6)
    assert await jobs.known([1, 2, 3, 4]) == {3}


async def test_a_database_that_is_gone(jobs: SqlJobs, engine: AsyncEngine) -> None:
    """One foreseen error, for each of those who share a transaction."""
    job = await claim(jobs)
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE reply_jobs"))
    failed = await asyncio.gather(
        jobs.claim(*WHERE),
        jobs.request(*WHERE),
        jobs.take_up(BIG),
        jobs.complete(job),
        jobs.release(job),
        jobs.renew(["a"]),
        jobs.known([1]),
        jobs.pending(),
        jobs.expire(NOW),
        return_exceptions=True,
    )
    assert [type(one) for one in failed] == [StorageError] * 9


async def test_each_query_has_its_index(jobs: SqlJobs, engine: AsyncEngine) -> None:
    """Who looks for pending jobs reads no others, however many are done; nothing goes through the whole table."""
    asked = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")) and "reply_jobs" in statement:
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    job = await claim(jobs)
    await jobs.renew([job.lease])
    await jobs.complete(job)
    await jobs.release(job)
    await jobs.take_up(BIG)
    await jobs.known([1, 2])
    await jobs.pending()
    await jobs.expire(NOW)
    await Guilds(engine).erase([1])
    await People(engine).erase(1)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    whole = "SCAN reply_jobs" if engine.dialect.name == "sqlite" else "Seq Scan on reply_jobs"
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    plans = ""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET enable_seqscan = off"))  # the table is too small for it to care
        for statement, parameters in asked:
            plan = "\n".join(map(str, await connection.exec_driver_sql(f"{explain} {statement}", parameters)))
            assert whole not in plan, f"{statement}\n{plan}"
            plans += plan
    if engine.dialect.name == "sqlite":
        names = ("pending", "requested_at", "guild_id", "lease")
        assert [name for name in names if f"ix_reply_jobs_{name}" not in plans] == []
