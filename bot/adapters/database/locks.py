"""Locks by name within one process: whoever shares a database with nobody needs no others. And their keys elsewhere."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


def key_of(name: str) -> int:
    """Give the key of a name where locks have numbers, as on PostgreSQL: the first 64 bits of its BLAKE2b, signed.

    Two names that share a key, of which there may be a pair among five thousand million, wait for each other needlessly.
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, person=b"precis").digest(), "big", signed=True)


@dataclass(slots=True, eq=False)
class _Held:
    """A lock, and for how many it is kept."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class LocalLocks:
    """The locks of one process; a lock that nobody holds or waits for takes no room."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait until nobody else holds the name; see `bot.services.ports.Locks`."""
        held = self._held.setdefault(name, _Held())
        held.wanted += 1
        try:
            async with held.lock:
                yield
        finally:
            held.wanted -= 1
            if not held.wanted:
                del self._held[name]

    @asynccontextmanager
    async def attempt(self, name: str) -> AsyncIterator[bool]:
        """Hold the name where nobody does; see `bot.services.ports.Locks`."""
        if name in self._held:
            yield False
            return
        async with self.hold(name):
            yield True
