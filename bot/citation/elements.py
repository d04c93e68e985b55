"""The rendering elements of CSL 1.0.2: what each makes of an item (specification, "Rendering Elements")."""

import re
from collections.abc import Callable

from bot.citation.dates import date
from bot.citation.item import DATES
from bot.citation.names import NameRules, names
from bot.citation.nodes import Node
from bot.citation.numbers import TEXT_NUMBERS, Number
from bot.citation.parts import Part
from bot.citation.scope import Cite, Scope
from bot.citation.textcase import capitalize_first

_LIST_NUMBERS = frozenset(("citation-number", "citation-label", "year-suffix"))
"""Variables that only a list of citations has: they count as known, so that groups stand, and are not written."""

_CASED = frozenset(
    """
    archive archive-place authority collection-title container-title container-title-short event event-place genre medium
    publisher publisher-place title title-short
    """.split()
)
"""Variables in some language: title case is for those in English."""


def children(nodes: list[Node], cite: Cite) -> list[Part]:
    """Make the parts of elements in a row."""
    made: list[Part] = []
    for node in nodes:
        if node.tag == "choose":
            made.extend(_choose(node, cite))
        elif part := render(node, cite):
            made.append(part)
    return made


def render(node: Node, cite: Cite) -> Part | None:
    """Make the part of one element; None where there is nothing to write."""
    maker = _MAKERS.get(node.tag)
    if not maker:
        return None
    cite.strip += node.strip_periods
    part = maker(node, cite)
    cite.strip -= node.strip_periods
    if part and "display" in node.attributes:
        return Part([part], prefix=" ")
    return part


def layout(cite: Cite) -> Part:
    """Make a whole citation."""
    node = cite.style.layout
    return Part(children(node.children, cite), node.prefix, node.suffix, style=node.style)


def _choose(node: Node, cite: Cite) -> list[Part]:
    for branch in node.children:
        if branch.test is None or branch.test(cite):
            return children(branch.children, cite)
    return []


def _group(node: Node, cite: Cite) -> Part | None:
    made = _grouped(node.children, cite)
    return Part(made, node.prefix, node.suffix, node.delimiter, node.style, node.quoted) if made else None


def _grouped(nodes: list[Node], cite: Cite) -> list[Part]:
    """Make the parts of a group, or none if it asked for variables and all were empty."""
    outer, begun = cite.scope, cite.begun
    cite.scope = inner = Scope()
    made = children(nodes, cite)
    cite.scope = outer
    if inner.filled or (inner.worded and not inner.called):
        outer.filled = True
        return made
    cite.begun = begun
    outer.called = inner.called
    return []


def _text(node: Node, cite: Cite) -> Part | None:
    if macro := cite.style.macros.get(node.get("macro")):
        rules, cite.rules = cite.rules, None
        made = _grouped(macro.children, cite)
        cite.rules = rules
        return Part(made, node.prefix, node.suffix, style=node.style, quoted=node.quoted) if made else None
    if node.variables:
        return _variable(node, cite)
    if "term" in node.attributes:
        return _term(node, cite)
    if value := node.get("value"):
        cite.scope.worded = True
        return cite.write(value, node)
    return None


def _term(node: Node, cite: Cite) -> Part | None:
    plural = node.get("plural") in {"true", "always"}
    text = cite.style.locale.term(
        node.get("term").replace("sub verbo", "sub-verbo"), node.get("form", "long"), plural=plural
    )
    if not text:
        return None
    cite.scope.worded = True
    if not cite.begun:
        text = capitalize_first(text)
    return cite.write(text, node)


def _variable(node: Node, cite: Cite) -> Part | None:
    variable = node.variables[0]
    if variable in _LIST_NUMBERS:
        _list_number(cite)
        return None
    text = _value(variable, node, cite)
    if cite.substituting:
        cite.done.add(variable)
    if not text:
        cite.scope.called = True
        return None
    cite.scope.filled = True
    if variable in {"DOI", "URL"}:
        cite.begun = True
        return Part(text, node.prefix, node.suffix, style=node.style, verbatim=True)
    if variable in TEXT_NUMBERS:
        return _number(node, cite, cite.number(variable))
    case = node.case
    if case == "title" and variable in _CASED and not _english(cite):
        case = ""
    return cite.write(text, node, case=case)


