"""What the services need of the world; `bot.adapters` gives it, tests give their own."""

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
    """A page as a site gave it, or a service's answer."""

    reference: Reference
    body: bytes
    charset: str | None = None
    """The charset of the Content-Type header, where it names one."""
    etag: str | None = None
    last_modified: str | None = None
    """The two validators, verbatim."""
    site: str = ""
    """The name of the site that gave it: "Erowid"."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page kept, with the record once read from it."""

    page: Page
    record: Record
    parser: int
    """Version of the parser that read it; another version reads the bytes again."""
    read_at: datetime
    """When the site last gave it or said that it still holds, UTC."""
    enrichment: Enrichment | None = None
    """What the record's own source says beside the record; None for a site whose pages hold records alone."""
    makeshift: bool = False
    """It is from a poorer site, since the first one did not answer: it is shown, but the next who asks asks again."""


class PageSource(Protocol):
    """Where pages come from."""

    def may_ask(self, site: str) -> bool:
        """Whether a site may be asked; another one must not be."""

    async def fetch(self, request: Request, known: Page | None = None) -> Page | None:
        """Fetch an answer about a work; None when the site says that `known` still holds.

        Raises RecordNotFound, or a SiteError once its tries are used up; with a `known` page, which can be shown instead,
        there is one try.
        """


class RecordStore(Protocol):
    """Where records once read are kept."""

    async def get(self, reference: Reference) -> StoredPage | None:
        """Give what is kept of a record, however old; else what is kept of the same work under another reference.

        A record's own source says which other references name the same work.
        """

    async def put(self, stored: StoredPage) -> None:
        """Keep a page and its record in place of what was kept."""

    async def missing(self, reference: Reference, now: datetime) -> bool:
        """Whether the site has said lately that there is no such record."""

    async def miss(self, reference: Reference, now: datetime, until: datetime) -> None:
        """Store until when we rely on there being no such record; drop entries whose time is over."""


class IdentityStore(Protocol):
    """Where the references of each record's work are kept."""

    async def same(self, references: Collection[Reference]) -> Mapping[Reference, frozenset[Reference]]:
        """Give for each reference all that are known to name the same work, itself among them. Raises StorageError."""


class Locks(Protocol):
    """Locks by name, such as `record 6004`; each has one holder at a time, over all processes that share the database.

    A process that dies lets go of its locks.
    """

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else holds the name, and hold it. Raises StorageError where the database cannot tell."""


@dataclass(frozen=True, slots=True)
class ShownStudy:
    """How channels showed a record."""

    last_card_id: int
    hidden: bool
    """Whether all its cards there are behind spoilers."""


class ReplyStore(Protocol):
    """Where the bot's replies are kept; every method raises StorageError."""

    async def add(self, *replies: Reply) -> bool:
        """Keep what one message of the bot's shows; nothing, and False, if another reply shows one of the records there."""

    async def of_message(self, message_id: int) -> tuple[Reply, ...]:
        """Give the replies to a message, in the order in which they were sent."""

    async def get(self, reply_ids: Collection[int]) -> Mapping[int, tuple[Reply, ...]]:
        """Give replies by their own IDs; those that are not kept have no key."""

    async def about(self, message_ids: Collection[int]) -> tuple[Reply, ...]:
        """Give the replies that these messages are, that answer them, or that point to them."""

    async def remove(self, reply_ids: Collection[int]) -> None:
        """Forget replies."""

    async def replace(self, *replies: Reply) -> None:
        """Keep the replies of one message of the bot's in place of those that were kept, unless these were forgotten."""

    async def forget_channel(self, channel_id: int) -> int:
        """Forget the replies in a channel or thread, and in its threads; gives how many."""

    async def last_card(self, channel_id: int, references: Collection[Reference], since: datetime) -> Reply | None:
        """Give the last card of any of these records in a channel since a time."""

    async def recent(self, channel_id: int, *, most: int) -> tuple[Reply, ...]:
        """Give the last cards of a channel or thread, the newest first."""

    async def studies(
        self, channel_ids: Collection[int], since: datetime, *, threads: bool = False
    ) -> Mapping[Reference, ShownStudy]:
        """Give the records shown in channels or threads since a time, the oldest first; `threads`: in their threads too."""


