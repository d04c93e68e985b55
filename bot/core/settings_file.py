"""A guild's settings as a file: JSON that people can read, edit and keep.

    {"format": "precis-settings", "version": 1, "guild": "<id>",
     "settings": {<key>: <value>}, "categories": {"<id>": {...}}, "channels": {"<id>": {...}},
     "server": <name>, "exported": <time>, "names": {"<id>": <name>}}

IDs are strings, since JSON's numbers are too small for them. The last line is for people; it is not read. A guild's own file
is imported whole or not at all. From another guild's file, values with IDs of that guild are left out.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from bot.core.channel_settings import KEYS, JsonValue, Kind, Overrides, Scope, Target, Value, Wrong, read_id
from bot.core.errors import BadSettingsFile, UnknownStyle
from bot.core.phrase import Phrase

FORMAT = "precis-settings"
VERSION = 1
MOST_BYTES = 256 * 1024
MOST_TARGETS = 500
"""The most categories and channels in a file: as many as a guild can have (docs.discord.com, "Create Guild Channel")."""

_PARTS = {"categories": Scope.CATEGORY, "channels": Scope.CHANNEL}
OF_A_GUILD = frozenset({Kind.ROLES, Kind.MEMBERS, Kind.CHANNEL})
"""Kinds of values that are IDs of one guild."""
_SHOWN = 40
"""The most characters of the file that the text of a problem quotes."""


def write_export(guild_id: int, overrides: Overrides, about: Mapping[str, object] | None = None) -> str:
    """Write all values that a guild's moderators set; `about` has the parts of the file for people, as in `_ABOUT`."""
    values: dict[Target, dict[str, JsonValue]] = {
        target: {name: KEYS[name].write(value) for name, value in sorted(overrides[target].items())}
        for target in sorted(overrides)
    }
    head = {"format": FORMAT, "version": VERSION, "guild": str(guild_id)}
    settings = values.get(Target(Scope.GUILD, guild_id), {})
    parts = {part: {str(one.id): values[one] for one in values if one.scope is scope} for part, scope in _PARTS.items()}
    return json.dumps(head | {"settings": settings} | parts | dict(about or {}), indent=2, ensure_ascii=False) + "\n"


def read_export(data: bytes, guild_id: int, resolve_style: Callable[[str], str] = str) -> Overrides:
    """Read a guild's settings from a file that `write_export` wrote and people may have edited.

    `resolve_style` gives a style's name, or raises UnknownStyle. Raises BadSettingsFile that names every problem.
    """
    parts = _checked(data)
    if parts.get("guild") != str(guild_id):
        raise BadSettingsFile([Phrase("it is from another server")])
    return _read(parts, guild_id, resolve_style)


def read_import(
    data: bytes, guild_id: int, now: Overrides, resolve_style: Callable[[str], str] = str
) -> tuple[Overrides, int | None]:
    """Give a guild's settings after an import, and the number of values that were left out.

    From another guild's file only values for the whole guild without IDs are used; the rest stays as it is `now`.
    The number is None for the guild's own file. Raises BadSettingsFile, which names every problem.
    """
    parts = _checked(data)
    other = read_id(parts.get("guild"))
    if other is None or other == guild_id:
        return read_export(data, guild_id, resolve_style), None
    read = _read(parts, other, resolve_style)
    theirs = read.get(Target(Scope.GUILD, other), {})
    taken = {name: value for name, value in theirs.items() if KEYS[name].kind not in OF_A_GUILD}
    whole = Target(Scope.GUILD, guild_id)
    kept = {name: value for name, value in now.get(whole, {}).items() if KEYS[name].kind in OF_A_GUILD}
    rest = {target: values for target, values in now.items() if target != whole}
    values = kept | taken
    return rest | ({whole: values} if values else {}), sum(map(len, read.values())) - len(taken)


def ids_in(overrides: Overrides) -> Iterator[int]:
    """Give the IDs of the channels, categories and roles that settings name."""
    for target, values in overrides.items():
        if target.scope is not Scope.GUILD:
            yield target.id
        for name, value in values.items():
            if KEYS[name].kind is Kind.ROLES and isinstance(value, frozenset):
                yield from sorted(one for one in value if isinstance(one, int))
            elif KEYS[name].kind is Kind.CHANNEL and isinstance(value, int):
                yield value


