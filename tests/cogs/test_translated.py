"""Nothing that the bot says stays English where its reader speaks another language."""

import json
from collections.abc import Iterator

import pytest

from bot.commands.translations import _UNSAID, _family
from bot.core.channel_settings import KEYS, Wrong
from bot.core.errors import (
    SHOWN,
    BadSetting,
    BadSettingsFile,
    BadTarget,
    BotError,
    NotARecord,
    PageChanged,
    RecordNotFound,
    SiteError,
    UnknownStyle,
)
from bot.core.phrase import Phrase
from bot.core.settings_file import FORMAT, MOST_BYTES, MOST_TARGETS, read_export
from cogs.discord_kit.errors import advise
from cogs.discord_kit.i18n import languages, speak
from tests.cogs.pseudo import pseudo, untranslated
from tests.references import erowid

GUILD = 10
GOOD = {"format": FORMAT, "version": 1, "guild": str(GUILD)}
EXAMPLES: dict[type[BotError], tuple[object, ...]] = {
    BadSetting: ("7", Phrase("means nothing")),
    BadSettingsFile: ([Phrase("it is damaged")] * (SHOWN + 1),),
    BadTarget: ("7",),
    RecordNotFound: (erowid(7), Phrase("Erowid reference {id}", id=7)),
    UnknownStyle: ("7",),
    NotARecord: ("7",),
    PageChanged: ("7",),
}
"""What errors are made of that cannot be made of nothing."""


def errors() -> Iterator[BotError]:
    """One of each kind that somebody in Discord can meet."""
    for kind in _family(BotError):
        yield kind(*EXAMPLES.get(kind, ("7",) if issubclass(kind, SiteError) else ()))


@pytest.mark.parametrize("error", list(errors()), ids=lambda error: type(error).__name__)
def test_every_error(error: BotError) -> None:
    """Its sentence and what stands in its braces."""
    said = advise(error, pseudo)
    assert said != pseudo("")
    assert untranslated(said) == set()
    assert advise(error, speak("de")) != error.advice
    assert advise(error, speak("en")) == error.advice


def test_errors_that_nobody_in_discord_meets() -> None:
    """Those that are left out say so."""
    assert all(kind.__name__ in {"ConfigurationError", "DiscordUnreachable", "OutputFailed"} for kind in _UNSAID)


@pytest.mark.parametrize("key", list(KEYS.values()), ids=lambda key: key.name)
def test_every_check_of_a_value(key) -> None:
    """What a value must be; only the words that files have stay as they are."""
    with pytest.raises(Wrong) as caught:
        key.read({"7": 7})
    words = caught.value.phrase.said(pseudo)
    assert untranslated(words) <= {*map(str, key.words), "erowid"}
    assert caught.value.phrase.said(speak("de")) != str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b"[]",
        b" " * (MOST_BYTES + 1),
        b'{"7": 1, "7": 2}',
        json.dumps(GOOD | {"version": 2}).encode(),
        json.dumps(GOOD | {"guild": "11"}).encode(),
        json.dumps(GOOD | {"7": 1, "settings": [], "categories": {"x7": {}, "7": 1}}).encode(),
        json.dumps(GOOD | {"settings": {"7": 1, "mode": 7, "style": "7"}, "channels": {"7": {"log_channel": "7"}}}).encode(),
        json.dumps(GOOD | {"channels": {str(one): {} for one in range(1, MOST_TARGETS + 2)}}).encode(),
    ],
    ids=lambda data: repr(data[:20]),
)
def test_every_problem_of_a_file(data: bytes) -> None:
    """Only what stands in the file itself stays as it is."""
    with pytest.raises(BadSettingsFile) as caught:
        read_export(data, GUILD)
    said = advise(caught.value, pseudo)
    theirs = {"settings", "categories", "channels", "mode", "style", "log", "channel", "auto", "ask", "off", "precis"}
    assert untranslated(said) <= theirs
    assert max(len(advise(caught.value, speak(language))) for language in languages()) < 2_000
