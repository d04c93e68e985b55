"""One citation in the making: what is known of the work, and what has been written so far."""

import re
from dataclasses import dataclass, field

from bot.citation.csl.fragments import Fragment
from bot.citation.csl.name_rules import NameRules
from bot.citation.csl.nodes import Node
from bot.citation.csl.numbers import NUMBERS, Number, read_number
from bot.citation.csl.style import CompiledStyle
from bot.citation.csl.textcase import apply_case
from bot.citation.item import CslItem


@dataclass(slots=True)
class GroupState:
    """What a group has met: CSL drops a group that called variables of which none is known."""

    called: bool = False
    """A variable was asked for and is empty."""
    filled: bool = False
    """A variable was written."""
    worded: bool = False
    """A term or a value of the style was written."""


@dataclass(slots=True)
class Context:
    """The state of one citation."""

    item: CslItem
    style: CompiledStyle
    scope: GroupState = field(default_factory=GroupState)
    begun: bool = False
    """Something was written: a term at the very start takes a capital."""
    rules: NameRules | None = None
    """The rules of the `names` whose `substitute` we are in: names there that have none go by them."""
    numbered: bool = False
    """The citation opens with its number in a list, which is not written: nor are the marks behind it."""
    substituting: int = 0
    """How deep in `substitute` we are; variables met there are not written again."""
    done: set[str] = field(default_factory=set)
    strip: int = 0
    """How many elements around ask for periods to be stripped."""
    _numbers: dict[str, Number] = field(default_factory=dict)

    def known(self, variable: str) -> bool:
        """Tell whether a variable may be written: it holds something, and no substitute has used it."""
        return variable not in self.done and self.item.has(variable)

    def number(self, variable: str) -> Number:
        """Give a number variable, read."""
        if variable not in self._numbers:
            text = self.item.text.get(variable, "")
            if variable == "number" and self.item.type == "legal_case":
                text = text.replace("-", "\\-")
            self._numbers[variable] = read_number(
                variable, text, self.style.locale, self.style.options.get("page-range-format", "")
            )
        return self._numbers[variable]

    def is_numeric(self, variable: str) -> bool:
        """Tell whether a variable holds a number."""
        if variable in {"title", "version"} and variable in self.item.text:
            return self.item.text[variable][-1:].isdigit()
        return variable in NUMBERS and variable in self.item.text and self.number(variable).numeric

    def stripped(self, text: str, node: Node) -> str:
        """Give a text without its periods, where the element or one around it asks for that."""
        return text.replace(".", "") if self.strip or node.strip_periods else text

    def write(self, text: str, node: Node, *, case: str | None = None) -> Fragment | None:
        """Make a part of a text in an element's dress and case; None for no text."""
        if not text:
            return None
        self.begun = True
        dressed = apply_case(node.case if case is None else case, typeset(self.stripped(text, node)))
        return Fragment(dressed, node.prefix, node.suffix, font=node.font, quoted=node.quoted)


def typeset(text: str) -> str:
    """Give a text as French typesets it where it does, and with a space before a quote that opens it."""
    text = re.sub(" (?=[:;?!»])", "\u202f", text).replace("« ", "«\u202f")
    return re.sub(r"^'|\s+'", " '", text)
