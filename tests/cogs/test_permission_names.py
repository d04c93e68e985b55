"""Permissions have the names that Discord gives them, in every language."""

import re

import discord
import pytest

from cogs.discord_kit.i18n import languages, speak
from cogs.discord_kit.permissions import needs
from tests.cogs.texts import ROOT, messages

NAMED_OTHERWISE = {"Manage Guild": "Manage Server"}
"""Where Discord's pages for people have other words than its documentation for developers."""
SMALL = {"In": "in"}


def name_of(flag: str) -> str:
    """Discord's name of a permission, by discord.py's: `Send Messages in Threads`."""
    words = " ".join(SMALL.get(word, word) for word in flag.replace("_", " ").title().split())
    return NAMED_OTHERWISE.get(words, words)


DISCORDS = {name_of(flag) for flag in discord.Permissions.VALID_FLAGS} - {"Read Messages"}
"""Less an old name of View Channel, which discord.py keeps."""
LIKE_ONE = re.compile(
    rf"\b(?:{'|'.join({name.split()[0] for name in DISCORDS if ' ' in name})})(?: in)?(?: [A-Z][a-z]+| in)+"
)
"""Words that begin as the name of a permission does, all with capitals."""
NAMES = {need.title for need in needs()}
"""What the catalogs have as texts of their own: the one place for the names in a language."""


def texts() -> list[str]:
    """All English texts that are to be translated."""
    return [text for text in messages() if isinstance(text, str)]


def test_names_are_discords() -> None:
    """Of those that the bot needs."""
    for need in needs():
        assert need.name in discord.Permissions.VALID_FLAGS
        assert need.title == name_of(need.name)


def test_texts_name_no_others() -> None:
    """No sentence, and no page of the documentation, has a name that Discord does not have."""
    pages = [file.read_text("utf-8") for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    found = {name for text in (*texts(), *pages) for name in LIKE_ONE.findall(text)}
    assert found >= NAMES | {"Manage Server"}
    assert found <= DISCORDS


@pytest.mark.parametrize("language", languages())
def test_names_in_a_language(language: str) -> None:
    """The language's own name, then in parentheses the English one; sentences have the same."""
    say = speak(language)
    theirs = {name: re.fullmatch(rf"(.+) \({name}\)", say(name)) for name in NAMES}
    assert [name for name, found in theirs.items() if found is None] == []
    for text in set(texts()) - NAMES:
        for name in NAMES.intersection(LIKE_ONE.findall(text)):
            assert f"({name})" in say(text)
            assert theirs[name][1] in say(text)
