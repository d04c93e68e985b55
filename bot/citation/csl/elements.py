"""The rendering elements of CSL 1.0.2 (specification, "Rendering Elements")."""

import re
from collections.abc import Callable

from bot.citation.csl.conditions import holds
from bot.citation.csl.context import Context, GroupState
from bot.citation.csl.dates import date
from bot.citation.csl.fragments import Fragment
from bot.citation.csl.line import BREAK
from bot.citation.csl.name_rules import NameRules
from bot.citation.csl.names import names
from bot.citation.csl.nodes import Node
from bot.citation.csl.numbers import TEXT_NUMBERS, Number
from bot.citation.csl.textcase import capitalize_first
from bot.citation.item import DATES

_LIST_NUMBERS = frozenset(("citation-number", "citation-label", "year-suffix"))
"""Variables of an item's place in a list: they count as known, so that their groups are kept, but are not written."""

_CASED = frozenset(
    """
    archive archive-place authority collection-title container-title container-title-short event event-place genre medium
    publisher publisher-place title title-short
    """.split()
)
"""Variables whose text is in the item's language; title case applies to English text only."""


def children(nodes: list[Node], context: Context) -> list[Fragment]:
    """Render sibling elements."""
    made: list[Fragment] = []
    for node in nodes:
        if node.tag == "choose":
            made.extend(_choose(node, context))
        elif part := render(node, context):
            made.append(part)
    return made


def render(node: Node, context: Context) -> Fragment | None:
    """Render one element; None if there is nothing to write."""
    maker = _MAKERS.get(node.tag)
    if not maker:
        return None
    context.strip += node.strip_periods
    part = maker(node, context)
    context.strip -= node.strip_periods
    if part and "display" in node.attributes:
        return Fragment([part], prefix=" ", suffix=BREAK)
    return part


def layout(context: Context) -> Fragment:
    """Render the whole entry."""
    node = context.style.layout
    return Fragment(children(node.children, context), node.prefix, node.suffix, font=node.font)


def _choose(node: Node, context: Context) -> list[Fragment]:
    for branch in node.children:
        if holds(branch, context):
            return children(branch.children, context)
    return []


def _group(node: Node, context: Context) -> Fragment | None:
    made = _grouped(node.children, context)
    return Fragment(made, node.prefix, node.suffix, node.delimiter, node.font, node.quoted) if made else None


def _grouped(nodes: list[Node], context: Context) -> list[Fragment]:
    """Render the elements of a group; empty if it uses variables and none of them is known."""
    outer, begun = context.group, context.begun
    context.group = inner = GroupState()
    made = children(nodes, context)
    context.group = outer
    if inner.filled or (inner.worded and not inner.called):
        outer.filled = True
        return made
    context.begun = begun
    outer.called = inner.called
    return []


def _text(node: Node, context: Context) -> Fragment | None:
    if macro := context.style.macros.get(node.get("macro")):
        rules, context.rules = context.rules, None
        made = _grouped(macro.children, context)
        context.rules = rules
        return Fragment(made, node.prefix, node.suffix, font=node.font, quoted=node.quoted) if made else None
    if node.variables:
        return _variable(node, context)
    if "term" in node.attributes:
        return _term(node, context)
    if value := node.get("value"):
        context.group.worded = True
        return context.write(value, node)
    return None


def _term(node: Node, context: Context) -> Fragment | None:
    plural = node.get("plural") in {"true", "always"}
    text = context.style.locale.term(
        node.get("term").replace("sub verbo", "sub-verbo"), node.get("form", "long"), plural=plural
    )
    if not text:
        return None
    context.group.worded = True
    if not context.begun:
        text = capitalize_first(text)
    return context.write(text, node)


def _variable(node: Node, context: Context) -> Fragment | None:
    variable = node.variables[0]
    if variable in _LIST_NUMBERS:
        _list_number(context)
        return None
    text = _value(variable, node, context)
    if context.substituting:
        context.done.add(variable)
    if not text:
        context.group.called = True
        return None
    context.group.filled = True
    if variable in {"DOI", "URL"}:
        context.begun = True
        return Fragment(text, node.prefix, node.suffix, font=node.font, verbatim=True)
    if variable in TEXT_NUMBERS:
        return _number(node, context, context.number(variable))
    case = node.case
    if case == "title" and variable in _CASED and not _english(context):
        case = ""
    return context.write(text, node, case=case)


