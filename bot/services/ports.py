"""What the services need of the world; `bot.adapters` gives it, tests give their own."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.record import Record
from bot.core.reference import Reference


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the site gave it."""

    reference: Reference
    body: bytes
    charset: str | None = None
    """The charset of the Content-Type header, where it names one."""
    etag: str | None = None
    last_modified: str | None = None
    """The two validators, verbatim."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page kept, with the record once read from it."""

    page: Page
    record: Record
    parser: int
    """Version of the parser that read it; another version reads the bytes again."""
    read_at: datetime
    """When the site last gave it or said that it still holds, UTC."""


class PageSource(Protocol):
    """Where pages come from."""

    async def fetch(self, reference: Reference, known: Page | None = None) -> Page | None:
        """Fetch a record's page; None when the site says that `known` still holds.

        Raises RecordNotFound, or a SiteError once its tries are used up; with a `known` page, which can be shown instead,
        there is one try.
        """
        ...


class RecordStore(Protocol):
    """Where records once read are kept."""

    async def get(self, reference: Reference) -> StoredPage | None:
        """Give what is kept of a record, however old."""
        ...

    async def put(self, stored: StoredPage) -> None:
        """Keep a page and its record in place of what was kept."""
        ...

    async def missing(self, reference: Reference, now: datetime) -> bool:
        """Whether the site has said lately that there is no such record."""
        ...

    async def miss(self, reference: Reference, now: datetime, until: datetime) -> None:
        """Keep until when it is believed that there is no such record; forget what is believed no longer."""
        ...


class Locks(Protocol):
    """What one asker at a time may do, of all processes that share the database.

    Names are words and IDs (`record 6004`, `message 123`). A process that dies lets go of what it held.
    """

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else holds the name, and hold it. Raises StorageError where nobody can tell."""
        ...

    def attempt(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Hold the name where nobody does; gives whether. Raises StorageError where nobody can tell."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was read, as a list shows it."""

    reference: Reference
    title: str
    authors: str
    """`Doe`, `Doe & Roe` or `Doe et al.`; empty where none is known."""
    year: int | None


class LibraryStore(Protocol):
    """Where records once read are listed and searched."""

    async def search(self, text: str, *, most: int, unfinished: bool = False) -> tuple[Hit, ...]:
        """Give the records that fit any text, the best first; of an unfinished one the last word is the beginning of one."""
        ...

    async def hits(self, references: Collection[Reference]) -> Mapping[Reference, Hit]:
        """Give what a list shows of each of these records that was read."""
        ...

    async def records(self, references: Collection[Reference]) -> Mapping[Reference, Record]:
        """Give each of these records that was read."""
        ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A card that the bot sent, and the message that it answers."""

    card_id: int
    """The bot's own message."""
    message_id: int | None
    """The message with the link; None for a card that a command asked for."""
    reference: Reference
    channel_id: int
    """Where both stand: the thread, if it is one."""
    poster_id: int
    """Who posted the link or gave the command."""
    made_at: datetime
    """UTC."""
    parent_id: int | None = None
    """The channel that the thread belongs to; None for a private thread, which not all of the channel can see."""
    guild_id: int | None = None
    spoiler: bool = False
    """The link stands behind a spoiler, so the card does."""
    pointer: bool = False
    """It is a line that links to an earlier card, in place of a card."""
    target_id: int | None = None
    """The card that a pointer points to."""


class CardStore(Protocol):
    """Where pairs of message and card are kept; all raise StorageError."""

    async def add(self, pair: Pair, *, kept_at: datetime | None = None) -> None:
        """Keep a pair, in place of what was kept of its card; with a time, its message's promise is kept with it."""
        ...

    async def of_message(self, message_id: int) -> tuple[Pair, ...]:
        """Give the pairs of a message, in the order of their cards."""
        ...

    async def of_card(self, card_id: int) -> Pair | None:
        """Give the pair of a card."""
        ...

    async def about(self, message_ids: Collection[int]) -> tuple[Pair, ...]:
        """Give the pairs that speak of messages: as what is answered, as the card, as what a pointer points to."""
        ...

    async def remove(self, card_ids: Collection[int]) -> None:
        """Forget the pairs of cards that are gone."""
        ...

    async def replace(self, card_id: int, pair: Pair) -> bool:
        """Keep a pair in place of the one of a card, which may be the same card; not where that was forgotten meanwhile."""
        ...

    async def forget_channel(self, channel_id: int) -> int:
        """Forget the pairs of a channel or thread that is gone, and of its threads; gives how many."""
        ...

    async def last(self, channel_id: int, references: Collection[Reference], since: datetime) -> Mapping[Reference, Pair]:
        """Give the last card of each of these records in a channel since a time: one query for a whole message."""
        ...

    async def recent(self, channel_id: int, *, most: int) -> tuple[Pair, ...]:
        """Give the last cards of a channel or thread, the newest first."""
        ...

    async def studies(self, channel_id: int, since: datetime, *, threads: bool = False) -> Mapping[Reference, bool]:
        """Give the records carded in a channel or thread since a time, its threads too if asked, oldest first.

        With each, whether all of its cards there stand behind spoilers.
        """
        ...


@dataclass(frozen=True, slots=True)
class Promise:
    """A message with links that the bot took up, to be answered whatever happens to the process that did."""

    message_id: int
    channel_id: int
    guild_id: int | None
    made_at: datetime
    """UTC."""
    salt: str
    """Random: what the nonces of its cards are made of."""
    version: int = 0
    """Which of the message's edits was taken up: its time in milliseconds; 0: the message as it was posted."""
    links: str = ""
    """A digest of the links that it had, 16 characters at most: two edits may come in one millisecond."""
    again: bool = False
    """Somebody began before and did not end: some of its cards may be there."""


class Promises(Protocol):
    """Where it is written down which messages are taken up; all raise StorageError. No text of a message is in it."""

    async def make(self, promise: Promise, *, later: bool = False) -> Promise | None:
        """Write a promise down, and give it; None where that version with those links is kept, or a later one is begun.

        Where the message has one already, its salt stays. Whoever asks holds the message's lock. `later` will do for a
        message that was just posted, that this process sees for the first time, and whose answer is at hand: where no other
        process could have taken it up, it may be written down a moment after this.
        """
        ...

    async def flush(self) -> None:
        """Write down what is not yet."""
        ...

    async def keep(self, message_id: int, at: datetime) -> None:
        """Note that a message's promise is kept."""
        ...

    async def reopen(self, message_ids: Collection[int], at: datetime) -> None:
        """Note that there is work on messages again, as where they were deleted."""
        ...

    async def unkept(self, *, before: datetime, after: int = 0, most: int = 100) -> tuple[Promise, ...]:
        """Give the promises made before a time and not kept, in the order of their messages' IDs, those after one."""
        ...

    async def expire(self, before: datetime) -> int:
        """Forget the promises made before a time; gives how many."""
        ...
