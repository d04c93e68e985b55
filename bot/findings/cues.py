"""Patterns that are looked for only where a literal stands that every match holds: most sentences hold none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern, and literals in lower case; each match of the pattern holds one of them at least."""

    literals: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """Search a text as the pattern does; quicker where no literal stands in it."""
        return self.pattern.search(text) if self.among(text.lower()) else None

    def among(self, lower: str) -> bool:
        """Whether one of the literals stands in a text in lower case."""
        for one in self.literals:  # noqa: SIM110 - a generator would take as long as the whole loop
            if one in lower:
                return True
        return False


def any_found(cues: Sequence[Cue], text: str) -> bool:
    """Whether one of several cues stands in a text."""
    lower = text.lower()
    return any(one.among(lower) and one.pattern.search(text) for one in cues)


def cue(literals: str, pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> Cue:
    """Make a cue; the literals are separated by bars."""
    return Cue(tuple(literals.split("|")), re.compile(pattern, flags))
