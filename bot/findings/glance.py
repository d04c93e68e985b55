"""What the title or abstract states at a glance."""

from collections.abc import Sequence

from bot.core.card import Fact
from bot.core.record import Paragraph


def glance(title: str, abstract: Sequence[Paragraph]) -> tuple[Fact, ...]:  # noqa: ARG001  (rules follow)
    """Give the facts that the title or abstract states; none yet."""
    return ()