class JobStore(Protocol):
    """Where reply jobs are kept; every method raises StorageError. No text of a message is in it.

    A job is pending until all its requests are done. Leases are measured by the store's own clock, so that processes agree.
    """

    async def claim(
        self, message_id: int, channel_id: int, guild_id: int | None, *, accepted: bool = False, event: bool = True
    ) -> ReplyJob | None:
        """Note an event about a message, and take its lease; None where somebody holds the lease, who will see the event.

        Without an `event`, only take the lease.
        """

    async def request(self, message_id: int, channel_id: int, guild_id: int | None) -> None:
        """Note an event about a message, for any process to work on."""

    async def known(self, message_ids: Collection[int]) -> frozenset[int]:
        """Give those of the messages that have a job."""

    async def take_up(self, message_id: int) -> ReplyJob | None:
        """Take the lease of a pending job; None where it is done, or somebody holds the lease."""

    async def save(self, job: ReplyJob) -> None:
        """Store what became of a job so far, and keep its lease."""

    async def complete(self, job: ReplyJob) -> ReplyJob | None:
        """Store what became of a job; gives it anew, still leased, where events came meanwhile."""

    async def release(self, job: ReplyJob, *, seconds: float = 0.0) -> None:
        """Store what became of a job so far and leave it pending; nobody takes it up before so many seconds have passed."""

    async def renew(self, leases: Collection[str]) -> None:
        """Keep leases from expiring."""

    async def pending(self, *, after: int = 0, most: int = 100) -> tuple[ReplyJob, ...]:
        """Give pending jobs that nobody holds, in the order of their messages' IDs, those after one ID."""

    async def done_since(self, since: datetime) -> tuple[ReplyJob, ...]:
        """Give the jobs that are done, and whose last event came after a time."""

    async def expire(self, before: datetime) -> int:
        """Forget the jobs whose last event came before a time; gives how many."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """A card as a channel's settings want it drawn."""

    card: Card
    settings: ChannelSettings
    poster_id: int
    """Who may delete it."""
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class PointerContent:
    """One line that links to an earlier card."""

    target: Reply
    title: str = ""
    """The study's title; empty where it is unknown, or hidden by a spoiler."""


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Several studies in one message, each as a compact card or a pointer; a menu shows them in full."""

    entries: tuple[CardContent | PointerContent, ...]
    settings: ChannelSettings
    poster_id: int | None
    """Who may delete it; None for a private one."""
    failed: tuple[str, ...] = ()
    """Names of the works whose links failed: "Erowid 6004"."""
    more: int = 0
    """How many further links have no place in it."""


Content = CardContent | PointerContent | DigestContent


@dataclass(frozen=True, slots=True)
class FoundReply:
    """A reply of the bot in a channel's history; a message that shows several studies counts as several, with one ID."""

    id: int
    reference: Reference | None
    """The record of a card; None for a pointer."""
    target_id: int | None
    """The card that a pointer links to."""
    spoiler: bool = False


class Chat(Protocol):
    """One channel's messages. Methods raise MessageGone, ChatRefused, or ChatUnavailable where trying again may help."""

    channel_id: int
    guild_id: int | None
    parent_id: int | None
    """The channel of a public thread, which shows what its threads show; None for anything else."""
    place: Place
    """The place whose settings hold in the channel."""

    async def post(self, message_id: int) -> Post:
        """Fetch a message."""

    async def find_posts(self, message_ids: Collection[int]) -> Mapping[int, Post | None]:
        """Look messages up in the channel's history; None for those that are gone.

        It is read backwards from the newest of them, in few requests; those that this does not reach are left out.
        """

    def may_reply(self, since: datetime) -> bool:
        """Whether the bot may reply to a message of that time. A thread that was archived after it is not opened again."""

    def typing(self) -> AbstractAsyncContextManager[None]:
        """Show "typing"; where that fails, nothing happens."""

    async def send(self, message_id: int, content: Content, nonce: str) -> int:
        """Reply to a message, silently and without a ping; gives the reply's ID.

        Discord answers a nonce that it saw in the last minutes with the reply that was sent then.
        """

    async def edit(self, reply_id: int, content: Content) -> None:
        """Let a reply show something else."""

    async def delete(self, reply_id: int) -> None:
        """Delete a reply; one that is gone already is no error."""

    async def shows(self, reply_id: int) -> frozenset[Reference]:
        """Give the records whose cards a message of the bot's shows now."""

    async def find_replies(self, message_id: int) -> tuple[FoundReply, ...]:
        """Look through the messages that follow for the bot's own replies to a message."""

    async def set_mark(self, message_id: int, mark: Mark | None, old: Collection[Mark]) -> Mark | None:
        """React to a message, and take the old reactions away; gives the reaction that stands. Never raises."""

    async def suppress_preview(self, message_id: int) -> None:
        """Take Discord's previews away from a message, where the bot may. Never raises."""


OpenChat = Callable[[int], Awaitable[Chat]]
"""Opens a channel by its ID; raises ChatError."""
