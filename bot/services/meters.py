"""Meters, to which all layers report their work for metrics; the base class ignores the reports.

Reports consist of words from this file, names of commands and numbers, never of people's texts, IDs or names.
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
    """The outcome of a reply to a message, or of an answer to an interaction."""

    SENT = "sent"
    """A card was sent, or an interaction was answered."""
    POINTER = "pointer"
    """A pointer to an earlier card was sent."""
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
    """Discord refused it, or could not be reached."""
    DECLINED = "declined"
    """Any other expected failure: the user lacks the permission, or the input is invalid."""
    FAILED = "failed"
    """An unexpected failure."""


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
    """Give the outcome for an error, by the nearest of its base classes that has one."""
    return next((_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES), Outcome.FAILED)


class LookupOutcome(StrEnum):
    """The result of looking for a record in the store."""

    HIT = "hit"
    """The record was stored and fresh."""
    JOINED = "joined"
    """The record was being looked up already, by this process or another."""
    EXPIRED = "expired"
    """The record was too old: the site is asked whether it has changed."""
    STALE = "stale"
    """The record was too old, but is used, since the site could not be asked."""
    MISS = "miss"
    """The record was not stored: the site is asked."""
    MISSING = "missing"
    """The site said recently that there is no such record."""


class Meters:
    """Receives all that is counted and timed, and ignores it; subclasses record it. Methods are quick and never raise."""

    def __init__(self) -> None:
        self.messages = 0
        """The number of messages seen; a plain attribute, to cost little with every message."""
        self.pending = nan
        """The number of reply jobs that nobody works on, as the resume loop last found; NaN if it could not tell."""

    def links(self, count: int) -> None:
        """Count the links to records in a person's message."""

    def card(self, outcome: Outcome) -> None:
        """Count a link by the outcome of its reply."""

    def lookup(self, outcome: LookupOutcome) -> None:
        """Count a lookup of a record."""

    def request(self, site: str, status: str, seconds: float) -> None:
        """Count and time a request to a site or one of `SERVICES`; the status is "none" without an answer."""

    def interaction(self, kind: str, name: str, outcome: Outcome, seconds: float) -> None:
        """Count and time an interaction: its kind (command, button), name, outcome and seconds."""

    def gateway(self, shard: int, event: str) -> None:
        """Count an event of a shard: connected, resumed, disconnected, or unread (discord.py could not read it)."""


@dataclass(slots=True)
class InteractionAnswer:
    """Facts about the answer to an interaction, for the meters."""

    name: str = ""
    """The name of the command, or of the button, menu or form as given to `naming`."""
    outcome: Outcome = Outcome.SENT


ANSWER: ContextVar[InteractionAnswer | None] = ContextVar("answer", default=None)
"""The answer that the running task is giving; None outside interactions."""


def naming(name: str) -> None:
    """Note which button, menu or form the running task answers."""
    if (answer := ANSWER.get()) is not None and not answer.name:
        answer.name = name


def ending(outcome: Outcome) -> None:
    """Note the outcome of the interaction that the running task answers."""
    if (answer := ANSWER.get()) is not None:
        answer.outcome = outcome
