"""One person's name: its parts in the order that the style and the script ask for (CSL 1.0.2, "Name-part Order")."""

from typing import TYPE_CHECKING

from bot.citation.initials import LATIN, LATIN_START, initialize
from bot.citation.item import Name
from bot.citation.nodes import Node
from bot.citation.particles import split_particles
from bot.citation.parts import Part
from bot.citation.textcase import apply_case

if TYPE_CHECKING:
    from bot.citation.names import NameRules
    from bot.citation.scope import Cite

_PLAIN = Node("name-part", {})


def person(name: Name, at: int, cite: "Cite", rules: "NameRules") -> tuple[Part, bool] | None:
    """Make a person's name, `at` telling its place in the list, and tell whether it stands family first."""
    name = split_particles(name)
    parts = {node.get("name"): node for node in rules.name.children if node.tag == "name-part"}
    family_part, given_part = parts.get("family", _PLAIN), parts.get("given", _PLAIN)
    long = rules.option("form", "long") == "long"
    given = _dressed(_given(name, rules) if long else "", given_part, cite)
    family = _dressed(name.family, family_part, cite)
    particle = _dressed(name.non_dropping, family_part, cite)
    dropping = _dressed(name.dropping if long else "", given_part, cite)
    suffix = _suffix(name.suffix, rules) if long else None
    order = rules.option("name-as-sort-order")
    script = _script(name, cite)
    inverted = False
    if script == 0:
        made = join([particle, family, given], "")
    elif script == 1 or cite.item.text.get("language", "")[:2] in {"hu", "vi"}:
        made = join([join([particle, family], " "), given], " ")
    elif order == "all" or (order == "first" and at == 0):
        inverted = True
        separator = ", " if name.given in {"Lord", "Lady"} else rules.option("sort-separator", ", ")
        behind = join([given, dropping], " ")
        if rules.options.get("demote-non-dropping-particle", "display-and-sort") == "display-and-sort":
            behind = _wrapped(join([behind, particle], " "), given_part)
            front = _wrapped(family, family_part)
        else:
            behind = _wrapped(behind, given_part)
            front = _wrapped(join([particle, family], _space(name)), family_part)
        made = join([join([front, behind], separator), suffix], separator)
    else:
        tight = dropping and not particle and name.dropping[-1:] in {"'", "ʼ", "’", "-"} and name.dropping[:-1] != "de"
        if tight:
            family, dropping = join([dropping, family], ""), None
        whole = join([dropping, join([particle, family], _space(name))], " ")
        whole = join([whole, suffix], ", " if name.comma_suffix else " ")
        made = join([_wrapped(given, given_part), _wrapped(whole, family_part)], " ")
    if made is None:
        return None
    return Part([made], rules.name.prefix, rules.name.suffix, style=rules.name.style), inverted


def join(parts: list[Part | None], delimiter: str) -> Part | None:
    """Put what is there in a row."""
    there = [part for part in parts if part]
    if len(there) < 2:  # noqa: PLR2004 - one needs no row
        return there[0] if there else None
    return Part(list(there), delimiter=delimiter)


def _space(name: Name) -> str:
    """Give what stands between particle and family: nothing behind an apostrophe or a hyphen."""
    return "" if name.non_dropping[-1:] in {"’", "'", "-", " "} else " "


def _script(name: Name, cite: "Cite") -> int:
    """Tell how a name is ordered: 0 family first without spaces, 1 family first, 2 as in Latin script."""
    if not LATIN.search(name.family.replace('"', "")):
        return 1 if LATIN_START.match(name.given) else 0
    return 1 if cite.item.text.get("language", "")[:2] in {"ja", "zh"} else 2


def _given(name: Name, rules: "NameRules") -> str:
    if not (rules.says("initialize-with") and name.family):
        return name.given
    mark, options = rules.option("initialize-with"), rules.options
    return initialize(
        name.given,
        mark,
        hyphens=options.get("initialize-with-hyphen") != "false",
        only_normalize=rules.option("initialize") == "false",
    )


def _suffix(suffix: str, rules: "NameRules") -> Part | None:
    text = suffix
    if rules.says("initialize-with"):
        text = initialize(text, rules.option("initialize-with"), only_normalize=True)
    if not text:
        return None
    return Part(text.removesuffix("."), suffix="." if text.endswith(".") else "")


def _dressed(text: str, node: Node, cite: "Cite") -> Part | None:
    if not text:
        return None
    return Part(apply_case(node.case, cite.stripped(text, node)), style=node.style)


def _wrapped(part: Part | None, node: Node) -> Part | None:
    """Put a name part's affixes around it."""
    if part is None or not (node.prefix or node.suffix):
        return part
    return Part([part], node.prefix, node.suffix)
