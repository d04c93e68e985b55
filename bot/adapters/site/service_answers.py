"""Answers of bibliographic services: their JSON objects, and how fast they may be asked."""

import json
from collections.abc import Callable

import httpx

from bot.adapters.site.responses import Answer
from bot.core.errors import BadAnswer
from bot.core.json_values import Json

Pace = Callable[[float], float]
"""Turns the seconds between requests that a service asks for into those to keep; tests make them shorter."""


def read_object(answer: Answer) -> Json | None:
    """Read a JSON object; None for a 404. Raises BadAnswer for any other status but 200, and for any other body."""
    if answer.status == httpx.codes.NOT_FOUND:
        return None
    if answer.status != httpx.codes.OK:
        raise BadAnswer(f"status {answer.status}")
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadAnswer("no JSON object")
    return value
