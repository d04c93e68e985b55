"""Turns at the site: one request at a time, in the order of asking, a set time apart.

Small and our own: the libraries at hand (aiolimiter) let a queue grow without bound and take no clock. Several processes
on one database can share turns behind the same Protocol, by reserving the next slot in one statement.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.errors import TooBusy

Clock = Callable[[], float]
"""Seconds that never run backwards, from any zero."""
Sleep = Callable[[float], Awaitable[None]]


class Pace(Protocol):
    """Who gives turns."""

    async def turn(self, every: float, patience: float) -> None:
        """Wait for a turn, at least `every` seconds after the last; TooBusy if it is over `patience` seconds away."""
        ...

    async def hold(self, seconds: float) -> None:
        """Let no turn come within the next `seconds`, whoever waits."""
        ...


class LocalPace:
    """The turns of one process. A caller who gives up leaves no gap and no lock behind."""

    def __init__(self, *, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._order = asyncio.Lock()  # fair: it wakes its waiters in the order of asking
        self._next = clock()
        self.waiting = 0

    async def turn(self, every: float, patience: float) -> None:
        """Wait for a turn; see `Pace`."""
        ahead = max(self._next - self._clock(), 0) + self.waiting * every
        if ahead > patience:
            raise TooBusy(f"{self.waiting} wait for the site; the next turn is {ahead:.0f} s away")
        self.waiting += 1
        try:
            async with self._order:
                while (left := self._next - self._clock()) > 0:  # again, since a hold may have come meanwhile
                    await self._sleep(left)
                self._next = self._clock() + every
        finally:
            self.waiting -= 1

    async def hold(self, seconds: float) -> None:
        """Hold all turns; see `Pace`."""
        self._next = max(self._next, self._clock() + seconds)
