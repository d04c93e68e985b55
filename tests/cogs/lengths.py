"""How long Discord lets texts be: docs.discord.com, "Component Reference", "Message Resource", "Application Commands"."""

from collections.abc import Iterator
from typing import Any

PICKED, PLACEHOLDER = {"label": 100, "description": 100}, {"placeholder": 150}
COMPONENTS: dict[int, dict[str, int]] = {
    2: {"label": 80},
    3: PLACEHOLDER,
    4: {"placeholder": 100},
    5: PLACEHOLDER,
    6: PLACEHOLDER,
    7: PLACEHOLDER,
    8: PLACEHOLDER,
    18: {"label": 45, "description": 100},
    21: {},
}
"""By the kind of component; the text displays of a message have 4,000 together."""
CHOICES = {3, 21}
"""Kinds whose options have texts of their own: menus, radio groups."""
FORM = {"title": 45}
MESSAGE = {"content": 2_000}
EMBED = {"title": 256, "description": 4_096}
TEXT_DISPLAY, MOST_TEXT, MOST_EMBEDS = 10, 4_000, 6_000
DESCRIPTION, MENU_NAME = 100, 32


def texts_and_limits(body: Any) -> Iterator[tuple[str, int]]:
    """Give each text of ours in what Discord is sent, with how many characters it may have."""
    if not isinstance(body, dict):
        return
    yield from _limited(body, FORM if "title" in body and "custom_id" in body else MESSAGE)
    parts = list(_parts(body.get("components") or []))
    yield "".join(part["content"] for part in parts if part.get("type") == TEXT_DISPLAY), MOST_TEXT
    for part in parts:
        yield from _limited(part, COMPONENTS.get(part["type"], {}))
        for option in part.get("options", []) if part["type"] in CHOICES else []:
            yield from _limited(option, PICKED)
    for embed in body.get("embeds") or []:
        footer, author = (embed.get("footer") or {}).get("text", ""), (embed.get("author") or {}).get("name", "")
        yield from _limited(embed, EMBED)
        yield footer, 2_048
        yield author, 256
        yield "".join([embed.get("title") or "", embed.get("description") or "", footer, author]), MOST_EMBEDS
    yield from texts_and_limits(body.get("data"))


def command_texts_and_limits(command: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Give each description of a command and of its options in every language, and the names of menu entries."""
    if not command.get("description"):
        yield from ((name, MENU_NAME) for name in (command.get("name_localizations") or {}).values())
        return
    said = [command["description"], *(command.get("description_localizations") or {}).values()]
    yield from ((text, DESCRIPTION) for text in said)
    for choice in command.get("choices", []):
        yield from ((text, DESCRIPTION) for text in (choice["name"], *(choice.get("name_localizations") or {}).values()))
    for option in command.get("options", []):
        yield from command_texts_and_limits(option)


def _limited(part: dict[str, Any], limits: dict[str, int]) -> Iterator[tuple[str, int]]:
    yield from ((part[name], most) for name, most in limits.items() if part.get(name))


def _parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from _parts(one.get("components") or [])
        yield from _parts([part for part in (one.get("accessory"), one.get("component")) if part])
