"""Custom IDs of buttons, menus and forms: how they are written, read and checked.

A custom ID holds all that a click needs, so buttons keep working after a restart. Each one is a `CustomId` constant; a cog
lists which of its methods answers which of them, and `Clicks` passes every click and every submitted form on to that method.
A click that no cog lists, or with impossible values, is answered with "This button has expired.".
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.core.channel_settings import KEYS, Scope, Target
from bot.core.errors import ButtonExpired
from bot.core.reference import Reference
from bot.services.meters import naming
from cogs.discord_kit.interactions import answer_failure

LONGEST = 100
"""Characters of a custom ID at most (docs.discord.com, "Component Reference")."""

Handler = Callable[..., Awaitable[None]]
"""Answers a click: gets the interaction, then the values of the custom ID."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of value in a custom ID."""

    pattern: str
    """A regular expression without groups."""
    read: Callable[[str], Any] = str
    """Raises ValueError for an impossible value."""
    write: Callable[[Any], str] = str


def _read_id(text: str) -> int:
    """Read an ID of Discord's, which has 64 bits."""
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError(text)
    return number


def _write_reference(reference: Reference) -> str:
    short = reference.short
    return short if short.isdecimal() else f"={short}"


def _read_target(text: str) -> Target:
    scope, _, number = text.partition(":")
    return Target(Scope(scope), _read_id(number))


def _read_key(text: str) -> str:
    if text not in KEYS:
        raise ValueError(text)
    return text


RECORD = Part(r"[0-9]+|=[a-z]+:\S+", lambda text: Reference.read(text.removeprefix("=")), _write_reference)
"""A reference: the number alone for the default source, `=` and the reference for others."""
NUMBER = Part("[0-9]{1,18}", int)
DISCORD_ID = Part("[0-9]+", _read_id)
WORD = Part("[a-z0-9._-]+")
TARGET = Part("(?:guild|category|channel):[0-9]+", _read_target, lambda target: f"{target.scope}:{target.id}")
"""A server, category or channel that settings are for."""
KEY = Part("[a-z_]+", _read_key)
"""The name of a setting."""


class CustomId:
    """One form of custom IDs: `CustomId("cite:{}:{}", RECORD, WORD)` writes and reads `precis:cite:1066:apa`."""

    def __init__(self, template: str, *parts: Part) -> None:
        self._template = f"precis:{template}"
        self._parts = parts
        patterns = [f"({part.pattern})" for part in parts]
        self._pattern = re.compile(re.escape(self._template).replace(r"\{\}", "{}").format(*patterns), re.ASCII)
        self.name = ":".join(piece for piece in template.split(":") if piece != "{}")
        """What it does, without values: for the log and for `/metrics`."""

    def __call__(self, *values: Any) -> str:
        """Write the custom ID with these values."""
        return self._template.format(*(part.write(value) for part, value in zip(self._parts, values, strict=True)))[:LONGEST]

    def read(self, text: str) -> tuple[Any, ...] | None:
        """Read the values; None if the text has another form. Raises ButtonExpired for impossible values."""
        match = self._pattern.fullmatch(text)
        if match is None:
            return None
        try:
            return tuple(part.read(found) for part, found in zip(self._parts, match.groups(), strict=True))
        except ValueError as error:
            raise ButtonExpired(f"impossible value in {self.name}") from error


class Clicks:
    """Passes clicks and submitted forms on to the methods that answer them."""

    def __init__(self) -> None:
        self._handlers: dict[CustomId, Handler] = {}

    def add(self, handlers: Mapping[CustomId, Handler]) -> None:
        """Add the handlers of a cog."""
        self._handlers.update(handlers)

    async def answer(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a click or a form; a failure is answered as a command's is."""
        data: Any = interaction.data
        name = "expired"
        try:
            for custom_id, handler in self._handlers.items():
                values = custom_id.read(data["custom_id"])
                if values is not None:
                    naming(name := custom_id.name)
                    await handler(interaction, *values)
                    return
            raise ButtonExpired("unknown custom ID")  # noqa: TRY301 - answered as any other failure
        except Exception as error:  # noqa: BLE001 - the edge: the log gets it, the user a sentence
            naming(name)
            await answer_failure(interaction, error, name)


def picked(interaction: discord.Interaction[Any]) -> list[str]:
    """Give what was picked in a menu. Raises ButtonExpired if the click was on something else."""
    data: Any = interaction.data
    if "values" not in data:
        raise ButtonExpired("no menu")
    return list(data["values"])


def picked_ids(interaction: discord.Interaction[Any]) -> list[int]:
    """Give the IDs of the roles, members or channels that were picked. Raises ButtonExpired."""
    try:
        return [_read_id(value) for value in picked(interaction)]
    except ValueError as error:
        raise ButtonExpired("no ID was picked") from error


def typed(interaction: discord.Interaction[Any]) -> str:
    """Give what was typed into the one field of a form. Raises ButtonExpired if the form has another shape."""
    data: Any = interaction.data
    try:
        return str(data["components"][0]["component"]["value"]).strip()
    except (KeyError, IndexError, TypeError) as error:
        raise ButtonExpired("another form") from error


def picked_in_form(interaction: discord.Interaction[Any]) -> list[str]:
    """Give what was picked in the one menu of a form. Raises ButtonExpired if the form has another shape."""
    data: Any = interaction.data
    try:
        return list(data["components"][0]["component"]["values"])
    except (KeyError, IndexError, TypeError) as error:
        raise ButtonExpired("another form") from error


def walk(components: Iterable[Any]) -> Iterator[Any]:
    """Give the components of a message with everything inside them."""
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))
