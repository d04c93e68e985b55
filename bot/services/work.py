"""What is under way: so that the end can wait for it, and nothing begins after the end has begun."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

UNWINDING = 2.0
"""Seconds that cancelled work has to let go of what it holds."""


class Work:
    """The tasks that somebody waits for: events, interactions, sweeps."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._none = asyncio.Event()
        self.stopping = False
        """Nothing new is to be begun."""
        self.over = False
        """Nor is anything waited for any more."""

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, task: asyncio.Task[None]) -> None:
        """Count a task until it is done."""
        self._begin(task)
        task.add_done_callback(self._end)

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Count the running task while the block lasts: for what runs for ever and works now and then."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - whoever works, works in a task
        self._begin(task)
        try:
            yield
        finally:
            self._end(task)

    def _begin(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        self._none.clear()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._none.set()

    async def finish(self, seconds: float) -> int:
        """Take nothing more, wait for what is under way, and cancel what is not done by then; gives how many that were."""
        self.stopping = True
        # No `asyncio.timeout`: who finishes was cancelled itself, where Python 3.11.2's never tells that the time is over.
        nothing_left = asyncio.create_task(self._nothing_left())
        await asyncio.wait({nothing_left}, timeout=seconds)
        nothing_left.cancel()
        self.over = True
        late = set(self._tasks)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=UNWINDING)
        return len(late)

    async def _nothing_left(self) -> None:
        while self._tasks:  # again, since what is put off is answered meanwhile
            await self._none.wait()