def _list_number(cite: Cite) -> None:
    """Take note of a number that is not written."""
    cite.scope.filled = True
    cite.numbered = cite.numbered or not cite.begun


def _value(variable: str, node: Node, cite: Cite) -> str:
    if variable in cite.done:
        return ""
    text = cite.item.text
    short = text.get(f"{variable}-short", "") if node.get("form") == "short" else ""
    return short or text.get(variable, "")


def _english(cite: Cite) -> bool:
    return (cite.item.text.get("language") or cite.style.locale.language).lower().startswith("en")


def _number_element(node: Node, cite: Cite) -> Part | None:
    variable = node.variables[0] if node.variables else ""
    if variable in _LIST_NUMBERS:
        _list_number(cite)
        return None
    known = cite.known(variable)
    if cite.substituting:
        cite.done.add(variable)
    if not known:
        cite.scope.called = True
        return None
    cite.scope.filled = True
    return _number(node, cite, cite.number(variable))


def _number(node: Node, cite: Cite, number: Number) -> Part | None:
    form = node.get("form") if node.tag == "number" else ""
    text = "".join(
        _formed(chunk.particle, chunk.value, form, node, cite, countable=number.countable) + chunk.join
        for chunk in number.chunks
    )
    return cite.write(text, node)


def _formed(particle: str, value: str, form: str, node: Node, cite: Cite, *, countable: bool) -> str:
    if particle or not form or not countable or not re.fullmatch("[1-9][0-9]*", value):
        return particle + value
    number = int(value)
    locale = cite.style.locale
    gender = locale.genders.get(node.variables[0], "")
    if form == "roman":
        return _roman(number)
    if form == "long-ordinal" and (word := locale.term(f"long-ordinal-{number:02}", gender=gender)):
        return word
    return locale.ordinal(number, gender) if form.endswith("ordinal") else value


def _roman(number: int) -> str:
    if not 0 < number < 6000:  # noqa: PLR2004 - as far as letters go
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


def _label(node: Node, cite: Cite) -> Part | None:
    variable = "page" if node.variables == ("locator",) else "".join(node.variables)
    plural = node.get("plural") == "always"
    if "plural" not in node.attributes or node.get("plural") == "contextual":
        plural = node.variables == (variable,) and variable in cite.item.text and cite.number(variable).plural
    text = cite.style.locale.term(variable, node.get("form", "long"), plural=plural)
    if not text:
        return None
    cite.scope.worded = True
    return cite.write(text, node)


def _date(node: Node, cite: Cite) -> Part | None:
    variable = node.variables[0] if node.variables else ""
    value = cite.item.dates.get(variable) if variable in DATES and variable not in cite.done else None
    if cite.substituting:
        cite.done.add(variable)
    made = date(node, value, cite) if value else None
    if made:
        cite.scope.filled = cite.begun = True
    else:
        cite.scope.called = True
    return made


def _names(node: Node, cite: Cite) -> Part | None:
    rules = NameRules.of(node, cite.style.options, cite.rules)
    variables = [variable for variable in node.variables if variable not in cite.done]
    cite.scope.called = True
    if cite.substituting:
        cite.done.update(node.variables)
    if made := names(cite, rules, variables):
        cite.scope.filled = cite.begun = True
        return made
    substitute = node.child("substitute")
    return _substitute(substitute, rules, cite) if substitute else None


def _substitute(substitute: Node, rules: NameRules, cite: Cite) -> Part | None:
    """Write what stands in for missing names; it is not written again behind."""
    outer, cite.rules = cite.rules, rules
    cite.substituting += 1
    made = next((parts for each in substitute.children if (parts := children([each], cite))), [])
    cite.substituting -= 1
    cite.rules = outer
    return Part(made) if made else None


_MAKERS: dict[str, Callable[[Node, Cite], Part | None]] = {
    "date": _date,
    "group": _group,
    "label": _label,
    "names": _names,
    "number": _number_element,
    "text": _text,
}
