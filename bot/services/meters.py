"""What the layers report of their work, for metrics; by default nobody listens.

Everything told is of a closed set: words of this file, commands' names and numbers, never what people wrote, IDs or names.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from math import nan

from bot.core.errors import (
    BadAnswer,
    BotError,
    DiscordUnreachable,
    NotARecord,
    PageChanged,
    RecordNotFound,
    Refused,
    SiteError,
    StorageError,
    TooBusy,
    Unreachable,
    UntrustedSite,
)

SERVICES = ("Europe PMC", "Crossref", "Unpaywall", "PubMed")


class Outcome(StrEnum):
    """How a reply to a message, or the answer to an interaction, ended."""

    SENT = "sent"
    """A card; or whatever answers an interaction."""
    POINTER = "pointer"
    """A line that points to an earlier card."""
    NOT_FOUND = "not_found"
    NOT_A_RECORD = "not_a_record"
    PAGE_CHANGED = "page_changed"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad_answer"
    UNTRUSTED = "untrusted"
    REFUSED = "refused"
    TOO_BUSY = "too_busy"
    STORAGE = "storage"
    DISCORD = "discord_refused"
    """Discord did not take it, or could not be reached."""
    DECLINED = "declined"
    """Any other foreseen failure: the user may not do that, or wrote what cannot be understood."""
    FAILED = "failed"
    """An unforeseen failure."""


_OUTCOMES: dict[type[BaseException], Outcome] = {
    RecordNotFound: Outcome.NOT_FOUND,
    NotARecord: Outcome.NOT_A_RECORD,
    PageChanged: Outcome.PAGE_CHANGED,
    Unreachable: Outcome.UNREACHABLE,
    BadAnswer: Outcome.BAD_ANSWER,
    UntrustedSite: Outcome.UNTRUSTED,
    Refused: Outcome.REFUSED,
    TooBusy: Outcome.TOO_BUSY,
    SiteError: Outcome.BAD_ANSWER,
    StorageError: Outcome.STORAGE,
    DiscordUnreachable: Outcome.DISCORD,
    BotError: Outcome.DECLINED,
}


def outcome_of(error: BaseException) -> Outcome:
    """Name the outcome of a failure, by the nearest of its classes that has one."""
    return next((_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES), Outcome.FAILED)


class LookupOutcome(StrEnum):
    """What a lookup found in the store."""

    HIT = "hit"
    """It was stored, and fresh."""
    JOINED = "joined"
    """It was being looked up already, in this process or another."""
    EXPIRED = "expired"
    """It was stored for too long: the site is asked whether it still holds."""
    STALE = "stale"
    """It was stored for too long, but the site could not be asked: it is used all the same."""
    MISS = "miss"
    """It was not stored: the site is asked."""
    MISSING = "missing"
    """The site said not long ago that there is none."""


class Meters:
    """Hears what is to be counted and timed, and keeps nothing: subclasses record it. No method takes long or raises."""

    def __init__(self) -> None:
        self.messages = 0
        """Messages seen: a bare number, since every message passes there."""
        self.pending = nan
        """Reply jobs that nobody works on, as the resume loop found them; NaN where it could not tell."""

    def links(self, count: int) -> None:
        """Count links to records in a message of a person."""

    def card(self, outcome: Outcome) -> None:
        """Count a link that was answered with a card, or was not."""

    def lookup(self, outcome: LookupOutcome) -> None:
        """Count a lookup of a record."""

    def request(self, site: str, status: str, seconds: float) -> None:
        """Time a request to a site of records or one of `SERVICES`; the status is "none" where no answer came."""

    def interaction(self, kind: str, name: str, outcome: Outcome, seconds: float) -> None:
        """Time an interaction."""

    def gateway(self, shard: int, event: str) -> None:
        """Count an event of a shard: connected, resumed, disconnected, or unread (discord.py could not read it)."""


@dataclass(slots=True)
class InteractionAnswer:
    """What is known of the answer to an interaction."""

    name: str = ""
    """The command's; of a click or a form, what `naming` says."""
    outcome: Outcome = Outcome.SENT


ANSWER: ContextVar[InteractionAnswer | None] = ContextVar("answer", default=None)
"""The answer that the running task gives."""


def naming(name: str) -> None:
    """Note which button, menu or form the running task answers."""
    if (answer := ANSWER.get()) is not None and not answer.name:
        answer.name = name


def ending(outcome: Outcome) -> None:
    """Note the outcome of the interaction that the running task answers."""
    if (answer := ANSWER.get()) is not None:
        answer.outcome = outcome
