"""Results of checks, as lines of the report."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

CONCEALED = "***"


class Level(Enum):
    """The outcome of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    level: Level
    topic: str
    found: str
    advice: str = ""
    """What the host should do; empty if nothing."""
    configuration: bool = False
    """Whether the failure is in the configuration, so that another try does not help."""

    def line(self, secrets: Collection[str] = ()) -> str:
        """Write the result as one line, without any of the secrets."""
        text = f"{self.level.value:<12}{self.topic:<12} {self.found}" + (f" -> {self.advice}" if self.advice else "")
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, CONCEALED)
        return " ".join(text.splitlines())


def ok(topic: str, found: str) -> Check:
    """Report that something works."""
    return Check(Level.OK, topic, found)


def warning(topic: str, found: str, advice: str) -> Check:
    """Report that something works, but that the host should do something."""
    return Check(Level.WARNING, topic, found, advice)


def failed(topic: str, found: str, advice: str, *, configuration: bool = False) -> Check:
    """Report that something does not work."""
    return Check(Level.FAILED, topic, found, advice, configuration)


def not_checked(topic: str, why: str) -> Check:
    """Report that a check was not made."""
    return Check(Level.NOT_CHECKED, topic, why)
