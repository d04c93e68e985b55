"""One CSL style, read and ready to render items."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from bot.citation.csl.locale import Locale, resolve_language
from bot.citation.csl.nodes import CSL, Node, parse_xml, read_node
from bot.citation.styles import resolve_style, style_path
from bot.core.errors import UnknownStyle

LANGUAGES: Mapping[str, str] = {"harvard-cite-them-right": "en-GB"}
"""The languages of styles that name no language and are not American English."""


@dataclass(frozen=True, slots=True)
class CompiledStyle:
    """The parts of a style that rendering needs."""

    name: str
    options: Mapping[str, str]
    """Attributes of `style` and `bibliography`: options for names, page ranges and punctuation."""
    macros: Mapping[str, Node]
    layout: Node
    locale: Locale
    first_note: bool
    """Whether the style has no bibliography, so that `layout` is that of its first note."""


@lru_cache(maxsize=64)
def load_style(name: str) -> CompiledStyle:
    """Read a style by its resolved name; a dependent style is its parent in its own language.

    Raises UnknownStyle.
    """
    tree = _tree(name)
    for link in tree.iter(CSL + "link"):
        if link.get("rel") == "independent-parent":
            return _load_dependent(name, tree, resolve_style(link.get("href", "")))
    area = tree.find(CSL + "bibliography")
    first_note = area is None
    if area is None:
        area = tree.find(CSL + "citation")
    layout = area.find(CSL + "layout") if area is not None else None
    if area is None or layout is None:
        raise UnknownStyle(name)
    return CompiledStyle(
        name=name,
        options={str(key): str(value) for part in (tree, area) for key, value in part.attrib.items()},
        macros={macro.get("name", ""): read_node(macro) for macro in tree.iter(CSL + "macro")},
        layout=read_node(layout),
        locale=_locale(tree, tree.get("default-locale") or LANGUAGES.get(name, "en-US")),
        first_note=first_note,
    )


def _load_dependent(name: str, tree: etree._Element, parent: str) -> CompiledStyle:
    style = replace(load_style(parent), name=name)
    language = tree.get("default-locale")
    if not language or resolve_language(language) == style.locale.language:
        return style
    return replace(style, locale=_locale(_tree(parent), language))


def _locale(tree: etree._Element, language: str) -> Locale:
    return Locale(resolve_language(language), tree.iter(CSL + "locale"))


def _tree(name: str) -> etree._Element:
    path = style_path(name)
    if path is None:
        raise UnknownStyle(name)
    return parse_xml(path.read_bytes())
