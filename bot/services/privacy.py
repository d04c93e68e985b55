"""Opting out of cards, and the erasure of a user's data."""

from collections.abc import Callable
from datetime import datetime

from bot.services.guild_ports import PeopleStore


class Privacy:
    """Keeps opt-outs, in memory so that a message costs no query, and erases users' data."""

    def __init__(self, people: PeopleStore, *, now: Callable[[], datetime]) -> None:
        self._people = people
        self._now = now
        self._opted_out: set[int] = set()
        self._mark: object = None

    async def refresh(self) -> None:
        """Load the users who opted out. Raises StorageError."""
        mark = await self._people.mark()
        before = frozenset(self._opted_out)
        stored = await self._people.opted_out()
        meanwhile = self._opted_out ^ before
        self._opted_out = {*(stored - meanwhile), *(self._opted_out & meanwhile)}
        self._mark = mark

    async def refresh_changed(self) -> None:
        """Load the users who opted out if they changed since the last time. Raises StorageError."""
        if await self._people.mark() != self._mark:
            await self.refresh()

    def opted_out(self, user_id: int) -> bool:
        """Whether a user opted out of cards for their links."""
        return user_id in self._opted_out

    async def opt_out(self, user_id: int) -> None:
        """Opt a user out. Raises StorageError; then nothing changes."""
        await self._people.opt_out(user_id, self._now())
        self._opted_out.add(user_id)

    async def opt_in(self, user_id: int) -> None:
        """Undo a user's opt-out. Raises StorageError; then nothing changes."""
        await self._people.opt_in(user_id)
        self._opted_out.discard(user_id)

    async def stored(self, user_id: int) -> int:
        """Count the stored cards for a user's links. Raises StorageError."""
        return await self._people.stored(user_id)

    async def erase(self, user_id: int) -> int:
        """Erase a user's data; return the number of cards. Raises StorageError.

        `bot.adapters.stores.people` lists the data that is kept, and why.
        """
        return await self._people.erase(user_id)
