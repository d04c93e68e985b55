"""The settings of a guild, its categories and its channels, and which of them apply in a place.

For each key a channel's value overrides its category's, the category's the guild's, and the guild's the default. Lists are
overridden too, not merged. A thread has the settings of its parent channel. `KEYS` describes every setting; the panel, the
settings file and the history are made from it, so a new setting needs only `ChannelSettings` and `KEYS`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import TypeVar

from bot.core.phrase import Phrase
from bot.core.reference import DEFAULT_SOURCE

MOST_IDS = 25
"""The most ignored roles, ignored members or sources in one value: as many as a select menu of Discord shows."""
LONGEST_COOLDOWN = 7 * 24 * 3600
_SNOWFLAKE = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_STYLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,149}", re.ASCII)
_SOURCE = re.compile(r"[a-z]{1,32}", re.ASCII)

T = TypeVar("T")

Value = str | int | bool | frozenset[int] | frozenset[str]
"""A value of a setting; where None is allowed, too, it means "not set"."""
JsonValue = str | int | bool | list[str]
"""A value in JSON, where IDs are strings, since they are too large for JSON's numbers."""


class Wrong(ValueError):
    """An invalid value; the phrase says what the value must be ("must be 1 to 5")."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


class Mode(StrEnum):
    """When links get cards."""

    AUTO = "auto"
    """Reply with cards at once."""
    ASK = "ask"
    """Add a reaction, and reply once somebody clicks it."""
    OFF = "off"


class Size(StrEnum):
    """How much a card shows."""

    FULL = "full"
    COMPACT = "compact"


class Layout(StrEnum):
    """How a card is built for Discord."""

    COMPONENTS = "components"
    EMBED = "embed"


class Scope(StrEnum):
    """The kind of place that a value is set for; a later kind overrides an earlier one."""

    GUILD = "guild"
    CATEGORY = "category"
    CHANNEL = "channel"


_SCOPES = tuple(Scope)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """The settings that apply in one place; the defaults of the fields are the built-in defaults."""

    mode: Mode = Mode.AUTO
    links: frozenset[str] = frozenset({DEFAULT_SOURCE})
    """Names of the sources whose links get cards; unknown names have no effect."""
    shorthands: bool = False
    """Whether a few words such as `erowid#6004` count as a link."""
    style: str = "apa"
    size: Size = Size.FULL
    layout: Layout = Layout.COMPONENTS
    suppress: bool = False
    """Whether to suppress Discord's preview of the link."""
    max_cards: int = 5
    """The most cards in reply to one message, 1 to 5."""
    cooldown: int = 600
    """Seconds in which a record gets no second card in a channel; 0 for no cool-down."""
    ignored_roles: frozenset[int] = frozenset()
    ignored_members: frozenset[int] = frozenset()
    """IDs of roles and members whose links get no cards."""
    webhooks: bool = False
    """Whether messages by webhooks get cards, for guilds where a proxy bot posts for people."""
    enrich: bool = True
    """Whether bibliographic services are asked about studies, and cards show what they say."""
    free_text: bool = True
    """Whether cards link to free text that a service knows."""
    log_channel: int | None = None
    """ID of the channel for news of changed settings and retractions; it may not exist, since a file can name any."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is; for a thread, `channel_id` and `category_id` are those of its parent channel."""

    guild_id: int | None
    """The guild's ID; None in direct messages."""
    channel_id: int
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The place that values are set for: a guild (by its own ID), or a category or channel of it."""

    scope: Scope
    id: int

    def __lt__(self, other: "Target") -> bool:
        return (_SCOPES.index(self.scope), self.id) < (_SCOPES.index(other.scope), other.id)


Overrides = Mapping[Target, Mapping[str, Value]]
"""All values that the moderators of one guild set, by target and name of the key. Never changed in place."""


class Kind(StrEnum):
    """The type of a key's values."""

    WORD = auto()
    """One of `Key.words`."""
    STYLE = auto()
    """The name of a CSL style; `bot.citation` knows whether it exists."""
    FLAG = auto()
    NUMBER = auto()
    """A number from `Key.least` to `Key.most`."""
    ROLES = auto()
    MEMBERS = auto()
    """A set of at most `Key.most` IDs."""
    CHANNEL = auto()
    """The ID of a channel."""
    SOURCES = auto()
    """The names of one or more sources; `bot.core.source.Sources` lists the existing ones."""


