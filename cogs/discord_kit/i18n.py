"""The bot's own words in its readers' languages: gettext catalogs, `locales/LANGUAGE.po` beside this file.

English stands in the code, marked by the function that `speak` gives (`_` by custom); a language is added by adding its file
(`make words` writes a template). Abstracts, citations and findings are never translated. Words without a translation stay
English.

Names of slash commands and their options stay English everywhere: people tell each other `/study show`, in whatever language
they read, and sentences, READMEs and mentions name commands. Descriptions and the message menu's entry are translated. Where
Discord's own word for a permission is not known for certain, its English name stands beside ours.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import discord
from babel.messages.pofile import read_po
from discord import app_commands

from bot.core.wording import Say

__all__ = ["FOLDER", "Say", "Words", "languages", "speak", "speak_to"]

FOLDER = Path(__file__).parents[1] / "locales"


@lru_cache(maxsize=32)
def _catalog(language: str) -> Mapping[str, str]:
    """Read a language's catalog; empty where there is none."""
    file = FOLDER / f"{language}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as opened:
        messages = read_po(opened, locale=language)
    return {m.id: str(m.string) for m in messages if isinstance(m.id, str) and m.id and m.string and not m.fuzzy}


def languages() -> tuple[str, ...]:
    """Name the languages that have a catalog, English apart."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.po")))


def speak(locale: discord.Locale | str | None) -> Say:
    """Give the function that says things in a locale's language, for each language one."""
    return _speaker(str(locale or "en").partition("-")[0])


@lru_cache(maxsize=32)
def _speaker(language: str) -> Say:
    catalog = _catalog(language)

    def say(text: str, /, **values: object) -> str:
        said = catalog.get(text, text)
        return said.format(**values) if values else said

    return say


def speak_to(interaction: discord.Interaction[Any], *, private: bool) -> Say:
    """Give the function that answers in the reader's language, or in the guild's where all of it reads the answer."""
    return speak(interaction.locale if private or interaction.guild_locale is None else interaction.guild_locale)


class Words(app_commands.Translator):
    """Names and descriptions of commands, from the same catalogs."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """Give a command's word in a language; None where the catalog has none."""
        return _catalog(locale.value.partition("-")[0]).get(string.message)
