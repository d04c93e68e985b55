"""A loop that is ended may finish what it has begun in the database."""

import asyncio

from discord.ext import tasks

from cogs.discord_kit.loops import end_loop


async def test_what_was_begun_is_finished() -> None:
    """Who ends a loop waits until it is over; without that, the event loop's end would cut a transaction off."""
    begun, done = asyncio.Event(), []

    @tasks.loop(seconds=3600)
    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:  # such as the end of a transaction
            for _ in range(20):
                await asyncio.sleep(0)
            done.append("transaction")

    work.start()
    await begun.wait()
    await end_loop(work)
    assert done == ["transaction"]
    assert not work.is_running()


async def test_nothing_to_end() -> None:
    """A loop that never began, or is over, needs no waiting."""
    rounds = []

    @tasks.loop(count=1)
    async def work() -> None:
        rounds.append(1)

    await end_loop(work)
    await work.start()
    await end_loop(work)
    assert rounds == [1]
