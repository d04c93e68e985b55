"""The message for which steps of `bot.core.plan` are carried out, and the outcome of a step."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings
from bot.core.errors import BotError, ChatError, ChatUnavailable, TooBusy
from bot.core.reference import Reference
from bot.core.reply import Post, Reply, ReplyJob
from bot.services.cards import CardOf
from bot.services.jobs import RETRY
from bot.services.meters import Meters, Outcome, outcome_of
from bot.services.ports import CardContent, Chat
from bot.services.studies import Same

SLOW = 1.0
"""Seconds after which the bot shows "typing" while a card is being made."""
PATIENCE = 10.0
"""Seconds for which a message of several studies waits for all of their cards."""
LONGEST_RETRY = 900.0
"""The longest wait for a retry in seconds, even if a service asks for more, since looking again is cheap."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """All that the steps for one message need to know of it."""

    chat: Chat
    post: Post
    job: ReplyJob
    settings: ChannelSettings
    is_wanted: Callable[[], bool]
    """Whether new replies may still be sent: not once the message is deleted or its author opted out."""
    card_of: CardOf
    """Gives the task that makes a card for the message, once for all steps."""
    replies: tuple[Reply, ...] = ()
    """The replies that the message had when the work began."""
    same: Same = field(default_factory=dict)
    """For references of its links and replies, all references of the same study."""

    def names(self, reference: Reference) -> frozenset[Reference]:
        """Give all references of a study that were known when the work on the message began."""
        return self.same.get(reference, frozenset({reference}))

    def content(self, card: Card, *, spoiler: bool) -> CardContent:
        """Make the content of a reply that shows a card."""
        return CardContent(card, self.settings, self.post.author_id, spoiler)


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """The outcome of one step."""

    answered: frozenset[Reference] = frozenset()
    """Records that now have a reply."""
    lost: frozenset[Reference] = frozenset()
    """Records whose reply is gone because a step failed, so that they may be answered again."""
    failed: bool = False
    """Whether a link got no reply."""
    retry_in: float | None = None
    """Seconds after which another try may help; None if nothing failed, or another try cannot help."""
    vacated: frozenset[int] = frozenset()
    """IDs of replies that were deleted or now show another record."""

    def __or__(self, other: "StepOutcome") -> "StepOutcome":
        return StepOutcome(
            self.answered | other.answered,
            self.lost | other.lost,
            self.failed or other.failed,
            min((one.retry_in for one in (self, other) if one.retry_in is not None), default=None),
            self.vacated | other.vacated,
        )


def retry_in(error: BotError) -> float | None:
    """Give the seconds after which to try again; None if that cannot help, or would bother the site for one message.

    TooBusy means that the site was not asked: too many requests waited, or the circuit is open for `retry_after` seconds.
    """
    if not isinstance(error, TooBusy | ChatUnavailable):
        return None
    return min(max(RETRY, error.retry_after or 0.0), LONGEST_RETRY)


async def attempt(work: Coroutine[Any, Any, StepOutcome], reference: Reference, meters: Meters) -> StepOutcome:
    """Wait for a step; a failure is logged and turned into an outcome."""
    try:
        return await work
    except ChatError as error:
        log.warning("step failed", record=str(reference), error=type(error).__name__, reason=str(error))
        meters.card(Outcome.DISCORD)
        return StepOutcome(failed=True, retry_in=retry_in(error))
    except BotError as error:
        log.info("no card", record=str(reference), error=type(error).__name__, reason=str(error))
        meters.card(outcome_of(error))
        return StepOutcome(failed=True, retry_in=retry_in(error))


async def wait_for(chat: Chat, *making: asyncio.Task[Card], enough: int | None = None, patience: float = PATIENCE) -> None:
    """Wait until cards are made or have failed; show "typing" if that takes long.

    `enough`: the number of cards that suffices after `patience` seconds; None for all.
    """
    _, pending = await asyncio.wait(making, timeout=min(SLOW, patience))
    if not pending:
        return
    async with chat.typing():
        _, pending = await asyncio.wait(pending, timeout=max(patience - SLOW, 0))
        while pending and (enough is None or sum(map(_is_made, making)) < enough):
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)


def _is_made(task: asyncio.Task[Card]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def stated_by(card: Card) -> frozenset[Reference]:
    """Give the other references of the work that a card's enrichment names."""
    enrichment = card.study.enrichment
    return frozenset(enrichment.references if enrichment is not None else ())