@dataclass(frozen=True, slots=True)
class Key:
    """The description of one setting."""

    name: str
    """The name of the field in `ChannelSettings`."""
    kind: Kind
    words: tuple[StrEnum, ...] = ()
    least: int = 0
    most: int = 0
    scopes: frozenset[Scope] = frozenset(Scope)
    """The kinds of places that the setting can be set for."""

    @property
    def default(self) -> Value | None:
        """The built-in default of the setting."""
        value: Value | None = getattr(_BUILT_IN, self.name)
        return value

    def read(self, value: object) -> Value:
        """Read a value from its JSON form. Raises Wrong."""
        match self.kind:
            case Kind.WORD:
                found = next((word for word in self.words if value == word), None)
                return _need(found, Phrase("must be one of: {words}", words=", ".join(self.words)))
            case Kind.STYLE:
                style = isinstance(value, str) and _STYLE.fullmatch(value)
                return _need(style[0] if style else None, Phrase("must be the name of a citation style"))
            case Kind.FLAG:
                return _need(value if isinstance(value, bool) else None, Phrase("must be true or false"))
            case Kind.NUMBER:
                bounds = Phrase("must be {least} to {most}", least=self.least, most=self.most)
                return _need(value if type(value) is int and self.least <= value <= self.most else None, bounds)
            case Kind.CHANNEL:
                return _need(read_id(value), Phrase("must be an ID in quotes"))
            case Kind.ROLES | Kind.MEMBERS | Kind.SOURCES:
                return self._read_set(value)

    def _read_set(self, value: object) -> Value:
        listed = value if isinstance(value, list) and len(value) <= self.most else [None]
        if self.kind is Kind.SOURCES:
            wrong = Phrase("must be a list of one source or more, such as {example}", example='["erowid"]')
            names = (one if isinstance(one, str) and _SOURCE.fullmatch(one) else None for one in listed or [None])
            return frozenset(_need(name, wrong) for name in names)
        wrong = Phrase("must be a list of at most {most} IDs, each in quotes", most=self.most)
        return frozenset(_need(read_id(one), wrong) for one in listed)

    def write(self, value: Value) -> JsonValue:
        """Give a value as JSON stores it."""
        if isinstance(value, frozenset):
            return [str(one) for one in sorted(value)]
        return str(value) if self.kind in {Kind.CHANNEL, Kind.WORD} else value

    def check(self, value: Value) -> Value:
        """Give the value back if it is valid. Raises Wrong."""
        return self.read(self.write(value))


KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("mode", Kind.WORD, words=tuple(Mode)),
        Key("links", Kind.SOURCES, most=MOST_IDS),
        Key("shorthands", Kind.FLAG),
        Key("style", Kind.STYLE),
        Key("size", Kind.WORD, words=tuple(Size)),
        Key("layout", Kind.WORD, words=tuple(Layout)),
        Key("suppress", Kind.FLAG),
        Key("max_cards", Kind.NUMBER, least=1, most=5),
        Key("cooldown", Kind.NUMBER, least=0, most=LONGEST_COOLDOWN),
        Key("ignored_roles", Kind.ROLES, most=MOST_IDS),
        Key("ignored_members", Kind.MEMBERS, most=MOST_IDS),
        Key("enrich", Kind.FLAG),
        Key("free_text", Kind.FLAG),
        Key("webhooks", Kind.FLAG, scopes=frozenset({Scope.GUILD})),
        Key("log_channel", Kind.CHANNEL, scopes=frozenset({Scope.GUILD})),
    )
}
_BUILT_IN = ChannelSettings()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The settings that apply in one place, and the origin of each value."""

    settings: ChannelSettings = _BUILT_IN
    origins: Mapping[str, Target] = field(default_factory=dict)
    """By key, the guild, category or channel where the value was set; keys with their default are left out."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was set, changed or unset."""

    target: Target
    key: str
    old: Value | None
    new: Value | None
    """The new value; None if it was unset."""


def resolve(overrides: Overrides, place: Place) -> Resolved:
    """Determine the settings that apply in a place of the guild with these overrides."""
    values: dict[str, Value] = {}
    origins: dict[str, Target] = {}
    for target in _around(place):
        chosen = overrides.get(target, {})
        values.update(chosen)
        origins.update(dict.fromkeys(chosen, target))
    return Resolved(ChannelSettings(**values), origins) if values else Resolved()  # type: ignore[arg-type]  # as KEYS reads them


def change(overrides: Overrides, target: Target, key: str, value: Value | None) -> Overrides:
    """Give a copy of the overrides with one value set, or unset if `value` is None."""
    there = {name: one for name, one in overrides.get(target, {}).items() if name != key}
    there |= {} if value is None else {key: value}
    rest = {one: chosen for one, chosen in overrides.items() if one != target}
    return rest | {target: there} if there else rest


def differences(old: Overrides, new: Overrides) -> tuple[Change, ...]:
    """List the changes from `old` to `new`, in the order of targets and of `KEYS`."""
    return tuple(
        Change(target, key, before.get(key), after.get(key))
        for target in sorted({*old, *new})
        for before, after in [(old.get(target, {}), new.get(target, {}))]
        for key in KEYS
        if before.get(key) != after.get(key)
    )


def read_id(value: object) -> int | None:
    """Read a snowflake from its digits; None for anything else."""
    match = _SNOWFLAKE.fullmatch(value) if isinstance(value, str) else None
    return int(match[0]) if match and int(match[0]) < 1 << 63 else None


def _around(place: Place) -> Iterator[Target]:
    """Give the targets that apply to a place, from the guild to the channel."""
    if place.guild_id is not None:
        yield Target(Scope.GUILD, place.guild_id)
        if place.category_id is not None:
            yield Target(Scope.CATEGORY, place.category_id)
        yield Target(Scope.CHANNEL, place.channel_id)


def _need(value: T | None, otherwise: Phrase) -> T:
    if value is None:
        raise Wrong(otherwise)
    return value
