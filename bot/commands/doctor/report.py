"""The result of one check."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

CONCEALED = "***"


class Level(Enum):
    """How a check ended."""

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
    """What to do; empty where there is nothing to do."""
    configuration: bool = False
    """The failure is in the configuration: trying again does not help."""

    def line(self, secrets: Collection[str] = ()) -> str:
        """Write it on one line, without any of the secrets."""
        text = f"{self.level.value:<12}{self.topic:<12} {self.found}" + (f" -> {self.advice}" if self.advice else "")
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, CONCEALED)
        return " ".join(text.splitlines())


def ok(topic: str, found: str) -> Check:
    """All is well."""
    return Check(Level.OK, topic, found)


def warning(topic: str, found: str, advice: str) -> Check:
    """Report that something works, but that something should be done."""
    return Check(Level.WARNING, topic, found, advice)


def failed(topic: str, found: str, advice: str, *, configuration: bool = False) -> Check:
    """Report that something does not work."""
    return Check(Level.FAILED, topic, found, advice, configuration)


def not_checked(topic: str, why: str) -> Check:
    """The check was not made."""
    return Check(Level.NOT_CHECKED, topic, why)
