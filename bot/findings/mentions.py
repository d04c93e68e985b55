"""Names, pronouns and citations in a sentence: together they tell whose work it is about."""

import re
from collections.abc import Callable
from functools import partial

_PATTERNS = {
    "person named": re.compile(r"(?<=[a-z,;:)]\ )[A-Z][a-z]{2,}(?!\w)"),  # "by Quist"
    "possessive of a name": re.compile(r"\b[A-Z][a-z]+'s\b"),  # "Quist's patients"
    "title of a person": re.compile(r"\b(?:Dr|Prof|Professor|Mr|Sir|Messrs)\b"),
    "opens with a name": re.compile(
        r"""
        ^(?:\W|\d)*[A-Z][a-z]+(?:-[A-Z]\w+)?                   # "Quist", "Quist-Marlow"
        (?: 's\b | \ and\ [A-Z][a-z]+ | \ \( | \ et\ al )      # "Quist and Marlow", "Quist (1)"
        """,
        re.VERBOSE,
    ),
    "opens with a pronoun": re.compile(r"^(?:\W|\d)*(?:They|He|She|Their|His|Her|These\ authors|Those)\b"),  # "They"
    "authors as we": re.compile(r"\b(?:our|we|I|my|us)\b"),
    "citation": re.compile(
        r"""
          \(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\)      # "(1, 3-5)"
        | \[\d+[^\]]*\]                            # "[2]"
        | \((?:[^()]*\D)?(?:19|20)\d\d[a-z]?\)     # "(Quist, 1990)"
        | \bp\.\ ?\d+                              # "p. 12"
        """,
        re.VERBOSE,
    ),
}
_MANY = 3


def _count(pattern: re.Pattern[str], text: str) -> int:
    return min(_MANY, len(pattern.findall(text)))


MENTIONS: dict[str, Callable[[str], int]] = {name: partial(_count, pattern) for name, pattern in _PATTERNS.items()}
"""By feature name, a function that counts one kind of mention in a sentence, up to three."""
