"""Renders one person's name, its parts in the order of the style and the script (CSL 1.0.2, "Name-part Order")."""

from bot.citation.csl.context import Context
from bot.citation.csl.fragments import Fragment
from bot.citation.csl.initials import LATIN, LATIN_START, initialize
from bot.citation.csl.name_rules import NameRules
from bot.citation.csl.nodes import Node
from bot.citation.csl.particles import split_particles
from bot.citation.csl.textcase import apply_case
from bot.citation.item import CslName

_PLAIN = Node("name-part", {})


def person(name: CslName, at: int, context: Context, rules: NameRules) -> tuple[Fragment, bool] | None:
    """Render the name at a place in its list, and tell whether the family name stands first."""
    name = split_particles(name)
    parts = {node.get("name"): node for node in rules.name.children if node.tag == "name-part"}
    family_part, given_part = parts.get("family", _PLAIN), parts.get("given", _PLAIN)
    long = rules.option("form", "long") == "long"
    given = _dressed(_given(name, rules) if long else "", given_part, context)
    family = _dressed(name.family, family_part, context)
    particle = _dressed(name.non_dropping, family_part, context)
    dropping = _dressed(name.dropping if long else "", given_part, context)
    suffix = _suffix(name.suffix, rules) if long else None
    order = rules.option("name-as-sort-order")
    script = _script(name, context)
    inverted = False
    if script == 0:
        made = join([particle, family, given], "")
    elif script == 1 or context.item.text.get("language", "")[:2] in {"hu", "vi"}:
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
    return Fragment([made], rules.name.prefix, rules.name.suffix, font=rules.name.font), inverted


def join(parts: list[Fragment | None], delimiter: str) -> Fragment | None:
    """Join the parts that exist; None if there are none."""
    there = [part for part in parts if part]
    if len(there) < 2:  # noqa: PLR2004 - nothing to join
        return there[0] if there else None
    return Fragment(list(there), delimiter=delimiter)


def _space(name: CslName) -> str:
    """Return the separator of particle and family name: a space, or nothing after an apostrophe or a hyphen."""
    return "" if name.non_dropping[-1:] in {"’", "'", "-", " "} else " "


def _script(name: CslName, context: Context) -> int:
    """Return the order of a name: 0 family first without spaces, 1 family first, 2 as in Latin script."""
    if not LATIN.search(name.family.replace('"', "")):
        return 1 if LATIN_START.match(name.given) else 0
    return 1 if context.item.text.get("language", "")[:2] in {"ja", "zh"} else 2


def _given(name: CslName, rules: NameRules) -> str:
    if not (rules.has("initialize-with") and name.family):
        return name.given
    mark, options = rules.option("initialize-with"), rules.options
    return initialize(
        name.given,
        mark,
        hyphens=options.get("initialize-with-hyphen") != "false",
        only_normalize=rules.option("initialize") == "false",
    )


def _suffix(suffix: str, rules: NameRules) -> Fragment | None:
    text = suffix
    if rules.has("initialize-with"):
        text = initialize(text, rules.option("initialize-with"), only_normalize=True)
    if not text:
        return None
    return Fragment(text.removesuffix("."), suffix="." if text.endswith(".") else "")


def _dressed(text: str, node: Node, context: Context) -> Fragment | None:
    if not text:
        return None
    return Fragment(apply_case(node.case, context.stripped(text, node)), font=node.font)


def _wrapped(part: Fragment | None, node: Node) -> Fragment | None:
    """Add the affixes of a `name-part` element."""
    if part is None or not (node.prefix or node.suffix):
        return part
    return Fragment([part], node.prefix, node.suffix)
