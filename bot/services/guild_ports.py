"""What the services need where choices of moderators and people, and the bot's guilds, are kept; `bot.adapters` gives it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.channel_settings import Change, Overrides


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What one guild's moderators chose."""

    revision: int
    """Goes up with each change."""
    overrides: Overrides


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A change, who made it, and when."""

    number: int
    """Later changes have higher ones."""
    change: Change
    by: int | None
    """The moderator's ID; None once they had themselves erased."""
    at: datetime
    """UTC."""


class SettingsStore(Protocol):
    """Where moderators' choices are kept; all raise StorageError."""

    async def revisions(self) -> Mapping[int, int]:
        """Give the revision of each guild whose moderators ever chose."""
        ...

    async def changed(self, seconds: float) -> Mapping[int, int]:
        """Give the revision of each guild that changed within the last seconds, by the store's own clock."""
        ...

    async def load(self, guild_ids: Collection[int]) -> Mapping[int, GuildSettings]:
        """Give what was chosen in these guilds; one that has nothing is not there."""
        ...

    async def change(
        self, guild_id: int, edit: Callable[[Overrides], Overrides], *, by: int, at: datetime
    ) -> tuple[GuildSettings, tuple[Change, ...]]:
        """Let `edit` turn what is stored now into what shall be; write what differs and its history in one transaction.

        While it runs nobody else changes that guild. Gives what is stored afterwards, and what changed.
        """
        ...

    async def history(self, guild_id: int, *, most: int, before: int | None = None) -> tuple[HistoryEntry, ...]:
        """Give a guild's last changes, the newest first, those before a number if one is given."""
        ...


class PeopleStore(Protocol):
    """Where it is kept who wants no cards; and the way to forget somebody. All raise StorageError."""

    async def opted_out(self) -> frozenset[int]:
        """Give the IDs of all who want no cards for their links."""
        ...

    async def mark(self) -> object:
        """Give something that is another, once somebody came to want no cards or to want them again."""
        ...

    async def opt_out(self, user_id: int, at: datetime) -> None:
        """Keep that somebody wants no cards."""
        ...

    async def opt_in(self, user_id: int) -> None:
        """Forget that somebody wanted none."""
        ...

    async def stored(self, user_id: int) -> int:
        """Count the pairs of somebody's links."""
        ...

    async def erase(self, user_id: int) -> int:
        """Forget somebody's pairs and their name in histories; gives how many pairs there were."""
        ...


@dataclass(frozen=True, slots=True)
class Expired:
    """What was forgotten."""

    cards: int
    """Pairs that were too old."""
    guilds: frozenset[int]


class GuildStore(Protocol):
    """Where it is kept which guilds the bot is in; and the end of what is kept too long. All raise StorageError."""

    async def present(
        self, guild_ids: Collection[int], at: datetime, *, shards: Collection[int] = (0,), shard_count: int = 1
    ) -> None:
        """Keep that of all guilds of these shards the bot is in these; others that it was in, it has left by now."""
        ...

    async def joined(self, guild_id: int) -> None:
        """Keep that the bot is in a guild."""
        ...

    async def left(self, guild_id: int, at: datetime) -> None:
        """Keep that the bot left a guild; the first time counts."""
        ...

    async def erase(self, guild_ids: Collection[int]) -> None:
        """Forget all that is stored of guilds."""
        ...

    async def expire(self, *, cards_before: datetime, left_before: datetime) -> Expired:
        """Forget pairs made before a time, and all of the guilds that the bot left before a time."""
        ...
