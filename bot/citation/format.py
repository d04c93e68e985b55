"""An item formatted in a style."""

from collections.abc import Mapping

from bot.citation.csl.context import Context
from bot.citation.csl.elements import layout
from bot.citation.csl.line import lay_out, settle
from bot.citation.csl.style import load_style
from bot.citation.item import read_item
from bot.citation.markup import Run, to_markup, to_text
from bot.citation.printed import AS_PRINTED, as_printed
from bot.citation.styles import HOUSE_STYLES, resolve_style
from bot.core.card import Citation


def cite(item: Mapping[str, object], style: str = "apa") -> Citation:
    """Format a CSL-JSON item in a style, by its name, an alias, a file's name or its address.

    An item that a style makes nothing of comes as its own lines, under the style AS_PRINTED. Raises UnknownStyle, and
    nothing else whatever the item holds.
    """
    loaded = load_style(resolve_style(style))
    known = read_item(item)
    try:
        runs = _runs(Context(known, loaded)) if known else []
    except Exception:  # noqa: BLE001 - thousands of styles from elsewhere: a reader gets the record's lines, no failure
        runs = []
    if runs:
        return Citation(loaded.name, to_text(runs), to_markup(runs), HOUSE_STYLES.get(loaded.name, ""))
    lines = [Run(as_printed(known))]
    return Citation(AS_PRINTED, to_text(lines), to_markup(lines))


def _runs(made: Context) -> list[Run]:
    locale = made.style.locale
    runs = settle(lay_out(layout(made), locale.quotes), punctuation_in_quote=locale.punctuation_in_quote)
    if runs and made.numbered:
        runs[0] = Run(runs[0].text.lstrip(".,:;)]-–—\u00a0 "), runs[0].face)
    return runs


def cite_all(item: Mapping[str, object]) -> dict[str, str]:
    """Format an item in each house style, as plain text."""
    return {style: cite(item, style).text for style in HOUSE_STYLES}
