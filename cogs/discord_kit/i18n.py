"""Translations of the bot's own texts: gettext catalogs, `cogs/locales/LANGUAGE.po`.

The code holds the English texts, marked by the function that `speak` gives (called `_`). To add a language, add its file
(`make words` writes a template). Texts without a translation stay English. Abstracts, citations and findings are never
translated.

The names of slash commands and their options stay English, since people and documentation name them; their descriptions and
the entry of the message menu are translated.
"""

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

import discord
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from discord import app_commands

from bot.core.phrase import Say

__all__ = ["FOLDER", "Say", "Words", "languages", "speak", "speak_to"]

FOLDER = Path(__file__).parents[1] / "locales"


@lru_cache(maxsize=64)
def _catalog(locale: str) -> NullTranslations:
    """Read the catalog for a locale: `pt-BR` has `pt_BR.po` or `pt.po`, `es-419` has `es.po`; empty if there is none."""
    name = locale.replace("-", "_")
    language = next((one for one in (name, name.partition("_")[0]) if one in languages()), None)
    if language is None:
        return NullTranslations()
    compiled = io.BytesIO()  # gettext, which knows how each language counts, reads the compiled form alone
    with (FOLDER / f"{language}.po").open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def languages() -> tuple[str, ...]:
    """Give the codes of the languages that have a catalog; English has none."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.po")))


def speak(locale: discord.Locale | str | None) -> Say:
    """Give the function that translates into a locale's language."""
    return _speaker(str(locale or ""))


@lru_cache(maxsize=64)
def _speaker(locale: str) -> Say:
    catalog = _catalog(locale)

    def say(text: str, plural: str = "", /, **values: Any) -> str:
        said = catalog.ngettext(text, plural, values["count"]) if plural else catalog.gettext(text) if text else ""
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
        said = _catalog(locale.value).gettext(string.message)
        return said if said != string.message else None
