"""Keeps events and deletions in memory while the database does not answer."""

from collections.abc import Collection
from dataclasses import dataclass

from cachetools import LRUCache

from bot.services.ports import JobStore

UNSTORED = 1_000
"""The most messages remembered whose events could not be stored."""
DELETED = 10_000
"""The most deleted messages remembered."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event about a message, to be stored later."""

    channel_id: int
    guild_id: int | None
    if_known: bool
    """Whether the event counts only if the message has a job."""


class Missed:
    """Events that were missed: those to store, and deletions to follow."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._unstored: LRUCache[int, Event] = LRUCache(UNSTORED)  # by message
        self._deleted: LRUCache[int, int] = LRUCache(DELETED)  # with their channels

    def remember(self, message_id: int, channel_id: int, guild_id: int | None, *, if_known: bool = False) -> None:
        """Keep an event until it can be stored; one that always counts is not replaced by one that counts `if_known`."""
        earlier = self._unstored.get(message_id)
        if earlier is None or earlier.if_known:
            self._unstored[message_id] = Event(channel_id, guild_id, if_known)

    def remember_deleted(self, message_ids: Collection[int], channel_id: int) -> None:
        """Keep messages whose deletion could not be followed, until `forget_deleted`."""
        self._deleted.update(dict.fromkeys(message_ids, channel_id))

    def deleted(self) -> dict[int, list[int]]:
        """Give the IDs of the remembered deleted messages, by channel."""
        where = dict(self._deleted)
        return {channel_id: [one for one in where if where[one] == channel_id] for channel_id in set(where.values())}

    def forget_deleted(self, message_ids: Collection[int]) -> None:
        """Drop deleted messages whose deletion was followed."""
        for message_id in message_ids:
            self._deleted.pop(message_id, None)

    async def store(self) -> None:
        """Store the remembered events. Raises StorageError."""
        while self._unstored:
            message_id, event = next(iter(self._unstored.items()))
            if not event.if_known or await self._store.known([message_id]):
                await self._store.request(message_id, event.channel_id, event.guild_id)
            self._unstored.pop(message_id, None)
