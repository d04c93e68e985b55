"""Formatting an item in a style."""

from collections.abc import Mapping

from bot.citation.csl.context import Context
from bot.citation.csl.elements import layout
from bot.citation.csl.line import lay_out, settle
from bot.citation.csl.style import CompiledStyle, load_style
from bot.citation.item import read_item
from bot.citation.markup import Run, to_markup, to_text
from bot.citation.printed import AS_PRINTED, as_printed
from bot.citation.styles import HOUSE_STYLES, resolve_style, style_title
from bot.core.card import Citation


def cite(item: Mapping[str, object], style: str = "apa") -> Citation:
    """Format a CSL-JSON item in a style, given as `resolve_style` takes it.

    If the style renders nothing, the citation lists the item's own values, and its style is AS_PRINTED. Raises
    UnknownStyle, and nothing else whatever the item holds.
    """
    return cite_as(item, load_style(resolve_style(style)))


def cite_as(item: Mapping[str, object], style: CompiledStyle) -> Citation:
    """Format an item in a style that is loaded; raises nothing."""
    known = read_item(item)
    try:
        runs = _render(Context(known, style)) if known else []
    except Exception:  # noqa: BLE001 - one of 10,000 styles may fail: show the item's values instead
        runs = []
    if text := to_text(runs):  # empty if a style renders only a list number
        return Citation(style.name, text, to_markup(runs), style_title(style.name))
    values = [Run(as_printed(known))]
    return Citation(AS_PRINTED, to_text(values), to_markup(values))


def _render(context: Context) -> list[Run]:
    locale = context.style.locale
    runs = settle(lay_out(layout(context), locale.quotes), punctuation_in_quote=locale.punctuation_in_quote)
    if runs and context.numbered:
        runs[0] = Run(runs[0].text.lstrip(".,:;)]-–—\u00a0 "), runs[0].face)
    return runs


def cite_all(item: Mapping[str, object]) -> dict[str, str]:
    """Format an item in each house style, as plain text."""
    return {style: cite(item, style).text for style in HOUSE_STYLES}
