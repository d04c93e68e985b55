"""Patterns that are searched only in texts that contain one of a few literals, which is quick to check."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern, and literals in lower case; every match of the pattern contains at least one of them."""

    literals: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """Search a text for the pattern; to save time, only if the text contains one of the literals."""
        return self.pattern.search(text) if self.among(text.lower()) else None

    def among(self, lower: str) -> bool:
        """Whether a text, given in lower case, contains one of the literals."""
        for one in self.literals:  # noqa: SIM110 - starting a generator would take as long as the loop
            if one in lower:
                return True
        return False


def any_found(cues: Sequence[Cue], text: str) -> bool:
    """Whether any of the cues is found in a text."""
    lower = text.lower()
    return any(one.among(lower) and one.pattern.search(text) for one in cues)


def cue(literals: str, pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> Cue:
    """Make a cue; the literals are separated by bars."""
    return Cue(tuple(literals.split("|")), re.compile(pattern, flags))
