import re
from collections.abc import Iterable, Iterator

import pytest

from bot.findings import announcements, attribution, features, matter, wordings
from bot.findings.cues import Cue, any_found, cue
from tests.findings.endings import KEPT, SEEN
from tests.shared import needs_shared, rows

CUES = [
    one
    for module in (announcements, attribution, features, matter, wordings)
    for value in vars(module).values()
    for one in (value if isinstance(value, tuple) else (value,))
    if isinstance(one, Cue)
]

VERBOSE = [
    pattern
    for module in (announcements, attribution, features, matter, wordings)
    for value in vars(module).values()
    for one in (value if isinstance(value, tuple) else (value,))
    if isinstance(pattern := one.pattern if isinstance(one, Cue) else one, re.Pattern) and pattern.flags & re.VERBOSE
]
_TOKEN = re.compile(r"\\.|\[\]?(?:\\.|[^\]\\])*\]|#[^\n]*|.", re.DOTALL)
"""A character that is escaped, a set of characters, a comment, any other character."""


def alternatives(pattern: str) -> Iterator[list[str]]:
    """Give the tokens of each alternative of a verbose pattern; those inside brackets are not told apart."""
    depth, found = 0, []
    for token in _TOKEN.findall(pattern):
        depth += (token == "(") - (token == ")")
        if token == "|" and depth == 0:
            yield found
            found = []
        else:
            found.append(token)
    yield found


def missed(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Give the patterns that match where none of their literals stands, and the texts."""
    return [(one.literals[0], text) for text in texts for one in CUES if one.pattern.search(text) and not one.search(text)]


@pytest.mark.parametrize(
    ("text", "found"), [("Rats slept.", True), ("RATS slept.", True), ("Rats woke.", False), ("Newts slept.", False)]
)
def test_cue(text: str, found: bool) -> None:
    """A cue is found where its pattern is, whatever the case of the letters."""
    sleeping = cue("rats", r"\brats slept\b")
    assert bool(sleeping.search(text)) is found
    assert any_found([cue("newts", r"\bnewts ate\b"), sleeping], text) is found


def test_alternatives_are_explained() -> None:
    """Each alternative of a long pattern has a comment, most often an example."""
    assert len(VERBOSE) > 20
    bare = [
        "".join(one).strip()
        for pattern in VERBOSE
        for parts in [[*alternatives(pattern.pattern)]]
        for one in parts
        if len(parts) > 1 and not any(token.startswith("#") for token in one)
    ]
    assert bare == []


def test_endings_hold_their_literals() -> None:
    """No pattern matches an ending in which none of its literals stands."""
    assert len(CUES) > 10
    assert missed([*SEEN, *KEPT]) == []


@needs_shared
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.storm)])
def test_abstracts_hold_their_literals(every: int) -> None:
    """No pattern matches a sentence of an abstract in which none of its literals stands."""
    names = ("findings/read-abstracts.jsonl", "findings/attribution.jsonl")
    assert missed(text for name in names for row in rows(name)[::every] for text in row["sentences"]) == []
