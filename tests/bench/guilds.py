"""Many guilds and cards: what a start and a message cost with them, against the same with next to none."""

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.adapters.database.engine import open_database
from tests.bench import Figure, middle
from tests.bench.bots import Pasted, open_ours, paste
from tests.bench.seed import seed

RECORDS = range(1, 38)


def figures(
    runs: int = 5, guilds: int = 10_000, records: int = 1_000, cards: int = 100_000, pastes: int = 150
) -> Iterator[Figure]:
    """Time starts and messages in turns, run by run."""
    with ExitStack() as stack:
        many, few = (
            f"sqlite+aiosqlite:///{Path(stack.enter_context(TemporaryDirectory(prefix='precis-bench-')))}/precis.sqlite3"
            for _ in range(2)
        )
        asyncio.run(_fill(many, guilds, records, cards))
        asyncio.run(_fill(few, 1, len(RECORDS), 10))
        starts = [(asyncio.run(_start(many)), asyncio.run(_start(few))) for _ in range(runs)]
        yield middle(Figure("guilds: database open and settings loaded", one, "s") for one, _ in starts)
        yield Figure("guilds: settings in memory", asyncio.run(_start(many, memory=True)), "MB", most=100)
        measured = [(asyncio.run(_paste(many, pastes)), asyncio.run(_paste(few, pastes))) for _ in range(runs)]
        yield middle(
            Figure("guilds", one.settled * 1e3, "ms a message", floor.settled * 1e3, 1.2) for one, floor in measured
        )
        yield middle(
            Figure("guilds: a channel's first", one.first * 1e3, "ms", floor.first * 1e3, 1.2) for one, floor in measured
        )


async def _fill(url: str, guilds: int, records: int, cards: int) -> None:
    async with open_database(url) as engine:
        await seed(engine, guilds=guilds, records=records, cards=cards)


async def _start(url: str, *, memory: bool = False) -> float:
    """Give the seconds until all is there, or the megabytes that it takes, by tracemalloc."""
    if memory:
        tracemalloc.start()
    began = time.perf_counter()
    async with open_ours(url):
        seconds = time.perf_counter() - began
        megabytes = tracemalloc.get_traced_memory()[0] / 1e6 if memory else 0.0
        tracemalloc.stop()
    return megabytes if memory else seconds


async def _paste(url: str, pastes: int) -> Pasted:
    async with open_ours(url) as ours:
        return await paste(ours.client(), pastes=pastes, records=RECORDS)
