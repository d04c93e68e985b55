"""The rules of robots.txt (RFC 9309): fetched, parsed by protego, and used for a day."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego

from bot.adapters.site.responses import MayPass
from bot.adapters.site.service_state import Clock


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one agent, named by its product token ("Precis")."""

    agent: str
    file: Protego

    def allows(self, url: str) -> bool:
        """Whether the agent may fetch an address."""
        return bool(self.file.can_fetch(url, self.agent))

    @property
    def delay(self) -> float:
        """Seconds between two requests that the file asks for; 0 if it asks for none."""
        return float(self.file.crawl_delay(self.agent) or 0)


EVERYTHING = Rules("", Protego.parse(""))
"""The rules of a site without robots.txt."""


class Robots:
    """The rules of one site, fetched again when they are `life` seconds old."""

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
        """Seconds between two requests that the file last asked for; None if it was never read.

        At most `life`, so that a mistake in the file does not stop the bot for good.
        """
        return min(self._rules.delay, self._life) if self._rules else None

    async def rules(self, read: Callable[[], Awaitable[bytes | None]]) -> Rules:
        """Give the rules; `read` fetches the file, or gives None if there is none, which allows everything.

        If the file cannot be fetched, older rules stay in force for a while; without older rules, all who waited for the
        file get MayPass.
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
