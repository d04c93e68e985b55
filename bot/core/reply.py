"""A message that somebody posted, the bot's replies to it and its job, as plain data without Discord."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.channel_settings import Place
from bot.core.links import Link
from bot.core.reference import Reference


class Mark(StrEnum):
    """A reaction that the bot adds; a message has at most one."""

    OFFER = "\N{PAGE FACING UP}"
    """An offer of cards, which a click accepts; used where the mode is "ask"."""
    UNREADABLE = "\N{WHITE QUESTION MARK ORNAMENT}"
    """A link in the message got no card."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message that somebody posted, in its present state."""

    id: int
    channel_id: int
    """The channel, or the thread if the message is in one."""
    place: Place
    """The place whose settings apply to the channel."""
    author_id: int
    created_at: datetime
    """When the message was posted, UTC."""
    links: tuple[Link, ...]
    """The works that it links to, in the order of first mention; none if its author gets no replies."""
    author_roles: frozenset[int] = frozenset()
    version: int = 0
    """The time of the last edit in milliseconds since 1970; 0 for a message that was never edited."""
    marks: frozenset[Mark] = frozenset()
    """The bot's reactions that Discord reported with the message."""
    by_webhook: bool = False
    """Whether a webhook posted it, perhaps for a person."""
    has_preview: bool = False
    """Whether Discord shows link previews or may still add them; never true for the first post of a forum thread."""

    @property
    def guild_id(self) -> int | None:
        """The guild's ID; None in direct messages."""
        return self.place.guild_id


@dataclass(frozen=True, slots=True)
class Reply:
    """A card that the bot sent, or a pointer: one line that links to an earlier card of the same record.

    A message that shows several studies is several replies with the same ID, each a card or a pointer.
    """

    id: int
    """The ID of the bot's message."""
    message_id: int | None
    """The message that it replies to; None for a card that a command asked for."""
    reference: Reference
    channel_id: int
    """The channel, or the thread if the reply is in one."""
    poster_id: int
    """The user who posted the link or gave the command."""
    made_at: datetime
    """When it was sent, UTC."""
    parent_id: int | None = None
    """The channel that a public thread belongs to."""
    guild_id: int | None = None
    spoiler: bool = False
    """Whether the card is hidden as a spoiler, as its link is."""
    target_id: int | None = None
    """The card that a pointer links to; None for a card."""
    position: int = 0
    """The index of its study in the bot's message."""
    failed: tuple[Reference, ...] = ()
    """Records that the bot's message names as failed; the same in all replies with its ID, as is `more`."""
    more: int = 0
    """The number of further links that the bot's message does not show."""

    @property
    def url(self) -> str:
        """The address that opens the reply in Discord."""
        return f"https://discord.com/channels/{self.guild_id or '@me'}/{self.channel_id}/{self.id}"

    @property
    def is_pointer(self) -> bool:
        """Whether the reply is a pointer, not a card."""
        return self.target_id is not None


def by_message(replies: Iterable[Reply]) -> list[tuple[Reply, ...]]:
    """Group replies by the bot's message that they are in."""
    messages: dict[int, list[Reply]] = {}
    for reply in replies:
        messages.setdefault(reply.id, []).append(reply)
    return list(map(tuple, messages.values()))


@dataclass(frozen=True, slots=True)
class ReplyJob:
    """The job of one message, stored as a row: what is to be done about the message, and who does it.

    The holder of the lease works on the message. Events that come during the work only raise `requests`; the holder then
    looks at the message again. A lease that is not renewed expires; then any process may take the job up.
    """

    message_id: int
    channel_id: int
    guild_id: int | None
    requested_at: datetime
    """When the last event about the message came, UTC."""
    nonce_seed: str
    """A random text from which the nonces of the message's replies are derived."""
    lease: str
    """The name of this claim; empty for a job that the database could not store."""
    requests: int = 1
    """The number of events about the message so far."""
    accepted: bool = False
    """Whether somebody clicked the offer."""
    answered: frozenset[Reference] = field(default_factory=frozenset)
    """Linked records that got a reply. If the reply is gone, somebody deleted it, and no new one is sent."""
    mark: Mark | None = None
    """The reaction that the bot left."""
    resumed: bool = False
    """Whether an earlier holder did not finish, so that replies may have been sent that no store knows."""
