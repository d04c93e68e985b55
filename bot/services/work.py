"""Counts the tasks under way, so that a stop can wait for them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

UNWINDING = 2.0
"""Seconds that cancelled tasks have to clean up."""


class Work:
    """The tasks that answer events and interactions, and periodic tasks during their runs."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._none = asyncio.Event()
        self.stopping = False
        """Whether no new work may begin."""
        self.over = False
        """Whether no one waits for the work any longer."""

    @property
    def count(self) -> int:
        """The number of tasks under way."""
        return len(self._tasks)

    def add(self, task: asyncio.Task[None]) -> None:
        """Count a task until it is done."""
        self._begin(task)
        task.add_done_callback(self._end)

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Count the running task during the block; for periodic tasks, which never end."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - coroutines run in tasks
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
        """Accept no more work, wait for tasks under way, then cancel the rest; return the number of cancelled tasks."""
        self.stopping = True
        # `asyncio.timeout` does not work here: in Python 3.11.2 it never expires in a task that was cancelled before.
        nothing_left = asyncio.create_task(self.nothing_left())
        await asyncio.wait({nothing_left}, timeout=seconds)
        nothing_left.cancel()
        self.over = True
        late = set(self._tasks)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=UNWINDING)
        return len(late)

    async def nothing_left(self) -> None:
        """Wait until no task is under way."""
        while self._tasks:  # again, since new interactions are still answered during the wait
            await self._none.wait()
