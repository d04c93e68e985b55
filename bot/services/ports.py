"""Ports: what the services need from sites, databases and Discord; adapters and tests implement them."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings, Place
from bot.core.enrichment import Enrichment
from bot.core.record import Record
from bot.core.reference import Reference
from bot.core.reply import Mark, Post, Reply, ReplyJob
from bot.core.source import Request

LEASE = 12.0
"""Seconds after which a lease that nobody renewed expires: long enough for a busy machine, short enough after a crash."""
RENEW = 4.0
"""Seconds between two renewals of a lease."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page from a site, or an answer from a service, as received."""

    reference: Reference
    body: bytes
    charset: str | None = None
    """The charset of the Content-Type header; None if it names none."""
    etag: str | None = None
    last_modified: str | None = None
    """The validators `etag` and `last_modified` are verbatim from the headers."""
    site: str = ""
    """The name of the site that sent it: "Erowid"."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A stored page, with the record that was read from it."""

    page: Page
    record: Record
    parser: int
    """Version of the parser that read the page; another version reads the page again."""
    read_at: datetime
    """When the site last sent the page or said that it has not changed, UTC."""
    enrichment: Enrichment | None = None
    """The enrichment from the same page; None for a site whose pages only have records."""
    makeshift: bool = False
    """Whether it is from a poorer site, since a better one did not answer; then it is shown, but not stored."""


class PageSource(Protocol):
    """Fetches pages from sites."""

    def may_ask(self, site: str) -> bool:
        """Whether requests may be sent to a site; `fetch` is only called for such sites."""

    async def fetch(self, request: Request, known: Page | None = None) -> Page | None:
        """Fetch an answer about a work; None if the site says that `known` has not changed.

        Raises RecordNotFound, or a SiteError once the tries are used up. With a `known` page, which can be shown instead,
        there is only one try.
        """


class RecordStore(Protocol):
    """Stores records with their pages; all methods raise StorageError."""

    async def get(self, reference: Reference) -> StoredPage | None:
        """Give the stored page of a record, however old; else that of the same work under another reference; else None.

        Other references count if the stored record's own page names them.
        """

    async def put(self, stored: StoredPage) -> None:
        """Store a page and its record, in place of an older one."""

    async def missing(self, reference: Reference, now: datetime) -> bool:
        """Whether the site has recently said that there is no such record."""

    async def miss(self, reference: Reference, now: datetime, until: datetime) -> None:
        """Store that there is no such record, which counts `until` a time; delete entries whose time is over."""


class IdentityStore(Protocol):
    """Stores the references of each record's work."""

    async def same(self, references: Collection[Reference]) -> Mapping[Reference, frozenset[Reference]]:
        """Give for each reference all known references of the same work, itself included. Raises StorageError."""


class Locks(Protocol):
    """Locks by name, such as `record 6004`; each has one holder at a time among all processes that share the database.

    The locks of a process that dies are released.
    """

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until no other caller holds the lock, and hold it during the block. Raises StorageError."""


@dataclass(frozen=True, slots=True)
class ShownStudy:
    """The cards of one record in some channels."""

    last_card_id: int
    hidden: bool
    """Whether all cards of the record there are behind spoilers."""


class ReplyStore(Protocol):
    """Stores the bot's replies; every method raises StorageError."""

    async def add(self, *replies: Reply) -> bool:
        """Store the replies in one message of the bot; False, storing none, if another reply shows one of their records."""

    async def of_message(self, message_id: int) -> tuple[Reply, ...]:
        """Give the replies to a message, in the order in which they were sent."""

    async def get(self, reply_ids: Collection[int]) -> Mapping[int, tuple[Reply, ...]]:
        """Give the replies in messages of the bot, by the messages' IDs; IDs that are not stored are left out."""

    async def about(self, message_ids: Collection[int]) -> tuple[Reply, ...]:
        """Give the replies that have one of these IDs, answer one of these messages, or point to one."""

    async def remove(self, reply_ids: Collection[int]) -> None:
        """Delete the stored replies with these IDs."""

    async def replace(self, *replies: Reply) -> None:
        """Replace the stored replies of one message of the bot; do nothing if none are stored."""

    async def forget_channel(self, channel_id: int) -> int:
        """Delete the stored replies in a channel or thread, and in its threads; return their number."""

    async def last_card(self, channel_id: int, references: Collection[Reference], since: datetime) -> Reply | None:
        """Give the last card of any of these records in a channel since a time; None if there is none."""

    async def recent(self, channel_id: int, *, most: int) -> tuple[Reply, ...]:
        """Give the last cards of a channel or thread, the newest first."""

    async def studies(
        self, channel_ids: Collection[int], since: datetime, *, threads: bool = False
    ) -> Mapping[Reference, ShownStudy]:
        """Give the records shown in channels since a time, the oldest first; with `threads` also in their threads."""


