"""What asyncio reports of tasks that nobody waits for."""

import asyncio
import gc

import pytest

from bot.core.background import retrieve_error


@pytest.mark.parametrize(
    ("cancelled", "retrieved", "reports"),
    [(False, False, 1), (False, True, 0), (True, True, 0)],
    ids=["lost error", "retrieved error", "cancelled task"],
)
async def test_reports(cancelled: bool, retrieved: bool, reports: int) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))

    async def fail() -> None:
        raise ValueError

    task = asyncio.create_task(fail())
    if retrieved:
        task.add_done_callback(retrieve_error)
    if cancelled:
        task.cancel()
    await asyncio.wait({task})
    await asyncio.sleep(0)  # until the callback has run
    del task
    gc.collect()
    assert len(reported) == reports
