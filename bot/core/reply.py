"""A message that people posted, and the bot's replies to it; both as the rules see them, without Discord."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.channel_settings import Place
from bot.core.links import Link
from bot.core.reference import Reference


class Mark(StrEnum):
    """A reaction of the bot's own; a message carries one of them at most."""

    OFFER = "\N{PAGE FACING UP}"
    """Click it to get the cards: shown where moderators chose to be asked first."""
    UNREADABLE = "\N{WHITE QUESTION MARK ORNAMENT}"
    """A link in the message got no card."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message that a person posted, as it is now."""

    id: int
    channel_id: int
    """The thread, where it stands in one."""
    place: Place
    """The place whose settings hold in the channel."""
    author_id: int
    created_at: datetime
    """UTC."""
    links: tuple[Link, ...]
    """The records that it links to, in the order of their first mention; none where nobody is to be answered."""
    author_roles: frozenset[int] = frozenset()
    version: int = 0
    """The time of the last edit in milliseconds since 1970; 0 for a message that was never edited."""
    marks: frozenset[Mark] = frozenset()
    """The bot's reactions that Discord reported with the message."""
    by_webhook: bool = False
    """A webhook posted it, which may stand for a person."""
    has_preview: bool = False
    """Discord shows previews of its links, or may still add them; never true for the post that opens a forum thread."""

    @property
    def guild_id(self) -> int | None:
        """The guild's ID; None in direct messages."""
        return self.place.guild_id


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that the bot sent: a card, or a pointer (one line that links to an earlier card of the same record).

    A message that shows several studies is several replies with one ID, each a card or a pointer.
    """

    id: int
    """The bot's own message."""
    message_id: int | None
    """The message that it answers; None for a card that a command asked for."""
    reference: Reference
    channel_id: int
    """The thread, where it stands in one."""
    poster_id: int
    """Who posted the link or gave the command."""
    made_at: datetime
    """UTC."""
    parent_id: int | None = None
    """The channel that a public thread belongs to."""
    guild_id: int | None = None
    spoiler: bool = False
    """The card is hidden, because its link is; of a pointer the title, because its link or the card is."""
    target_id: int | None = None
    """The card that a pointer links to; None for a card."""
    position: int = 0
    """Its place among the studies of the bot's message."""
    failed: tuple[Reference, ...] = ()
    """Records whose links failed, as the bot's message says; the same in all replies with its ID, as is `more`."""
    more: int = 0
    """How many further links the bot's message does not show."""

    @property
    def url(self) -> str:
        """The address that opens it in Discord."""
        return f"https://discord.com/channels/{self.guild_id or '@me'}/{self.channel_id}/{self.id}"

    @property
    def is_pointer(self) -> bool:
        """Whether it is a pointer and not a card."""
        return self.target_id is not None


def by_message(replies: Iterable[Reply]) -> list[tuple[Reply, ...]]:
    """Put replies together that are in one message of the bot's."""
    messages: dict[int, list[Reply]] = {}
    for reply in replies:
        messages.setdefault(reply.id, []).append(reply)
    return list(map(tuple, messages.values()))


@dataclass(frozen=True, slots=True)
class ReplyJob:
    """One message's durable row: what is to be done about it, and who does it.

    Whoever holds the lease works on the message. Events that come meanwhile only raise `requests`; the holder then looks at
    the message again. A lease that is not renewed expires, and any process takes the job up.
    """

    message_id: int
    channel_id: int
    guild_id: int | None
    requested_at: datetime
    """When the last event about the message came, UTC."""
    nonce_seed: str
    """Random; the nonces of the message's replies are derived from it."""
    lease: str
    """Names this claim; empty for a job that the database could not store."""
    requests: int = 1
    """Events about the message so far."""
    accepted: bool = False
    """Somebody clicked the offer."""
    answered: frozenset[Reference] = field(default_factory=frozenset)
    """Linked records that got a reply. One whose reply is missing was deleted by somebody, and stays deleted."""
    mark: Mark | None = None
    """The reaction that the bot left."""
    resumed: bool = False
    """Somebody began before and did not finish: replies may have been sent that no store knows."""
