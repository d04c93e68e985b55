"""How long the bot waits before it tries again: growing pauses, Discord's own wishes, and a new beginning."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord_client.limits import DiscordLimits
from bot.discord_client.retry import LONG_RUN, LONGEST_ASKED, outlast


def refused(status: int, **headers: str) -> discord.HTTPException:
    response: Any = SimpleNamespace(
        status=status, reason="", headers={name.replace("_", "-"): headers[name] for name in headers}
    )
    return discord.HTTPException(response, None)


class Runs:
    """Runs that last and fail as told, on a clock of their own; the last one ends well."""

    def __init__(self, *runs: tuple[float, Exception]) -> None:
        self._runs = list(runs)
        self._now = 0.0
        self.pauses: list[float] = []

    async def run(self) -> None:
        if self._runs:
            seconds, error = self._runs.pop(0)
            self._now += seconds
            raise error

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def outlast(self) -> list[float]:
        await outlast(self.run, DiscordLimits().pause, clock=lambda: self._now, sleep=self.sleep)
        return self.pauses


async def test_pauses_grow_and_begin_anew() -> None:
    """Failures in a row wait longer each time; one after a long good run waits as the first did."""
    gone = ConnectionError()
    pauses = await Runs(*[(1, gone)] * 4, (LONG_RUN, gone), (1, gone)).outlast()
    for pause, least in zip(pauses, [1, 2, 4, 8, 1, 2], strict=True):
        assert least <= pause <= least + 1


@pytest.mark.parametrize(
    ("error", "least"),
    [
        (discord.RateLimited(1000), 1000),
        (refused(429, Retry_After="1000"), 1000),
        (refused(503, Retry_After="90"), 90),
        (refused(429, Retry_After="86400"), LONGEST_ASKED),
        (refused(429, Retry_After="soon"), 1),
        (refused(429), 1),
    ],
)
async def test_what_discord_asks_for(error: Exception, least: float) -> None:
    """Retry-After is waited for, within an hour."""
    [pause] = await Runs((1, error)).outlast()
    assert least <= pause <= least + 1


async def test_what_another_try_cannot_mend() -> None:
    """Other errors end it at once."""
    with pytest.raises(KeyError):
        await Runs((1, KeyError())).outlast()
