"""A paste of a stored record to its reply, against a bare bot of twelve lines that has nothing to look up.

Both answer with the same message. The first paste in each of the channels is told by itself: of a channel ours asks the
database once, after a start, what it has seen.
"""

import asyncio
from collections.abc import Iterator

from tests.bench import Figure, middle
from tests.bench.bots import Bare, a_drawing, in_a_folder, open_ours, paste

RECORDS = range(1, 38)


def figures(runs: int = 5, pastes: int = 150, records: range = RECORDS) -> Iterator[Figure]:
    """Time both in turns, run by run."""
    measured = [(_bare(pastes, records), _ours(pastes, records)) for _ in range(runs)]
    yield middle(Figure("reply", ours.replied * 1e3, "ms", bare.replied * 1e3, 1.5) for bare, ours in measured)
    yield middle(Figure("reply: a channel's first", ours.first * 1e3, "ms", bare.first * 1e3) for bare, ours in measured)
    yield middle(Figure("reply: until all is written", ours.settled * 1e3, "ms") for _, ours in measured)


def _ours(pastes, records):
    async def run(url):
        async with open_ours(url) as ours:
            return await paste(ours.client(), pastes=pastes, records=records)

    return in_a_folder(run)


def _bare(pastes, records):
    async def run():
        async with open_ours("sqlite+aiosqlite://") as ours:
            drawing = await a_drawing(ours)
        return await paste(Bare(drawing), pastes=pastes, records=records)

    return asyncio.run(run())
