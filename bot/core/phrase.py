"""Phrases: texts of the bot that are translated only when the reader's language is known."""

from collections.abc import Callable

Say = Callable[..., str]
"""Translates a text and fills in the values for its braces: `_("shown {when}", when=day)`.

A text with a number also gives its plural, and the number as `count`: `_("{count} card", "{count} cards", count=3)`.
"""


def english(text: str, plural: str = "", /, **values: object) -> str:
    """Fill in the braces of a text without translating it."""
    said = plural if plural and values["count"] != 1 else text
    return said.format(**values) if values else said


class Phrase:
    """A text with the values for its braces, to be translated later; `str` gives it in English.

    Values may be phrases, too, and tuples of phrases, which are joined with semicolons.
    """

    def __init__(self, text: str, plural: str = "", /, **values: object) -> None:
        self.text = text
        self.plural = plural
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.text, self.values) == (other.text, other.values)

    def __hash__(self) -> int:
        return hash(self.text)

    def said(self, say: Say) -> str:
        """Translate the phrase with `say`."""
        return say(self.text, self.plural, **{name: _said(value, say) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.said(english)


def _said(value: object, say: Say) -> object:
    if isinstance(value, tuple):
        return "; ".join(str(_said(one, say)) for one in value)
    return value.said(say) if isinstance(value, Phrase) else value
