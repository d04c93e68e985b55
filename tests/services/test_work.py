"""Waiting for what is under way, and cancelling what takes too long."""

import asyncio

from bot.services.work import Work


async def test_what_is_under_way_is_waited_for() -> None:
    """All that was added, and what was added meanwhile; then nothing is left."""
    work, done = Work(), []

    async def late() -> None:
        done.append("late")

    async def early() -> None:
        await asyncio.sleep(0)
        work.add(asyncio.create_task(late()))
        done.append("early")

    work.add(asyncio.create_task(early()))
    assert await work.finish(30) == 0
    assert (done, work.count, work.stopping) == (["early", "late"], 0, True)
    assert work.over


async def test_what_takes_too_long_is_cancelled() -> None:
    """It may unwind; who waits is told how many there were."""
    work, unwound = Work(), []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            unwound.append(1)

    for _ in range(3):
        work.add(asyncio.create_task(endless()))
    await asyncio.sleep(0)
    assert await work.finish(0) == 3
    assert unwound == [1, 1, 1]


async def test_who_finishes_may_have_been_cancelled() -> None:
    """As a process is that is asked to end: what takes too long is cancelled all the same, and told."""
    work, told = Work(), []

    async def serve() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            told.append(await work.finish(0.01))

    work.add(endless := asyncio.create_task(asyncio.Event().wait()))
    serving = asyncio.create_task(serve())
    await asyncio.sleep(0)
    serving.cancel()
    await asyncio.wait({serving})
    assert told == [1]
    assert endless.cancelled()
    assert serving.cancelled()


async def test_what_runs_for_ever_counts_while_it_works() -> None:
    """A sweep that sleeps between two rounds holds nothing up."""
    work, go = Work(), asyncio.Event()

    async def sweeps() -> None:
        with work.doing():
            await go.wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(sweeps())
    await asyncio.sleep(0)
    assert work.count == 1
    go.set()
    assert await work.finish(30) == 0
    assert not task.done()
    task.cancel()
