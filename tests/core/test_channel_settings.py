from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.channel_settings import (
    KEYS,
    MOST_IDS,
    ChannelSettings,
    Kind,
    Layout,
    Mode,
    Place,
    Resolved,
    Scope,
    Size,
    Target,
    change,
    differences,
    read_id,
    resolve,
)

SNOWFLAKES = st.integers(1, (1 << 63) - 1)
GUILD = 10
PLACE = Place(GUILD, channel_id=30, category_id=20)
WHOLE = Target(Scope.GUILD, GUILD)
CATEGORY = Target(Scope.CATEGORY, 20)
CHANNEL = Target(Scope.CHANNEL, 30)


def values_of(key):  # noqa: PLR0911 - one kind of value each
    """Every value that a key can have."""
    match key.kind:
        case Kind.WORD:
            return st.sampled_from(key.words)
        case Kind.STYLE:
            return st.sampled_from(["apa", "nature", "ieee"])
        case Kind.FLAG:
            return st.booleans()
        case Kind.NUMBER:
            return st.integers(key.least, key.most)
        case Kind.CHANNEL:
            return SNOWFLAKES
        case Kind.SOURCES:
            return st.frozensets(st.sampled_from(["erowid", "newt", "unknown"]), min_size=1)
        case _:
            return st.frozensets(SNOWFLAKES, max_size=4)


def chosen_for(scope):
    return st.fixed_dictionaries(
        {}, optional={name: values_of(key) for name, key in KEYS.items() if scope in key.scopes}
    ).filter(bool)


def overrides(guild_id=GUILD):
    """Whatever the moderators of a guild can have chosen."""
    others = st.one_of(
        *(
            st.tuples(st.builds(Target, st.just(scope), SNOWFLAKES), chosen_for(scope))
            for scope in (Scope.CATEGORY, Scope.CHANNEL)
        )
    )
    whole = st.tuples(st.just(Target(Scope.GUILD, guild_id)), chosen_for(Scope.GUILD))
    return st.tuples(st.lists(whole, max_size=1), st.lists(others, max_size=4)).map(lambda both: dict(both[0] + both[1]))


def test_every_choice_has_its_key() -> None:
    """KEYS describes each field of ChannelSettings, and every default can itself be chosen."""
    assert {field.name for field in fields(ChannelSettings)} == set(KEYS)
    for key in KEYS.values():
        assert key.default is None or key.check(key.default) == key.default


@pytest.mark.parametrize(
    ("made", "expected", "origin"),
    [
        ({}, Mode.AUTO, None),
        ({WHOLE: {"mode": Mode.OFF}}, Mode.OFF, WHOLE),
        ({WHOLE: {"mode": Mode.OFF}, CATEGORY: {"mode": Mode.ASK}}, Mode.ASK, CATEGORY),
        ({WHOLE: {"mode": Mode.OFF}, CATEGORY: {"mode": Mode.ASK}, CHANNEL: {"mode": Mode.AUTO}}, Mode.AUTO, CHANNEL),
        ({CATEGORY: {"style": "ieee"}, CHANNEL: {"mode": Mode.OFF}}, Mode.OFF, CHANNEL),
        ({Target(Scope.CHANNEL, 31): {"mode": Mode.OFF}}, Mode.AUTO, None),
        ({Target(Scope.GUILD, 11): {"mode": Mode.OFF}}, Mode.AUTO, None),
        ({Target(Scope.CATEGORY, 30): {"mode": Mode.OFF}}, Mode.AUTO, None),
    ],
)
def test_precedence(made, expected, origin) -> None:
    """Channel before category before guild before built-in; what is chosen elsewhere counts for nothing."""
    resolved = resolve(made, PLACE)
    assert resolved.settings.mode is expected
    assert resolved.origins.get("mode") == origin


def test_keys_resolve_each_for_itself() -> None:
    """Each key comes from where it was chosen; a list at a channel stands in place of the guild's."""
    made = {
        WHOLE: {"style": "ieee", "ignored_members": frozenset({1, 2}), "log_channel": 99},
        CATEGORY: {"size": Size.COMPACT, "style": "nature"},
        CHANNEL: {"ignored_members": frozenset({3})},
    }
    resolved = resolve(made, PLACE)
    assert resolved.settings == replace(
        ChannelSettings(), style="nature", size=Size.COMPACT, ignored_members=frozenset({3}), log_channel=99
    )
    assert resolved.origins == {"style": CATEGORY, "size": CATEGORY, "ignored_members": CHANNEL, "log_channel": WHOLE}


