"""Ports: the stores of settings, people and guilds; `bot.adapters.stores` implements them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.channel_settings import Change, Overrides


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings of one guild."""

    revision: int
    """Increases with each change."""
    overrides: Overrides


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A change of a setting, who made it, and when."""

    number: int
    """Increases with time."""
    change: Change
    by: int | None
    """The moderator's ID; None after that user's data was erased."""
    at: datetime
    """When the change was made, UTC."""


class SettingsStore(Protocol):
    """Stores settings; all methods raise StorageError."""

    async def revisions(self) -> Mapping[int, int]:
        """Give the revision of each guild whose settings have ever been changed."""

    async def changed(self, seconds: float) -> Mapping[int, int]:
        """Give the revision of each guild whose settings changed within the last seconds, by the store's own clock."""

    async def load(self, guild_ids: Collection[int]) -> Mapping[int, GuildSettings]:
        """Load the settings of guilds; those without any are left out."""

    async def change(
        self, guild_id: int, edit: Callable[[Overrides], Overrides], *, by: int, at: datetime
    ) -> tuple[GuildSettings, tuple[Change, ...]]:
        """Apply `edit` to a guild's settings, and store the differences and their history in one transaction.

        No other process can change the guild during the transaction. Returns the new settings and the changes.
        """

    async def history(self, guild_id: int, *, most: int, before: int | None = None) -> tuple[HistoryEntry, ...]:
        """Give a guild's last changes, the newest first, optionally those before a number."""


class PeopleStore(Protocol):
    """Stores who opted out of cards, and erases a user's data; all methods raise StorageError."""

    async def opted_out(self) -> frozenset[int]:
        """Give the IDs of the users who opted out."""

    async def mark(self) -> object:
        """Give a fingerprint that changes when any user opts out or in."""

    async def opt_out(self, user_id: int, at: datetime) -> None:
        """Store that a user opted out at a time, unless an earlier time is stored."""

    async def opt_in(self, user_id: int) -> None:
        """Delete a user's opt-out."""

    async def stored(self, user_id: int) -> int:
        """Count the stored cards for a user's links."""

    async def erase(self, user_id: int) -> int:
        """Erase a user's cards and their ID in the history; return the number of cards."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The data that was erased because it was too old."""

    cards: int
    """The number of cards."""
    guilds: frozenset[int]


class GuildStore(Protocol):
    """Stores which guilds the bot is in, and erases old data; all methods raise StorageError."""

    async def present(
        self, guild_ids: Collection[int], at: datetime, *, shards: Collection[int] = (0,), shard_count: int = 1
    ) -> None:
        """Store that the bot is in these guilds, and in no others of these shards."""

    async def joined(self, guild_id: int) -> bool:
        """Store that the bot joined a guild; return whether the guild is new, which only one of several callers is told."""

    async def left(self, guild_id: int, at: datetime) -> None:
        """Store that the bot left a guild at a time, unless an earlier time is stored."""

    async def erase(self, guild_ids: Collection[int]) -> None:
        """Erase all data of guilds."""

    async def expire(self, *, cards_before: datetime, left_before: datetime) -> Expired:
        """Erase the cards made before a time, and all data of guilds that the bot left before a time."""
