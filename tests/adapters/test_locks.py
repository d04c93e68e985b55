"""Locks by name."""

import asyncio

from bot.adapters.database.locks import LocalLocks


async def test_one_holder_at_a_time() -> None:
    """A name has one holder, the others wait in the order of asking; another name does not wait."""
    locks, seen = LocalLocks(), list[str]()

    async def work(who: str, name: str) -> None:
        async with locks.hold(name):
            seen.append(f"{who} in")
            await asyncio.sleep(0)
            seen.append(f"{who} out")

    await asyncio.gather(work("a", "record 1"), work("b", "record 1"), work("c", "record 2"))
    assert seen == ["a in", "c in", "a out", "c out", "b in", "b out"]
