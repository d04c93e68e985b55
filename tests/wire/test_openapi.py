"""The judge of requests must refuse what Discord refuses: one that says yes to all would make the wire tests worthless."""

from typing import Any

import pytest

from tests.shared import needs_shared
from tests.wire.openapi import description
from tests.wire.rules import COMPONENTS_V2, message_violations

MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"
COMMANDS = "/applications/1/commands"
TEXT = {"type": 10, "content": "text"}
LINK = {"type": 2, "style": 5, "label": "Record", "url": "https://site.example/"}
BUTTON = {"type": 2, "style": 2, "label": "Cite", "custom_id": "cite"}


def container(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 17, "components": list(parts)}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(buttons)}


def v2(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"flags": COMPONENTS_V2, "components": list(parts)}


@needs_shared
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"content": "text", "allowed_mentions": {"parse": [], "replied_user": False}}),
        ("POST", MESSAGES, v2(container(TEXT, row(LINK, BUTTON)))),
        ("POST", MESSAGES, {"content": "text", "message_reference": {"message_id": 7, "fail_if_not_exists": False}}),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "one", "value": "1"}]}}),
        ("PUT", COMMANDS, [{"name": "cite", "description": "Cite", "type": 1, "nsfw": False}]),
        ("PATCH", "/webhooks/1/token/messages/@original", {"content": "text"}),
        ("POST", "/channels/1/typing", None),
    ],
)
def test_right_requests(method: str, path: str, body: Any) -> None:
    """Nothing is found wrong with a request that Discord takes."""
    judge = description()
    assert judge is not None
    assert judge.violations(method, path, body) == []


@needs_shared
@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", MESSAGES, v2({"type": 99}), "components/0"),
        ("POST", MESSAGES, v2(container({"type": 10, "content": ""})), "components/0/components/0/content"),
        ("POST", MESSAGES, v2(container(TEXT | {"content": "x" * 4001})), "components/0/components/0/content"),
        ("POST", MESSAGES, v2(container(container(TEXT))), "components/0/components/0"),
        ("POST", MESSAGES, v2(container(row(LINK | {"url": "javascript:1"}))), "url"),
        ("POST", MESSAGES, v2(container(row(LINK | {"label": "x" * 81}))), "label"),
        ("POST", MESSAGES, v2(container(row(*[LINK] * 6))), "components/0/components/0/components"),
        ("POST", MESSAGES, v2({**container(TEXT), "accent_color": 1 << 24}), "accent_color"),
        ("POST", MESSAGES, {"content": 5}, "content"),
        ("POST", MESSAGES, {"content": "x", "flags": "4096"}, "flags"),
        ("POST", MESSAGES, {"content": "x", "flags": True}, "flags"),
        ("POST", MESSAGES, {"content": "x", "nonce": "x" * 26}, "nonce"),
        ("POST", MESSAGES, {"content": "x", "reply_to": "7"}, "reply_to"),
        ("POST", MESSAGES, {"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions/parse/0"),
        ("POST", MESSAGES, {"content": "x", "message_reference": {"fail_if_not_exists": False}}, "message_id"),
        ("POST", MESSAGES, {"embeds": [{"title": "x" * 257}]}, "embeds/0/title"),
        ("POST", MESSAGES, None, "a body is required"),
        ("POST", CALLBACK, {"type": 4, "data": {"content": "x" * 2001}}, "data/content"),
        ("POST", CALLBACK, {"type": 99}, "callback"),
        ("PUT", COMMANDS, [{"name": "x" * 33, "description": "Cite"}], "0/name"),
        ("PUT", COMMANDS, [{"name": "cite", "options": [{"type": 3, "name": "a"}]}], "description"),
        ("POST", "/channels/1/typing", {"content": "x"}, "takes no body"),
        ("POST", "/channels/1/shout", {}, "no such operation"),
        ("PUT", MESSAGES, {}, "no such operation"),
    ],
)
def test_wrong_requests(method: str, path: str, body: Any, said: str) -> None:
    """Each mistake is found, and the line says where."""
    judge = description()
    assert judge is not None
    found = judge.violations(method, path, body)
    assert found
    assert said in found[0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"content": "x" * 2001}, "2,000"),
        ({}, "empty"),
        ({"content": "x", "flags": 1 << 3}, "bits"),
        (v2(TEXT) | {"content": "x"}, "not allowed with"),
        (v2(TEXT) | {"embeds": [{"title": "x"}]}, "not allowed with"),
        ({"components": [TEXT]}, "need the flag"),
        (v2(*[TEXT] * 41), "41 of at most 40"),
        (v2(*[TEXT | {"content": "x" * 2001}] * 2), "4,000"),
        (v2(row(BUTTON, BUTTON)), "twice"),
        (v2(row({"type": 2, "style": 5, "label": "x", "custom_id": "a"})), "link button"),
        (v2(row({"type": 2, "style": 2, "custom_id": "a"})), "without label"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "both"),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "6,000"),
    ],
)
def test_rules_beyond_the_description(body: dict[str, Any], said: str) -> None:
    """What the description leaves out and Discord enforces is found too."""
    assert any(said in line for line in message_violations(body))


def test_right_messages_break_no_rule() -> None:
    """A card, a plain message, an edit that changes nothing."""
    assert not message_violations(v2(container(TEXT, row(LINK, BUTTON))))
    assert not message_violations({"content": "x", "flags": 4096})
    assert not message_violations({}, whole=False)
