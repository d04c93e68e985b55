"""Names: one name, one class; what cogs ask; and what the log says."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = re.compile(
    r"""
    ^\ *class\ (\w+)[(:]                                # a class, also one within another
    | ^(_*[A-Z]\w*[a-z]\w*)(?::\ [^=\n]+)?\ =\          # a type alias or a TypeVar: capitalised words, no constant
    """,
    re.MULTILINE | re.VERBOSE,
)
STORE = re.compile(r"^from bot\.[^(\n]* import (?:\([^)]*|.*)\b\w+Store\b", re.MULTILINE)
EVENT = re.compile(r"log\.(?:debug|info|warning|error|exception)\(\s*\"([^\"]*)\"")


def sources(*patterns: str) -> dict[str, str]:
    """The texts of files by their paths."""
    paths = (path for pattern in patterns for path in ROOT.glob(pattern))
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


def test_no_name_stands_for_two_classes() -> None:
    """Whoever searches for a class or a type alias finds one."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for file, text in sources("bot/**/*.py", "cogs/**/*.py").items():
        for found in NAMED.finditer(text):
            files[found[1] or found[2]].append(file)
    assert {"Reference", "Step", "Inquiry"} <= files.keys()
    assert {name: found for name, found in files.items() if len(found) > 1} == {}


def test_cogs_ask_services() -> None:
    """No store is handed to them."""
    assert STORE.search("from bot.services.ports import CardContent, ReplyStore")
    assert STORE.search("from bot.services.ports import (\n    CardContent,\n    ReplyStore,\n)")
    assert [file for file, text in sources("cogs/**/*.py").items() if STORE.search(text)] == []


def test_log_events_are_words() -> None:
    """They have spaces, not underscores."""
    events = {event for text in sources("bot/**/*.py", "cogs/**/*.py").values() for event in EVENT.findall(text)}
    assert {"card sent", "site asked"} <= events
    assert [event for event in events if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", event)] == []
