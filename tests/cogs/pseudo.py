"""A language in which every word of ours stands in brackets: what stands outside was never given to a catalog."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from string import Formatter
from typing import Any

from cogs.discord_kit.i18n import CATALOGS, Catalogs

_SAID = re.compile("⟦[^⟦⟧]*⟧")
_THEIRS = re.compile(
    r"</[a-z -]+:[0-9]+>|<[@#]&?[0-9]+>|<t:[0-9]+(:\w)?>|https?\\?://\S+|\bprecis-settings[-\w.]*|`/[a-z ]+`"
)
"""Mentions, times and links, which Discord shows in the reader's language or as they are; names of files and commands."""
_WORD = re.compile(r"[^\W\d_]{2,}")


class Pseudo(NullTranslations):
    """A catalog that has everything."""

    def gettext(self, text: str) -> str:
        return "".join(
            (f"⟦{words}⟧" if words else "") + (f"{{{field}}}" if field is not None else "")
            for words, field, _, _ in Formatter().parse(text)
        )

    def ngettext(self, text: str, plural: str, count: int) -> str:
        return self.gettext(text if count == 1 else plural)


class PseudoAlone(Catalogs):
    """That language, for everybody."""

    def catalog(self, locale: str) -> NullTranslations:
        return Pseudo()


pseudo = PseudoAlone().say_in(None)


def speak_pseudo() -> None:
    """Let the bot speak that language to everybody, in this test."""
    CATALOGS.set(PseudoAlone())


def untranslated(shown: str) -> set[str]:
    """Give the words that were never given to a catalog."""
    return set(_WORD.findall(_THEIRS.sub(" ", _SAID.sub(" ", shown))))


def shown_texts(body: Any) -> Iterator[str]:
    """Give all that people read of what Discord is sent: contents, labels, placeholders, titles, embeds."""
    match body:
        case dict():
            for name, part in body.items():
                if name in {"content", "label", "placeholder", "title", "description", "text"} and isinstance(part, str):
                    yield part
                else:
                    yield from shown_texts(part)
        case list():
            for part in body:
                yield from shown_texts(part)
