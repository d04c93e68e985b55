"""Translations of the bot's own texts: gettext catalogs, `cogs/locales/LANGUAGE.po`.

The code holds the English texts, marked by the function that `speak` gives (called `_`). To add a language, add its file
(`make words` writes a template). Texts without a translation stay English. Abstracts, citations and findings are never
translated.

The names of slash commands and their options stay English, since people and documentation name them; their descriptions and
the entry of the message menu are translated.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import discord
from babel.messages.pofile import read_po
from discord import app_commands

from bot.core.phrase import Say

__all__ = ["FOLDER", "Say", "Words", "languages", "speak", "speak_to"]

FOLDER = Path(__file__).parents[1] / "locales"


@lru_cache(maxsize=32)
def _catalog(language: str) -> Mapping[str, str]:
    """Read a language's catalog; empty if there is none."""
    file = FOLDER / f"{language}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as opened:
        messages = read_po(opened, locale=language)
    return {m.id: str(m.string) for m in messages if isinstance(m.id, str) and m.id and m.string and not m.fuzzy}


def languages() -> tuple[str, ...]:
    """Give the codes of the languages that have a catalog; English has none."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.po")))


def speak(locale: discord.Locale | str | None) -> Say:
    """Give the function that translates into a locale's language."""
    return _speaker(str(locale or "en").partition("-")[0])


@lru_cache(maxsize=32)
def _speaker(language: str) -> Say:
    catalog = _catalog(language)

    def say(text: str, /, **values: object) -> str:
        said = catalog.get(text, text)
        return said.format(**values) if values else said

    return say


def speak_to(interaction: discord.Interaction[Any], *, private: bool) -> Say:
    """Give the function that translates a private answer into the reader's language, a public one into the guild's."""
    return speak(interaction.locale if private or interaction.guild_locale is None else interaction.guild_locale)


class Words(app_commands.Translator):
    """Translates the descriptions of commands."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """Translate a text; None if the catalog does not have it."""
        return _catalog(locale.value.partition("-")[0]).get(string.message)
