"""The state of rendering one item: its known variables, and facts about the text written so far."""

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
    """Facts about a group, which is dropped if it uses variables and none of them is known."""

    called: bool = False
    """Whether an unknown variable was used."""
    filled: bool = False
    """Whether a known variable was used."""
    worded: bool = False
    """Whether a term or a text of the style was used."""


@dataclass(slots=True)
class Context:
    """The state of rendering one item."""

    item: CslItem
    style: CompiledStyle
    group: GroupState = field(default_factory=GroupState)
    begun: bool = False
    """Whether text was written; a term before any text begins with a capital."""
    rules: NameRules | None = None
    """The rules of the `names` around the current `substitute`."""
    numbered: bool = False
    """Whether the style begins with the number in a list, which is left out together with the punctuation behind it."""
    substituting: int = 0
    """The depth of nested `substitute` elements; variables used there are not written again."""
    done: set[str] = field(default_factory=set)
    strip: int = 0
    """The number of surrounding elements that strip periods."""
    _numbers: dict[str, Number] = field(default_factory=dict)

    def known(self, variable: str) -> bool:
        """Tell whether a variable is known and not used up by a substitute."""
        return variable not in self.done and self.item.has(variable)

    def number(self, variable: str) -> Number:
        """Return a number variable, which is parsed once."""
        if variable not in self._numbers:
            text = self.item.text.get(variable, "")
            if variable == "number" and self.item.type == "legal_case":
                text = text.replace("-", "\\-")
            self._numbers[variable] = read_number(
                variable, text, self.style.locale, self.style.options.get("page-range-format", "")
            )
        return self._numbers[variable]

    def is_numeric(self, variable: str) -> bool:
        """Tell whether a variable is numeric."""
        if variable in {"title", "version"} and variable in self.item.text:
            return self.item.text[variable][-1:].isdigit()
        return variable in NUMBERS and variable in self.item.text and self.number(variable).numeric

    def stripped(self, text: str, node: Node) -> str:
        """Remove periods if the element or a surrounding one strips them."""
        return text.replace(".", "") if self.strip or node.strip_periods else text

    def write(self, text: str, node: Node, *, case: str | None = None) -> Fragment | None:
        """Render a text with an element's affixes, formatting and case; None for no text."""
        if not text:
            return None
        self.begun = True
        text = apply_case(node.case if case is None else case, typeset(self.stripped(text, node)))
        return Fragment(text, node.prefix, node.suffix, font=node.font, quoted=node.quoted)


def typeset(text: str) -> str:
    """Put narrow no-break spaces where French has them, and one space before an opening quote."""
    text = re.sub(" (?=[:;?!»])", "\u202f", text).replace("« ", "«\u202f")
    return re.sub(r"^'|\s+'", " '", text)
