"""Named locks within one process, and the numbers by which PostgreSQL knows the names."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


def key_of(name: str) -> int:
    """Give the number of a name: the first 64 bits of its BLAKE2b, signed. Names that share a number share a lock."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, person=b"precis").digest(), "big", signed=True)


@dataclass(slots=True, eq=False)
class _Held:
    """A lock, and the number of tasks that hold it or wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class LocalLocks:
    """The locks of one process; unused ones are dropped."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        held = self._held.setdefault(name, _Held())
        held.wanted += 1
        try:
            async with held.lock:
                yield
        finally:
            held.wanted -= 1
            if not held.wanted:
                del self._held[name]
