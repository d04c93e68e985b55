"""The tree of errors as it is drawn."""

import re

from bot.app import build_client
from bot.core import errors


def drawn() -> dict[str, str]:
    """Each error with the one that it is drawn under."""
    above: list[str] = []
    parents: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if (found := re.match(r"^    ([|` -]*)([A-Z]\w+)(?:  .*)?$", line)) is not None:
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            parents[found[2]] = above[depth - 1] if depth else ""
    return parents


def test_the_tree_is_drawn_whole() -> None:
    """All errors stand in this one file, as its first lines say."""
    assert build_client  # whose imports hold all that may raise one
    found, waiting = {"BotError": ""}, [errors.BotError]
    while waiting:
        parent = waiting.pop()
        for kind in parent.__subclasses__():
            if kind.__module__.startswith(("bot.", "cogs.")):
                assert kind.__module__ == errors.__name__, kind
                found[kind.__name__] = parent.__name__
                waiting.append(kind)
    assert drawn() == found
    assert len(found) > 25
