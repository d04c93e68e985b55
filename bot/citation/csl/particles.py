"""Particles and suffixes inside family and given names: `van Gogh`, `Ludwig van`, `John, Jr`.

A word in lower case (or such a prefix with an apostrophe or a hyphen) is a particle: before a family name a non-dropping
one, behind a given name a dropping one (CSL 1.0.2, "Particles"). What counts as a word follows citeproc-js.
"""

import re
from dataclasses import replace

from bot.citation.item import CslName

_BEFORE_FAMILY = re.compile(r"([^ ]+(?:-|ʻ|’| |') *)(.+)")
_BEHIND_GIVEN = re.compile(r"([^ ]+(?:ʻ |’ | |' ) *)(.+)")
_COMMA = re.compile(r"\s*,!*\s*")
_ET_AL = re.compile(r"et al\.?")


def split_particles(name: CslName) -> CslName:
    """Return the name with particles and suffix in their own fields."""
    if not (name.parse and name.family and name.given) or name.non_dropping:
        return name
    taken, family = _leading(name.family)
    name = replace(name, family=family, non_dropping=taken) if taken else name
    name = _suffix_apart(name)
    given, behind = _trailing(name.given)
    return replace(name, given=given, dropping=behind) if behind else name


def _leading(family: str) -> tuple[str, str]:
    taken = ""
    rest = family
    while (match := _BEFORE_FAMILY.fullmatch(rest)) and _small(match[1]):
        taken, rest = taken + match[1], match[2]
    stripped = taken.strip()
    return stripped + (" " if taken.endswith(" ") and stripped.endswith(("'", "’")) else ""), rest


def _trailing(given: str) -> tuple[str, str]:
    taken: list[str] = []
    rest = given
    while (match := _BEHIND_GIVEN.fullmatch(rest[::-1])) and _small(match[1][::-1]):
        taken.insert(0, match[1][::-1])
        rest = match[2][::-1]
    return rest, "".join(taken).strip()


def _small(particle: str) -> bool:
    first = re.sub(r"^[-'ʻ’\s]*(.).*$", r"\1", particle, flags=re.DOTALL)
    return first.upper() != first


def _suffix_apart(name: CslName) -> CslName:
    comma = _COMMA.search(name.given)
    if name.suffix or not comma:
        return name
    given, behind = name.given[: comma.start()], name.given[comma.end() :]
    if _ET_AL.fullmatch(behind):
        return name
    return replace(name, given=given, suffix=behind, comma_suffix=name.comma_suffix or "!" in comma[0])
