"""Ending loops that run in the background."""

import asyncio
from typing import Any

from discord.ext import tasks


async def end_loop(loop: tasks.Loop[Any]) -> None:
    """Cancel a loop and wait until it is over, since it finishes what it has begun in the database."""
    loop.cancel()
    if (task := loop.get_task()) is not None:
        await asyncio.wait({task})
