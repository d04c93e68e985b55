"""Words of ours that wait to be said in a reader's language."""

from collections.abc import Callable

Say = Callable[..., str]
"""Gives a text in a language, with the values for its braces: `_("shown {when}", when=day)`.

A text that depends on a number has its plural too, and the number is `count`: `_("{count} card", "{count} cards", count=3)`.
"""


def english(text: str, plural: str = "", /, **values: object) -> str:
    """Say a text as it stands in the code."""
    said = plural if plural and values["count"] != 1 else text
    return said.format(**values) if values else said


class Phrase:
    """Words of ours with what stands in their braces, to be said in some language later; as a string they are English.

    In the braces may stand phrases, and tuples of phrases, which are set off by semicolons.
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
        """Say it in a language."""
        return say(self.text, self.plural, **{name: _said(value, say) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.said(english)


def _said(value: object, say: Say) -> object:
    if isinstance(value, tuple):
        return "; ".join(str(_said(one, say)) for one in value)
    return value.said(say) if isinstance(value, Phrase) else value
