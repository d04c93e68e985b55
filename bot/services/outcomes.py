"""What became of a step of `bot.core.plan`, and the message that steps are carried out for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.channel_settings import ChannelSettings
from bot.core.errors import BotError, ChatUnavailable, TooBusy
from bot.core.reference import Reference
from bot.core.reply import Post, Reply, ReplyJob
from bot.services.identities import Same
from bot.services.jobs import RETRY
from bot.services.ports import Chat

LONGEST_RETRY = 900.0
"""Longest wait in seconds, whatever a service asks for: to look again is cheap."""


@dataclass(frozen=True, slots=True)
class Task:
    """The message that steps are carried out for."""

    chat: Chat
    post: Post
    job: ReplyJob
    settings: ChannelSettings
    is_wanted: Callable[[], bool]
    """Whether anything new may be sent at this moment: not once the message is deleted, or its author opted out."""
    replies: tuple[Reply, ...] = ()
    """Those that it had."""
    same: Same = field(default_factory=dict)
    """Which references of its links and replies name one study."""

    def names(self, reference: Reference) -> frozenset[Reference]:
        """Give all references of a study, as far as they were known when work on the message began."""
        return self.same.get(reference, frozenset({reference}))


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of one step."""

    answered: frozenset[Reference] = frozenset()
    """Records that have a reply now."""
    lost: frozenset[Reference] = frozenset()
    """Records whose reply is gone because a step failed: they may be answered again."""
    failed: bool = False
    """A link got no reply."""
    retry_in: float | None = None
    """Seconds after which trying again may help; None where nothing failed, or trying again cannot help."""
    vacated: frozenset[int] = frozenset()
    """IDs of replies that went, or show another record now."""

    def __or__(self, other: "StepOutcome") -> "StepOutcome":
        return StepOutcome(
            self.answered | other.answered,
            self.lost | other.lost,
            self.failed or other.failed,
            min((one.retry_in for one in (self, other) if one.retry_in is not None), default=None),
            self.vacated | other.vacated,
        )


def retry_in(error: BotError) -> float | None:
    """Give the seconds after which to try again; None where that cannot help, or would bother the site for one message.

    TooBusy means that the site was not asked: too many were waiting, or the circuit is open for `retry_after` seconds.
    """
    if not isinstance(error, TooBusy | ChatUnavailable):
        return None
    return min(max(RETRY, error.retry_after or 0.0), LONGEST_RETRY)
