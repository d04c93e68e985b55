"""Citation styles as somebody types their names."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import discord
from discord import app_commands

from bot import citation
from bot.citation import ALIASES, HOUSE_STYLES

SHOWN = 25
"""Choices that Discord's autocompletion shows."""
_LONGEST = 100
"""Characters of a choice."""
_WORD = re.compile(r"[a-z0-9]+")


async def suggest_styles(_: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    """Give the styles that fit what was typed so far, those that people know best first."""
    return [app_commands.Choice(name=_label(name), value=name) for name in fitting_styles(current)][:SHOWN]


def fitting_styles(typed: str) -> list[str]:
    """Give the names of the styles that hold every word that was typed: the house styles first, then the shortest names."""
    words = _WORD.findall(typed.casefold())
    if not words:
        return list(HOUSE_STYLES)
    found = [name for name, known_as in _searched().items() if all(word in known_as for word in words)]
    return sorted(found, key=lambda name: (name not in HOUSE_STYLES, not name.startswith(words[0]), len(name), name))


def _label(name: str) -> str:
    return HOUSE_STYLES.get(name, name)


@lru_cache(maxsize=1)
def _searched() -> Mapping[str, str]:
    """Give what each style is found by: its name, its label and its aliases."""
    aliases = defaultdict[str, list[str]](list)
    for alias, name in ALIASES.items():
        aliases[name].append(alias)
    return {name: " ".join(_known_as(name, aliases[name])) for name in citation.style_names() if len(name) <= _LONGEST}


def _known_as(name: str, aliases: list[str]) -> Iterator[str]:
    yield name
    yield _label(name).casefold()
    yield from aliases