class JobStore(Protocol):
    """Stores reply jobs, without texts of messages; every method raises StorageError.

    A job is pending until all its requests are done. Leases are timed by the store's clock, so that processes agree.
    """

    async def claim(
        self, message_id: int, channel_id: int, guild_id: int | None, *, accepted: bool = False, event: bool = True
    ) -> ReplyJob | None:
        """Count an event about a message, and take its lease; None if another holds the lease, who will see the event.

        `accepted`: the event is a click on the offer. Without an `event`, only take the lease.
        """

    async def request(self, message_id: int, channel_id: int, guild_id: int | None) -> None:
        """Count an event about a message, for any process to work on."""

    async def known(self, message_ids: Collection[int]) -> frozenset[int]:
        """Give those of the messages that have a job."""

    async def take_up(self, message_id: int) -> ReplyJob | None:
        """Take the lease of a pending job; None if the job is done, or another holds the lease."""

    async def save(self, job: ReplyJob) -> None:
        """Store the state of a job, and keep its lease."""

    async def complete(self, job: ReplyJob) -> ReplyJob | None:
        """Store the state of a job as done; give the job again, still leased, if more events came during the work."""

    async def release(self, job: ReplyJob, *, seconds: float = 0.0) -> None:
        """Store the state of a job and leave it pending; it can be taken up again after some seconds."""

    async def renew(self, leases: Collection[str]) -> None:
        """Extend the leases with these names."""

    async def pending(self, *, after: int = 0, most: int = 100) -> tuple[ReplyJob, ...]:
        """Give the first pending jobs without a holder, by the ID of the message; only IDs greater than `after`."""

    async def done_since(self, since: datetime) -> tuple[ReplyJob, ...]:
        """Give the done jobs whose last event came since a time."""

    async def expire(self, before: datetime) -> int:
        """Delete the jobs whose last event came before a time; return their number."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """A message with one card, to be drawn by a channel's settings."""

    card: Card
    settings: ChannelSettings
    poster_id: int
    """The user who may delete the message."""
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class PointerContent:
    """A message of one line that links to an earlier card."""

    target: Reply
    title: str = ""
    """The study's title; empty if it is unknown, or hidden as a spoiler."""


@dataclass(frozen=True, slots=True)
class DigestContent:
    """A message of several studies, each as a compact card or a pointer; a menu shows them in full."""

    entries: tuple[CardContent | PointerContent, ...]
    settings: ChannelSettings
    poster_id: int | None
    """The user who may delete the message; None for a private one."""
    failed: tuple[str, ...] = ()
    """Names of the works whose links failed: "Erowid 6004"."""
    more: int = 0
    """The number of further links, for which there is no place."""


Content = CardContent | PointerContent | DigestContent


@dataclass(frozen=True, slots=True)
class FoundReply:
    """A reply of the bot in a channel's history; a message of several studies is several replies with the same ID."""

    id: int
    reference: Reference | None
    """The record of a card; None for a pointer."""
    target_id: int | None
    """The ID of the card that a pointer links to; None for a card."""
    spoiler: bool = False


class Chat(Protocol):
    """The messages of one channel. Methods raise MessageGone, ChatRefused, or ChatUnavailable if another try may help."""

    channel_id: int
    guild_id: int | None
    parent_id: int | None
    """The ID of a public thread's channel, whose lists include its threads; None for all other channels."""
    place: Place
    """The place whose settings apply to the channel."""

    async def post(self, message_id: int) -> Post:
        """Fetch a message. Raises MessageGone if it was deleted."""

    async def find_posts(self, message_ids: Collection[int]) -> Mapping[int, Post | None]:
        """Look messages up in the channel's history; None for those that are gone.

        The history is read backwards from the newest of them, in few requests; messages further back are left out.
        """

    def may_reply(self, since: datetime) -> bool:
        """Whether the bot may reply to a message posted at a time; not if that would reopen a thread archived since then."""

    def typing(self) -> AbstractAsyncContextManager[None]:
        """Show "typing" during the block; a failure is ignored."""

    async def send(self, message_id: int, content: Content, nonce: str) -> int:
        """Reply to a message, silently and without a ping; return the reply's ID.

        For a nonce that Discord saw in the last minutes, it returns the reply that was sent then.
        """

    async def edit(self, reply_id: int, content: Content) -> None:
        """Replace the content of a reply."""

    async def delete(self, reply_id: int) -> None:
        """Delete a reply; do nothing if it is gone already."""

    async def shows(self, reply_id: int) -> frozenset[Reference]:
        """Give the records whose cards a message of the bot now shows."""

    async def find_replies(self, message_id: int) -> tuple[FoundReply, ...]:
        """Find the bot's own replies to a message among the messages after it."""

    async def set_mark(self, message_id: int, mark: Mark | None, old: Collection[Mark]) -> Mark | None:
        """Add the reaction `mark`, remove the `old` ones, and return the remaining one. Raises nothing."""

    async def suppress_preview(self, message_id: int) -> None:
        """Suppress Discord's previews in a message, if the bot may. Raises nothing."""


OpenChat = Callable[[int], Awaitable[Chat]]
"""Opens a channel by its ID; raises ChatError."""
