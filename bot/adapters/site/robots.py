"""What the site's robots.txt lets us read: asked once, believed for a day, as RFC 9309 says; read by protego."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego

from bot.adapters.site.rate_limiter import Clock
from bot.adapters.site.responses import MayPass


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one agent, by its product token ("Precis")."""

    agent: str
    file: Protego

    def allows(self, url: str) -> bool:
        """Whether the agent may fetch an address."""
        return bool(self.file.can_fetch(url, self.agent))

    @property
    def delay(self) -> float:
        """Seconds that the file asks to leave between two requests; 0 where it asks for none."""
        return float(self.file.crawl_delay(self.agent) or 0)


class Robots:
    """The rules in force, read again when they are `life` seconds old."""

    def __init__(self, *, agent: str, life: float, clock: Clock) -> None:
        self._agent = agent
        self._life = life
        self._clock = clock
        self._one = asyncio.Lock()
        self._rules: Rules | None = None
        self._until = 0.0
        self._failure: MayPass | None = None
        self._reads = 0

    @property
    def delay(self) -> float | None:
        """The delay last asked for, None where the file was never read.

        It is at most the file's life, so that a slip in it does not stop us for good.
        """
        return min(self._rules.delay, self._life) if self._rules else None

    async def rules(self, read: Callable[[], Awaitable[bytes | None]]) -> Rules:
        """Give the rules; `read` fetches the file, or None where there is none (all is allowed then).

        If the file cannot be had, nobody knows what is allowed: MayPass, for all who waited for it, unless older rules are
        known, which then hold for a while longer.
        """
        seen = self._reads
        async with self._one:
            if self._rules is not None and self._clock() < self._until:
                return self._rules
            if self._failure is not None and self._reads != seen:
                raise self._failure.again()
            self._rules = await self._read(read)
            return self._rules

    async def _read(self, read: Callable[[], Awaitable[bytes | None]]) -> Rules:
        try:
            body = await read()
        except MayPass as failure:
            self._reads += 1
            self._failure = failure
            if self._rules is None:
                raise
            self._until = self._clock() + self._life / 24
            return self._rules
        self._failure = None
        self._until = self._clock() + self._life
        return Rules(self._agent, Protego.parse((body or b"").decode("utf-8-sig", "replace")))
