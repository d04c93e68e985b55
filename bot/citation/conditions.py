"""The tests of `if` and `else-if` (CSL 1.0.2, "Choose").

Only a bibliography is made here, one item at a time: nothing is ambiguous, nothing was cited before, there is no locator.
"""

from typing import TYPE_CHECKING

from bot.citation.nodes import Node, Test

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.citation.scope import Cite


def compile_test(node: Node) -> Test:
    """Make the test of one branch; a branch without conditions always holds."""
    tests = [test for attribute, value in node.attributes.items() for test in _tests(attribute, value.split())]
    if len(tests) == 1 and node.get("match") != "none":
        return tests[0]
    match node.get("match"):
        case "any":
            return lambda cite: any(test(cite) for test in tests)
        case "none":
            return lambda cite: not any(test(cite) for test in tests)
    return lambda cite: all(test(cite) for test in tests)


def _tests(attribute: str, values: list[str]) -> list[Test]:
    """Make one test a value; types are one test, since a work has one."""
    if attribute == "type":
        types = frozenset(values)
        return [lambda cite: cite.item.type in types]
    test = _TESTS.get(attribute)
    return [_with(test, value) for value in values] if test else []


def _with(test: "Callable[[Cite, str], bool]", value: str) -> Test:
    return lambda cite: test(cite, value)


def _uncertain(cite: "Cite", variable: str) -> bool:
    date = cite.item.dates.get(variable)
    return date is not None and date.circa


_TESTS: "dict[str, Callable[[Cite, str], bool]]" = {
    "disambiguate": lambda _, __: False,
    "is-numeric": lambda cite, variable: cite.is_numeric(variable),
    "is-uncertain-date": _uncertain,
    "locator": lambda _, __: False,
    "position": lambda cite, position: cite.style.first_note and position == "first",
    "variable": lambda cite, variable: cite.item.has(variable),
}
