"""Turns: each message is worked on by one event at a time, in this process and in all that share the database."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import structlog

from bot.core.errors import StorageError
from bot.services.ports import Locks

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Turn:
    """Work on one message."""

    salt: str = field(default_factory=lambda: secrets.token_hex(12))
    """What the nonces of its cards are made of."""
    gone: bool = False
    """The message was deleted meanwhile."""
    vacated: set[int] = field(default_factory=set)
    """Cards that went, or show something else by now: pointers may point to them in vain."""
    ends: bool = False
    """What is sent now is the last: with its pair the promise is kept."""
    kept: bool = False
    lost: bool = False
    """A card was sent and could not be remembered: the promise stays, for a sweep to find the card."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Turns:
    """The turns that are under way, each message's in the order of its events; a message at rest takes no room."""

    def __init__(self, locks: Locks) -> None:
        self._locks = locks
        self._turns: dict[int, Turn] = {}

    @asynccontextmanager
    async def of(self, message_id: int, **where: int | None) -> AsyncIterator[Turn]:
        """Wait until nobody else works on a message; `where` goes to the log."""
        async with self._alone(message_id, where) as turn, alone(self._locks, _name(message_id)):
            yield turn

    @asynccontextmanager
    async def free(self, message_id: int, **where: int | None) -> AsyncIterator[Turn | None]:
        """Give the turn of a message that nobody works on, in whatever process; else None. Raises StorageError."""
        if message_id in self._turns:
            yield None
            return
        async with self._alone(message_id, where) as turn, self._locks.attempt(_name(message_id)) as free:
            yield turn if free else None

    def gone(self, message_ids: Iterable[int]) -> None:
        """Tell who works on messages that they were deleted."""
        for message_id in message_ids:
            if (turn := self._turns.get(message_id)) is not None:
                turn.gone = True

    @asynccontextmanager
    async def _alone(self, message_id: int, where: Mapping[str, int | None]) -> AsyncIterator[Turn]:
        """Wait until nobody else works on a message in this process."""
        turn = self._turns.setdefault(message_id, Turn())
        turn.waiting += 1
        try:
            with structlog.contextvars.bound_contextvars(message=message_id, **where):
                async with turn.lock:
                    turn.ends = turn.kept = turn.lost = False
                    yield turn
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[message_id]


def _name(message_id: int) -> str:
    return f"message {message_id}"


@asynccontextmanager
async def alone(locks: Locks, name: str) -> AsyncIterator[None]:
    """Hold a name in all processes; while the database cannot say who holds it, go on all the same."""
    async with AsyncExitStack() as held:
        try:
            await held.enter_async_context(locks.hold(name))
        except StorageError as error:
            log.warning("not locked", name=name, reason=str(error))
        yield
