"""Tasks that go on in the background after their callers were cancelled."""

import asyncio
from typing import Any


def retrieve_error(task: asyncio.Future[Any]) -> None:
    """Retrieve the error of a task that is done: asyncio logs an error that nobody retrieves as lost.

    A done callback, for tasks whose callers may all be cancelled; a caller that still waits gets the error as usual.
    """
    if not task.cancelled():
        task.exception()
