"""What is installed is what was tested: every package that the bot, its demo or its tests draw in is pinned."""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
}
OURS = "precis-bot"


def drawn_in(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> Iterator[str]:
    """Give a package's requirements, and theirs, on this machine."""
    if (name, extras) in seen:
        return
    seen.add((name, extras))
    for line in metadata.requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker and not any(requirement.marker.evaluate({"extra": one}) for one in extras or {""}):
            continue
        found = canonicalize_name(requirement.name)
        if found != OURS:
            yield found
            yield from drawn_in(found, frozenset(requirement.extras), seen)


def test_every_package_is_pinned_to_what_is_installed() -> None:
    """So a build next year takes the versions of today; pip's `-c` takes a pin as the one version that will do."""
    needed = set(drawn_in(OURS, frozenset({"", "demo", "dev"}), set()))
    assert len(needed) > 60
    assert {name: PINS.get(name) for name in needed} == {name: metadata.version(name) for name in needed}
    assert set(re.findall(r"-c \S+", (ROOT / "Makefile").read_text("utf-8"))) == {"-c constraints.txt"}
