"""What is kept of people and guilds, for how long, and its end."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.services.guild_ports import Expired, GuildStore, PeopleStore
from bot.services.guild_settings import SettingsService

KEEP_PAIRS = timedelta(days=90)
KEEP_GUILDS = timedelta(days=30)
"""After the bot left."""


class Privacy:
    """People's choices, held in memory: a message costs no query. And the end of what is kept too long."""

    def __init__(
        self, people: PeopleStore, guilds: GuildStore, settings: SettingsService, *, now: Callable[[], datetime]
    ) -> None:
        self._people = people
        self._guilds = guilds
        self._settings = settings
        self._now = now
        self._opted_out: set[int] = set()
        self._mark: object = None

    async def refresh(self) -> None:
        """Take in who wants no cards: at the start, and whenever another process may know more. Raises StorageError."""
        mark = await self._people.mark()
        before = frozenset(self._opted_out)
        stored = await self._people.opted_out()
        meanwhile = self._opted_out ^ before
        self._opted_out = {*(stored - meanwhile), *(self._opted_out & meanwhile)}
        self._mark = mark

    async def refresh_changed(self) -> None:
        """Do so where somebody's wish changed since; where none did, it costs next to nothing. Raises StorageError."""
        if await self._people.mark() != self._mark:
            await self.refresh()

    def opted_out(self, user_id: int) -> bool:
        """Whether somebody wants no cards for their links."""
        return user_id in self._opted_out

    async def opt_out(self, user_id: int) -> None:
        """Give somebody's links no cards from now on. Raises StorageError; then nothing changed."""
        await self._people.opt_out(user_id, self._now())
        self._opted_out.add(user_id)

    async def opt_in(self, user_id: int) -> None:
        """Give somebody's links cards again. Raises StorageError; then nothing changed."""
        await self._people.opt_in(user_id)
        self._opted_out.discard(user_id)

    async def stored(self, user_id: int) -> int:
        """Count the pairs of message and card that are stored of somebody. Raises StorageError."""
        return await self._people.stored(user_id)

    async def erase(self, user_id: int) -> int:
        """Forget what is stored of somebody; gives how many pairs there were. Raises StorageError.

        What stays, and why, stands in `bot.adapters.stores.people`.
        """
        return await self._people.erase(user_id)

    async def expire(self) -> Expired:
        """Forget what has been kept for long enough; to be called every day or so. Raises StorageError."""
        now = self._now()
        expired = await self._guilds.expire(cards_before=now - KEEP_PAIRS, left_before=now - KEEP_GUILDS)
        self._settings.forget(expired.guilds)
        return expired
