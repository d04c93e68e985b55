"""Reads the bodies of services' answers: JSON, or a page or a message instead.

A service that refuses this client answers with a page or a message; most such answers have the status of an error.
"""

import json
import re

from bot.core.errors import BadAnswer, Refused
from bot.core.json_values import Json, child, children, text
from bot.sources.refusal import is_refusal

_HTML = re.compile(
    rb"""
    \s*(?:\xef\xbb\xbf)?\s*                      # a byte order mark
    (?:<!--.{0,200}?-->\s*)?                     # a comment before the page
    <(?:!doctype\s+html|html|head|body|title)\b  # the first tag of a page
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_BLOCKED = re.compile(
    rb"""
    error\ blocked                          # "WWW Error Blocked Diagnostic"
    | has\ been\ (?:temporarily\ )?blocked  # "your access has been temporarily blocked"
    | access\ denied                        # a firewall's heading
    | possible\ (?:misuse|abuse)            # "possible misuse of our services"
    | api\ key\ (?:is\ )?invalid            # an answer to a wrong key
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words with which NCBI, EBI and their firewalls refuse a client."""
_HEAD = 65_536
_NAMES = ("error", "errMsg", "message", "description", "status")
"""Keys under which services put error messages."""


def refuses(body: bytes) -> bool:
    """Whether an answer is a page or a message that refuses this client."""
    head = body[:_HEAD]
    return _is_page(head) and (is_refusal(body) or _BLOCKED.search(head) is not None)


def check_is_no_page(body: bytes) -> None:
    """Raise Refused for an HTML page that refuses this client, BadAnswer for any other HTML page."""
    if refuses(body):
        raise Refused("a page that refuses us")
    if _is_page(body):
        raise BadAnswer("an HTML page")


def read_json(body: bytes) -> Json:
    """Read a JSON object. Raises Refused for a page that refuses this client, BadAnswer for anything else."""
    check_is_no_page(body)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadAnswer("no JSON object")
    return value


def failure(value: Json) -> Refused | BadAnswer:
    """Make the error for a JSON object without a work, from the message in it if there is one."""
    told = [value, child(value, "message"), *children(value, "message")]
    said = "; ".join(filter(None, (text(one, name) for one in told for name in _NAMES)))
    if _BLOCKED.search(said.encode("utf-8", "replace")):
        return Refused(said[:200])
    return BadAnswer(said[:200] or "not what was asked for")


def _is_page(body: bytes) -> bool:
    return _HTML.match(body[:_HEAD]) is not None
