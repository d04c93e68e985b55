"""What Discord enforces beyond its API description; for requests whose form is right.

Kept to the rules that this bot could break: docs.discord.com, "Message Resource" and "Component Reference".
"""

from collections.abc import Iterator
from typing import Any

EPHEMERAL = 1 << 6
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15
CREATE_FLAGS = 1 << 2 | EPHEMERAL | SUPPRESS_NOTIFICATIONS | 1 << 13 | COMPONENTS_V2
"""Flags a sender may set: suppress embeds, ephemeral, suppress notifications, voice message, Components V2."""

V1_COMPONENTS = {1}
"""Top-level components of a message without the flag: action rows alone."""


def message_violations(message: dict[str, Any], *, whole: bool = True) -> list[str]:
    """Say what Discord would refuse in a message's body; `whole` is false for an edit, which may leave everything out."""
    return list(_violations(message, whole=whole))


def components(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every component of a message, nested ones too, in order."""
    waiting = list(reversed(message.get("components") or []))
    while waiting:
        component = waiting.pop()
        yield component
        nested = [*(component.get("components") or []), component.get("accessory"), component.get("component")]
        waiting.extend(reversed([part for part in nested if part]))


def texts(message: dict[str, Any]) -> list[str]:
    """Give every text a reader of the message sees, embeds included."""
    found = [message.get("content") or ""]
    found += [part["content"] for part in components(message) if part["type"] == 10]
    for embed in message.get("embeds") or []:
        found += [embed.get("title") or "", embed.get("description") or ""]
        found += [text for field in embed.get("fields") or [] for text in (field["name"], field["value"])]
    return [text for text in found if text]


def _violations(message: dict[str, Any], *, whole: bool) -> Iterator[str]:
    flags = message.get("flags") or 0
    parts = list(components(message))
    if len(message.get("content") or "") > 2000:
        yield "content: over 2,000 characters"
    if flags & ~CREATE_FLAGS:
        yield f"flags: {flags} holds bits that a sender may not set"
    if flags & COMPONENTS_V2:
        yield from _v2_violations(message, parts)
    elif whole and any(part["type"] not in V1_COMPONENTS for part in message.get("components") or []):
        yield "components: these need the flag of Components V2"
    if whole and not any(
        message.get(key) for key in ("content", "embeds", "components", "attachments", "poll", "sticker_ids")
    ):
        yield "body: an empty message"
    yield from _button_violations(parts)
    yield from _mention_violations(message.get("allowed_mentions") or {})
    if sum(map(len, texts({"embeds": message.get("embeds")}))) > 6000:
        yield "embeds: over 6,000 characters"


def _v2_violations(message: dict[str, Any], parts: list[dict[str, Any]]) -> Iterator[str]:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(key):
            yield f"{key}: not allowed with Components V2"
    if len(parts) > 40:
        yield f"components: {len(parts)} of at most 40"
    if sum(len(part["content"]) for part in parts if part["type"] == 10) > 4000:
        yield "components: over 4,000 characters of text"


def _button_violations(parts: list[dict[str, Any]]) -> Iterator[str]:
    custom_ids = [part["custom_id"] for part in parts if part.get("custom_id")]
    if len(custom_ids) != len(set(custom_ids)):
        yield "components: custom_id given twice"
    ids = [part["id"] for part in parts if part.get("id")]
    if len(ids) != len(set(ids)):
        yield "components: id given twice"
    for button in (part for part in parts if part["type"] == 2):
        if button["style"] == 5 and ("url" not in button or "custom_id" in button):
            yield "components: a link button has a url and no custom_id"
        if button["style"] < 5 and ("custom_id" not in button or "url" in button):
            yield "components: a button has a custom_id and no url"
        if not button.get("label") and not button.get("emoji"):
            yield "components: a button without label or emoji"


def _mention_violations(allowed: dict[str, Any]) -> Iterator[str]:
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            yield f"allowed_mentions: {kind} both in parse and by ID"