def _list_number(context: Context) -> None:
    """Note whether the text begins with a list number that the style writes."""
    context.group.filled = True
    context.numbered = context.numbered or not context.begun


def _value(variable: str, node: Node, context: Context) -> str:
    if variable in context.done:
        return ""
    text = context.item.text
    short = text.get(f"{variable}-short", "") if node.get("form") == "short" else ""
    return short or text.get(variable, "")


def _english(context: Context) -> bool:
    return (context.item.text.get("language") or context.style.locale.language).lower().startswith("en")


def _number_element(node: Node, context: Context) -> Fragment | None:
    variable = node.variables[0] if node.variables else ""
    if variable in _LIST_NUMBERS:
        _list_number(context)
        return None
    known = context.known(variable)
    if context.substituting:
        context.done.add(variable)
    if not known:
        context.group.called = True
        return None
    context.group.filled = True
    return _number(node, context, context.number(variable))


def _number(node: Node, context: Context, number: Number) -> Fragment | None:
    form = node.get("form") if node.tag == "number" else ""
    text = "".join(
        _formed(chunk.particle, chunk.value, form, node, context, countable=number.countable) + chunk.join
        for chunk in number.chunks
    )
    return context.write(text, node)


def _formed(particle: str, value: str, form: str, node: Node, context: Context, *, countable: bool) -> str:
    if particle or not form or not countable or not re.fullmatch("[1-9][0-9]*", value):
        return particle + value
    number = int(value)
    locale = context.style.locale
    gender = locale.genders.get(node.variables[0], "")
    if form == "roman":
        return _roman(number)
    if form == "long-ordinal" and (word := locale.term(f"long-ordinal-{number:02}", gender=gender)):
        return word
    return locale.ordinal(number, gender) if form.endswith("ordinal") else value


def _roman(number: int) -> str:
    if not 0 < number < 6000:  # noqa: PLR2004 - Roman numerals end here
        return str(number)
    text = ""
    for worth, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        times, number = divmod(number, worth)
        text += letters * times
    return text


def _label(node: Node, context: Context) -> Fragment | None:
    variable = "page" if node.variables == ("locator",) else "".join(node.variables)
    plural = node.get("plural") == "always"
    if "plural" not in node.attributes or node.get("plural") == "contextual":
        plural = node.variables == (variable,) and variable in context.item.text and context.number(variable).plural
    text = context.style.locale.term(variable, node.get("form", "long"), plural=plural)
    if not text:
        return None
    context.group.worded = True
    return context.write(text, node)


def _date(node: Node, context: Context) -> Fragment | None:
    variable = node.variables[0] if node.variables else ""
    value = context.item.dates.get(variable) if variable in DATES and variable not in context.done else None
    if context.substituting:
        context.done.add(variable)
    made = date(node, value, context) if value else None
    if made:
        context.group.filled = context.begun = True
    else:
        context.group.called = True
    return made


def _names(node: Node, context: Context) -> Fragment | None:
    rules = NameRules.of(node, context.style.options, context.rules)
    variables = [variable for variable in node.variables if variable not in context.done]
    context.group.called = True
    if context.substituting:
        context.done.update(node.variables)
    if made := names(context, rules, variables):
        context.group.filled = context.begun = True
        return made
    substitute = node.child("substitute")
    return _substitute(substitute, rules, context) if substitute else None


def _substitute(substitute: Node, rules: NameRules, context: Context) -> Fragment | None:
    """Render the substitute of missing names; None if it renders nothing."""
    outer, context.rules = context.rules, rules
    context.substituting += 1
    made = next((parts for each in substitute.children if (parts := children([each], context))), [])
    context.substituting -= 1
    context.rules = outer
    return Fragment(made) if made else None


_MAKERS: dict[str, Callable[[Node, Context], Fragment | None]] = {
    "date": _date,
    "group": _group,
    "label": _label,
    "names": _names,
    "number": _number_element,
    "text": _text,
}
