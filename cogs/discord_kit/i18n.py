"""Translations of the bot's own texts: gettext catalogs, `cogs/locales/LANGUAGE.po`.

The code holds the English texts, marked by the function that `speak` gives (called `_`). To add a language, add its file
(`make words` writes a template). Texts without a translation stay English. Abstracts, citations and findings are never
translated.

The names of slash commands and their options stay English, since people and documentation name them; their descriptions and
the entry of the message menu are translated.
"""

import io
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

import discord
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from cachetools import LRUCache, cachedmethod
from discord import app_commands

from bot.core.phrase import Say

__all__ = ["CATALOGS", "FOLDER", "Catalogs", "Say", "Words", "languages", "speak", "speak_to"]

FOLDER = Path(__file__).parents[1] / "locales"


class Catalogs:
    """The catalogs in a folder; each is read when it is first needed."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read: LRUCache[Any, NullTranslations] = LRUCache(64)
        self._translators: LRUCache[Any, Say] = LRUCache(64)

    def languages(self) -> tuple[str, ...]:
        """Give the codes of the languages that have a catalog; English has none."""
        return tuple(sorted(file.stem for file in self._folder.glob("*.po")))

    @cachedmethod(lambda self: self._read)
    def catalog(self, locale: str) -> NullTranslations:
        """Read the catalog for a locale: `pt-BR` has `pt_BR.po` or `pt.po`, `es-419` has `es.po`; empty if there is none."""
        name = locale.replace("-", "_")
        language = next((one for one in (name, name.partition("_")[0]) if one in self.languages()), None)
        if language is None:
            return NullTranslations()
        compiled = io.BytesIO()  # gettext knows the plural forms, but reads only the compiled form
        with (self._folder / f"{language}.po").open("rb") as opened:
            write_mo(compiled, read_po(opened, locale=language))
        compiled.seek(0)
        return GNUTranslations(compiled)

    def say_in(self, locale: discord.Locale | str | None) -> Say:
        """Give the function that translates into a locale's language: the same one each time, as caches need it."""
        return self._translator(str(locale or ""))

    @cachedmethod(lambda self: self._translators)
    def _translator(self, locale: str) -> Say:
        catalog = self.catalog(locale)

        def say(text: str, plural: str = "", /, **values: Any) -> str:
            said = catalog.ngettext(text, plural, values["count"]) if plural else catalog.gettext(text) if text else ""
            return said.format(**values) if values else said

        return say


_SHIPPED = Catalogs()
CATALOGS: ContextVar[Catalogs] = ContextVar("catalogs", default=_SHIPPED)
"""The catalogs from which the running task and the tasks that it starts translate; only tests set others."""


def languages() -> tuple[str, ...]:
    """Give the codes of the languages that the bot speaks beside English."""
    return CATALOGS.get().languages()


def speak(locale: discord.Locale | str | None) -> Say:
    """Give the function that translates into a locale's language."""
    return CATALOGS.get().say_in(locale)


def speak_to(interaction: discord.Interaction[Any], *, private: bool) -> Say:
    """Give the function that translates a private answer into the reader's language, a public one into the guild's."""
    return speak(interaction.locale if private or interaction.guild_locale is None else interaction.guild_locale)


class Words(app_commands.Translator):
    """Translates the descriptions of commands."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """Translate a text; None if the catalog does not have it."""
        said = CATALOGS.get().catalog(locale.value).gettext(string.message)
        return said if said != string.message else None
