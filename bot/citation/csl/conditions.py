"""Conditions of `if` and `else-if` (CSL 1.0.2, "Choose").

Only bibliography entries are rendered, one item at a time: no item is ambiguous, cited before, or has a locator.
"""

from bot.citation.csl.context import Context
from bot.citation.csl.nodes import Node


def holds(branch: Node, context: Context) -> bool:
    """Tell whether a branch of `choose` applies; a branch without conditions (`else`) always does."""
    results = (
        _test(attribute, value, context)
        for attribute, values in branch.attributes.items()
        if attribute != "match"
        for value in ([values] if attribute == "type" else values.split())
    )
    match branch.get("match"):
        case "any":
            return any(results)
        case "none":
            return not any(results)
    return all(results)


def _test(attribute: str, value: str, context: Context) -> bool:
    """Test one value of a condition; all types of a condition are one value, since an item has one type."""
    match attribute:
        case "type":
            return context.item.type in value.split()
        case "variable":
            return context.item.has(value)
        case "is-numeric":
            return context.is_numeric(value)
        case "is-uncertain-date":
            return value in context.item.dates and context.item.dates[value].circa
        case "position":
            return context.style.first_note and value == "first"
    return False