@pytest.mark.parametrize("place", [Place(None, 30), Place(None, 30, 20), Place(11, 30, 20)])
def test_elsewhere_the_defaults_hold(place) -> None:
    """Direct messages and other guilds have nothing of what a guild chose."""
    made = {WHOLE: {"mode": Mode.OFF}}
    assert resolve(made, place) == Resolved()


@given(overrides(), st.booleans())
def test_a_place_has_the_nearest_value(made, in_category) -> None:
    """For every key: the value of the nearest target that has one, else the default; and the origin is that target."""
    made = {**made, CHANNEL: made.get(next(iter(made), None), {})}
    place = Place(GUILD, 30, 20 if in_category else None)
    around = [CHANNEL, *([CATEGORY] if in_category else []), WHOLE]
    resolved = resolve(made, place)
    for name, key in KEYS.items():
        near = next((target for target in around if name in made.get(target, {})), None)
        assert resolved.origins.get(name) == near
        assert getattr(resolved.settings, name) == (key.default if near is None else made[near][name])


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("mode", "sometimes", "must be one of: auto, ask, off"),
        ("mode", None, "must be"),
        ("mode", ["auto"], "must be"),
        ("layout", True, "must be one of: components, embed"),
        ("style", "../../etc/passwd", "must be the name of a citation style"),
        ("style", "", "must be"),
        ("style", "APA\n", "must be"),
        ("suppress", 1, "must be true or false"),
        ("suppress", "yes", "must be"),
        ("max_cards", 0, "must be 1 to 5"),
        ("max_cards", 6, "must be"),
        ("max_cards", 2.0, "must be"),
        ("max_cards", True, "must be"),
        ("max_cards", "3", "must be"),
        ("cooldown", -1, "must be 0 to 604800"),
        ("cooldown", float("nan"), "must be"),
        ("ignored_roles", ["1", 2], "list of at most 25 IDs"),
        ("ignored_roles", "1", "list"),
        ("ignored_roles", [str(one) for one in range(1, MOST_IDS + 2)], "at most 25"),
        ("ignored_members", ["0"], "list"),
        ("ignored_members", [["1"]], "list"),
        ("links", [], "must be a list of one source or more"),
        ("links", "erowid", "must be a list"),
        ("links", ["erowid", 7], "must be a list"),
        ("links", ["Erowid"], "must be a list"),
        ("links", ["erowid:6004"], "must be a list"),
        ("links", ["a" * 33], "must be a list"),
        ("links", [[]], "must be a list"),
        ("links", ["a"] * (MOST_IDS + 1), "must be a list"),
        ("shorthands", "on", "must be true or false"),
        ("log_channel", 5, "must be an ID in quotes"),
        ("log_channel", "٣", "must be"),
    ],
)
def test_what_cannot_be_chosen(name, value, says) -> None:
    """A value of another type or out of its bounds is refused, with words that say what would do."""
    with pytest.raises(ValueError, match=says):
        KEYS[name].read(value)


@given(st.sampled_from(list(KEYS.values())).flatmap(lambda key: st.tuples(st.just(key), values_of(key))))
def test_a_value_and_its_json_form(pair) -> None:
    """Each value comes back from its JSON form, as the type that ChannelSettings has."""
    key, value = pair
    back = key.read(key.write(value))
    assert back == value == key.check(value)
    assert type(back) is type(value)


def test_words_become_their_own_type() -> None:
    """A bare word given for a key with words is that word."""
    assert KEYS["layout"].check("embed") is Layout.EMBED


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), (str((1 << 63) - 1), (1 << 63) - 1), (str(1 << 63), None), ("01", None), ("", None), ("1 ", None), (1, None)],
)
def test_snowflakes(text, expected) -> None:
    """An ID is a positive 64-bit number in ASCII digits."""
    assert read_id(text) == expected


@given(overrides(), overrides())
def test_differences_lead_from_one_to_the_other(old, new) -> None:
    """Making each change in turn turns the one into the other, and each says what was there; nothing else is touched."""
    before, made = dict(old), old
    for one in differences(old, new):
        assert made.get(one.target, {}).get(one.key) == one.old != one.new
        made = change(made, one.target, one.key, one.new)
    assert made == new
    assert old == before
    assert differences(new, new) == ()


def test_targets_stand_from_wide_to_narrow() -> None:
    """Guild, categories, channels: the order of the panel, the file and the history."""
    assert sorted([CHANNEL, WHOLE, CATEGORY, Target(Scope.CATEGORY, 3)]) == [
        WHOLE,
        Target(Scope.CATEGORY, 3),
        CATEGORY,
        CHANNEL,
    ]
