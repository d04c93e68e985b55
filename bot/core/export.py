"""A guild's settings as a file: JSON that people can read, edit and keep.

    {"format": "precis-settings", "version": 1, "guild": "<id>",
     "settings": {<key>: <value>}, "categories": {"<id>": {...}}, "channels": {"<id>": {...}}}

IDs are strings, since JSON's numbers are too small for them. A file is taken whole or not at all.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator

from bot.core.channel import KEYS, Json, Kind, Overrides, Scope, Target, Value, read_id
from bot.core.errors import BadSettingsFile, UnknownStyle

FORMAT = "precis-settings"
VERSION = 1
MOST_BYTES = 256 * 1024
MOST_TARGETS = 500
"""Categories and channels: as many as a guild can have (docs.discord.com, "Create Guild Channel")."""

_PARTS = {"categories": Scope.CATEGORY, "channels": Scope.CHANNEL}
_SHOWN = 40
"""Characters of the file that a problem quotes."""


def write_export(guild_id: int, overrides: Overrides) -> str:
    """Write all that a guild's moderators chose."""
    values: dict[Target, dict[str, Json]] = {
        target: {name: KEYS[name].write(value) for name, value in sorted(overrides[target].items())}
        for target in sorted(overrides)
    }
    head = {"format": FORMAT, "version": VERSION, "guild": str(guild_id)}
    settings = values.get(Target(Scope.GUILD, guild_id), {})
    parts = {part: {str(one.id): values[one] for one in values if one.scope is scope} for part, scope in _PARTS.items()}
    return json.dumps(head | {"settings": settings} | parts, indent=2) + "\n"


def read_export(data: bytes, guild_id: int, resolve_style: Callable[[str], str] = str) -> Overrides:
    """Read a guild's settings from a file that `write_export` wrote, as people may have edited it.

    `resolve_style` gives a style's name, or raises UnknownStyle. Raises BadSettingsFile that names every problem.
    """
    parts = _parse(data)
    if parts.get("format") != FORMAT:
        raise BadSettingsFile([f"it is not a settings file of this bot: its format is not {FORMAT}"])
    if parts.get("version") != VERSION or parts.get("version") is True:
        raise BadSettingsFile([f"its version is not {VERSION}, the only one that this bot reads"])
    if parts.get("guild") != str(guild_id):
        raise BadSettingsFile(["it is from another server"])
    problems = [f"{_quoted(name)} means nothing" for name in parts if name not in _KNOWN]
    overrides: dict[Target, dict[str, Value]] = {}
    for target, where, values in _targets(parts, guild_id, problems):
        read = {}
        for name, value in values.items():
            try:
                read[name] = _value(target, name, value, resolve_style)
            except ValueError as error:
                problems.append(f"{where}: {_quoted(name)} {error}")
        if read:
            overrides[target] = read
    if problems:
        raise BadSettingsFile(problems)
    return overrides


_KNOWN = {"format", "version", "guild", "settings", *_PARTS}


def _parse(data: bytes) -> dict[str, object]:
    """Read JSON: one object, no name twice."""
    if len(data) > MOST_BYTES:
        raise BadSettingsFile([f"it is larger than {MOST_BYTES // 1024} KiB"])
    twice: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        twice.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return dict(pairs)

    try:
        parts = json.loads(data.decode("utf-8-sig"), object_pairs_hook=once)
    except UnicodeDecodeError:
        raise BadSettingsFile(["it is no text in UTF-8"]) from None
    except json.JSONDecodeError as error:
        raise BadSettingsFile([f"it is damaged at line {error.lineno} ({error.msg})"]) from None
    except (ValueError, RecursionError):
        raise BadSettingsFile(["it is damaged"]) from None
    if not isinstance(parts, dict):
        raise BadSettingsFile([f"it is not a settings file of this bot: its format is not {FORMAT}"])
    if twice:
        raise BadSettingsFile([f"{_quoted(name)} stands twice" for name in twice])
    return parts


def _targets(
    parts: dict[str, object], guild_id: int, problems: list[str]
) -> Iterator[tuple[Target, str, dict[str, object]]]:
    """Go through the guild, its categories and channels: each with its words for people, and what is chosen for it."""
    settings = parts.get("settings", {})
    if isinstance(settings, dict):
        yield Target(Scope.GUILD, guild_id), "settings", settings
    else:
        problems.append('"settings" must be an object')
    there = 0
    for part, scope in _PARTS.items():
        listed = parts.get(part, {})
        if not isinstance(listed, dict):
            problems.append(f'"{part}" must be an object')
            continue
        there += len(listed)
        if there > MOST_TARGETS:
            problems.append(f"it has more than {MOST_TARGETS} categories and channels")
            return
        for name, values in listed.items():
            number = read_id(name)
            if number is None:
                problems.append(f"{part}: {_quoted(name)} is no ID")
            elif not isinstance(values, dict):
                problems.append(f"{part}: {_quoted(name)} must be an object")
            else:
                yield Target(scope, number), f"{scope} {number}", values


def _value(target: Target, name: str, value: object, resolve_style: Callable[[str], str]) -> Value:
    """Read one value. Raises ValueError that says what is wrong with it."""
    key = KEYS.get(name)
    if key is None:
        raise ValueError("means nothing")
    if target.scope not in key.scopes:
        raise ValueError("can be chosen for the whole server only")
    if key.kind is Kind.STYLE and isinstance(value, str):
        try:
            return key.read(resolve_style(value))
        except UnknownStyle:
            raise ValueError(f"is no citation style: {_quoted(value)}") from None
    return key.read(value)


def _quoted(text: str) -> str:
    """Quote a name from the file, cut short, so that it stays on its line."""
    return json.dumps(text if len(text) <= _SHOWN else text[:_SHOWN] + "…", ensure_ascii=False)