def _checked(data: bytes) -> dict[str, object]:
    """Read a file, and check that it is a settings file. Raises BadSettingsFile."""
    parts = _parse(data)
    if parts.get("format") != FORMAT:
        raise BadSettingsFile([Phrase("it is not a settings file of this bot: its format is not {format}", format=FORMAT)])
    if parts.get("version") != VERSION or parts.get("version") is True:
        raise BadSettingsFile([Phrase("its version is not {version}, the only one that this bot reads", version=VERSION)])
    return parts


def _read(parts: dict[str, object], guild_id: int, resolve_style: Callable[[str], str]) -> Overrides:
    problems = [Phrase("{name} means nothing", name=_quoted(name)) for name in parts if name not in _KNOWN]
    overrides: dict[Target, dict[str, Value]] = {}
    for target, where, values in _targets(parts, guild_id, problems):
        read = {}
        for name, value in values.items():
            try:
                read[name] = _value(target, name, value, resolve_style)
            except Wrong as error:
                problems.append(Phrase("{where}: {name} {problem}", where=where, name=_quoted(name), problem=error.phrase))
        if read:
            overrides[target] = read
    if problems:
        raise BadSettingsFile(problems)
    return overrides


def too_large() -> BadSettingsFile:
    """Give the error for a file that is too large to be read."""
    return BadSettingsFile([Phrase("it is larger than {size} KiB", size=MOST_BYTES // 1024)])


_ABOUT = ("server", "exported", "names")
_KNOWN = {"format", "version", "guild", "settings", *_PARTS, *_ABOUT}


def _parse(data: bytes) -> dict[str, object]:
    """Read a JSON object, in which no name may occur twice. Raises BadSettingsFile."""
    if len(data) > MOST_BYTES:
        raise too_large()
    twice: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        twice.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return dict(pairs)

    try:
        parts = json.loads(data.decode("utf-8-sig"), object_pairs_hook=once)
    except UnicodeDecodeError:
        raise BadSettingsFile([Phrase("it is no text in UTF-8")]) from None
    except json.JSONDecodeError as error:
        damage = Phrase("it is damaged at line {line}, character {column}", line=error.lineno, column=error.colno)
        raise BadSettingsFile([damage]) from None
    except (ValueError, RecursionError):
        raise BadSettingsFile([Phrase("it is damaged")]) from None
    if not isinstance(parts, dict):
        raise BadSettingsFile([Phrase("it is not a settings file of this bot: its format is not {format}", format=FORMAT)])
    if twice:
        raise BadSettingsFile([Phrase("{name} stands twice", name=_quoted(name)) for name in twice])
    return parts


def _targets(
    parts: dict[str, object], guild_id: int, problems: list[Phrase]
) -> Iterator[tuple[Target, str, dict[str, object]]]:
    """Yield each target of the file with its path there and its values; add problems to `problems`."""
    settings = parts.get("settings", {})
    if isinstance(settings, dict):
        yield Target(Scope.GUILD, guild_id), '"settings"', settings
    else:
        problems.append(Phrase("{name} must be an object", name='"settings"'))
    there = 0
    for part, scope in _PARTS.items():
        listed = parts.get(part, {})
        if not isinstance(listed, dict):
            problems.append(Phrase("{name} must be an object", name=f'"{part}"'))
            continue
        there += len(listed)
        if there > MOST_TARGETS:
            problems.append(Phrase("it has more than {count} categories and channels", count=MOST_TARGETS))
            return
        for name, values in listed.items():
            number = read_id(name)
            if number is None:
                problems.append(Phrase("{where}: {name} is no ID", where=f'"{part}"', name=_quoted(name)))
            elif not isinstance(values, dict):
                problems.append(Phrase("{name} must be an object", name=f'"{part}" {_quoted(name)}'))
            else:
                yield Target(scope, number), f'"{part}" "{number}"', values


def _value(target: Target, name: str, value: object, resolve_style: Callable[[str], str]) -> Value:
    """Read the value of one setting. Raises Wrong."""
    key = KEYS.get(name)
    if key is None:
        raise Wrong(Phrase("means nothing"))
    if target.scope not in key.scopes:
        raise Wrong(Phrase("can be chosen for the whole server only"))
    if key.kind is Kind.STYLE and isinstance(value, str):
        try:
            return key.read(resolve_style(value))
        except UnknownStyle:
            raise Wrong(Phrase("is no citation style: {value}", value=_quoted(value))) from None
    return key.read(value)


def _quoted(text: str) -> str:
    """Quote a name from the file as one line, cut short."""
    return json.dumps(text if len(text) <= _SHOWN else text[:_SHOWN] + "…", ensure_ascii=False)
