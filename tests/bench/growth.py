"""What things cost against how much is stored: a figure for each size, and a plot of them all in build/bench/.

With a size there are as many records and cards, and a tenth as many guilds; cards are spread over 80 days and the guilds.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.settings import StoredSettings
from bot.services.guild_settings import SettingsService
from tests.bench import Figure
from tests.bench.bots import NOW, Ours, in_a_folder, open_ours, paste
from tests.bench.plot import plot
from tests.bench.seed import FIRST, seed

SIZES = (100, 1_000, 10_000, 100_000)
FOLDER = Path("build/bench")


def figures(sizes: tuple[int, ...] = SIZES, pastes: int = 60, times: int = 9, folder: Path = FOLDER) -> Iterator[Figure]:
    """Give medians in milliseconds, and draw them."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for size in sizes:
        for name, seconds in in_a_folder(lambda url, size=size: _costs(url, size, pastes, times)).items():
            lines.setdefault(name, []).append((size, seconds * 1e3))
            yield Figure(f"growth: {name}, {size:,} stored", seconds * 1e3, "ms")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = plot("Cost against what is stored", "records and cards stored (a tenth as many guilds)", "milliseconds", lines)
    (folder / "growth.svg").write_text(drawn, "utf-8")


async def _costs(url: str, size: int, pastes: int, times: int) -> dict[str, float]:
    async with open_ours(url) as ours:
        await seed(ours.engine, guilds=max(1, size // 10), records=size, cards=size)
        library, channel = ours.services.library, FIRST
        fresh = SettingsService(StoredSettings(ours.engine), now=lambda: NOW)
        costs = {
            "/study search, a rare word": await _median(lambda: library.search("rat77 latency"), times),
            "/study search, a common word": await _median(lambda: library.search("imaginary drug"), times),
            "/study recent": await _median(lambda: library.recent(channel), times),
            "/study bibliography": await _median(lambda: library.bibliography([channel], days=90), times),
            "settings at a start": await _median(fresh.refresh, 1),
            "message with a stored record": (await paste(ours.client(), pastes=pastes, records=range(1, 38))).settled,
        }
        return costs | {"expire a day's cards": await _expire(ours)}


async def _median(work: Callable[[], Awaitable[Any]], times: int) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


async def _expire(ours: Ours) -> float:
    """Forget the oldest of 80 days."""
    cut = NOW - timedelta(days=79)
    began = time.perf_counter()
    await Guilds(ours.engine).expire(cards_before=cut, left_before=cut)
    return time.perf_counter() - began
