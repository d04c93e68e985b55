"""What a channel's moderators chose."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """When links get cards."""

    AUTO = "auto"
    OFF = "off"


class Layout(StrEnum):
    """How a card is built for Discord."""

    COMPONENTS = "components"
    EMBED = "embed"


@dataclass(frozen=True, slots=True)
class Choice:
    """The choices in force in one channel."""

    mode: Mode = Mode.AUTO
    style: str = "apa"
    layout: Layout = Layout.COMPONENTS
    max_cards: int = 5
    """Cards in answer to one message, 1 to 5."""
