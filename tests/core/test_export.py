import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import resolve_style
from bot.core.channel_settings import ChannelSettings, Mode, Scope, Target
from bot.core.errors import BadSettingsFile
from bot.core.settings_file import FORMAT, MOST_BYTES, MOST_TARGETS, read_export, write_export
from tests.core.test_channel_settings import GUILD, overrides

GOOD = {
    "format": FORMAT,
    "version": 1,
    "guild": str(GUILD),
    "settings": {"mode": "ask", "ignored_roles": ["7", "8"]},
    "categories": {"20": {"style": "ieee"}},
    "channels": {"30": {"max_cards": 1}},
}


def bad(**parts):
    return json.dumps(GOOD | parts).encode()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "mode", "30", "x"]), inner, max_size=5)
    ),
    max_leaves=12,
).map(lambda junk: json.dumps(GOOD | junk if isinstance(junk, dict) else junk).encode())


@given(overrides())
def test_what_is_exported_can_be_imported(made) -> None:
    """A guild's own file gives back just what was chosen."""
    assert read_export(write_export(GUILD, made).encode(), GUILD) == made


def test_the_file_is_as_its_description_says() -> None:
    """The file's parts are named and IDs are strings; a byte order mark or missing parts do no harm."""
    made = read_export(b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), GUILD, resolve_style)
    assert made == {
        Target(Scope.GUILD, GUILD): {"mode": Mode.ASK, "ignored_roles": frozenset({7, 8})},
        Target(Scope.CATEGORY, 20): {"style": "ieee"},
        Target(Scope.CHANNEL, 30): {"max_cards": 1},
    }
    assert json.loads(write_export(GUILD, made)) == GOOD
    assert read_export(json.dumps({"format": FORMAT, "version": 1, "guild": str(GUILD)}).encode(), GUILD) == {}


def test_styles_are_taken_by_any_of_their_names() -> None:
    """An alias in a file becomes the style's own name."""
    made = read_export(bad(settings={"style": "MLA"}), GUILD, resolve_style)
    assert made[Target(Scope.GUILD, GUILD)]["style"] == "modern-language-association"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "damaged at line 1"),
        (json.dumps(GOOD).encode()[:-9], "damaged at line 1"),
        (b"\xff\xfe{}", "no text in UTF-8"),
        (b"[" * 100_000, "damaged"),
        (b"9" * 10_000, "damaged"),
        (b"[]", "not a settings file"),
        (b"{}", "not a settings file"),
        (b"null", "not a settings file"),
        (b" " * (MOST_BYTES + 1), "larger than 256 KiB"),
        (bad(format="carl-bot"), "not a settings file"),
        (bad(version=2), "version is not 1"),
        (bad(version=True), "version is not 1"),
        (bad(guild="11"), "from another server"),
        (bad(guild=GUILD), "from another server"),
        (b'{"format": "x", "format": "' + FORMAT.encode() + b'"}', '"format" stands twice'),
        (bad(extra=1), '"extra" means nothing'),
        (bad(settings=[]), '"settings" must be an object'),
        (bad(channels=3), '"channels" must be an object'),
        (bad(channels={"x": {}}), '"channels": "x" is no ID'),
        (bad(channels={"30": 1}), '"channels" "30" must be an object'),
        (bad(channels={str(one): {} for one in range(1, MOST_TARGETS + 2)}), "more than 500 categories and channels"),
        (bad(settings={"mode": "never"}), '"settings": "mode" must be one of: auto, ask, off'),
        (bad(settings={"nonsense": 1}), '"settings": "nonsense" means nothing'),
        (bad(settings={"style": "no-such-style"}), '"settings": "style" is no citation style: "no-such-style"'),
        (bad(settings={"style": 4}), '"settings": "style" must be the name of a citation style'),
        (
            bad(channels={"30": {"log_channel": "5"}}),
            '"channels" "30": "log_channel" can be chosen for the whole server only',
        ),
    ],
)
def test_files_that_are_refused(data, says) -> None:
    """Damaged, oversized, foreign, of another version, or with a value that cannot be: refused, and it says why."""
    with pytest.raises(BadSettingsFile) as caught:
        read_export(data, GUILD, resolve_style)
    assert says in caught.value.advice
    assert len(caught.value.advice) < 2000


def test_every_problem_is_named_at_once() -> None:
    """One reading names all that is wrong; a long list is cut for people, not for programs."""
    with pytest.raises(BadSettingsFile) as caught:
        read_export(
            bad(settings={"mode": 1, "x" * 500: 1}, channels={str(n): {"cooldown": -1} for n in range(1, 40)}), GUILD
        )
    assert len(caught.value.problems) == 41
    assert "and 31 more" in caught.value.advice
    assert len(caught.value.advice) < 2000


@given(st.binary(max_size=60) | JUNK)
def test_no_file_does_anything_else(data) -> None:
    """Whatever a file holds, it gives choices that can be made, or the one error."""
    try:
        made = read_export(data, GUILD, resolve_style)
    except BadSettingsFile:
        return
    for chosen in made.values():
        ChannelSettings(**chosen)
    assert read_export(write_export(GUILD, made).encode(), GUILD) == made


def test_a_large_file_is_read_at_once() -> None:
    """A file of the largest size with one name twice takes no time that anybody would notice."""
    names = ",".join(f'"{number}":0' for number in range(25_000))
    with pytest.raises(BadSettingsFile, match="stands twice"):
        read_export(f'{{"1":0,{names}}}'.encode()[:MOST_BYTES], GUILD)
