"""The rules by which a `names` element writes names: its own, then those of its style for all names."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.citation.csl.nodes import Node

_INHERITED = {"delimiter": "name-delimiter", "form": "name-form"}
"""Options with another name on `style` and `bibliography`."""


@dataclass(frozen=True, slots=True)
class NameRules:
    """The `name`, `et-al` and `label` elements of one `names`, and its style's options."""

    names: Node
    """The element whose affixes and formatting the names take."""
    name: Node
    et_al: Node
    label: Node | None
    label_first: bool
    options: Mapping[str, str]

    @classmethod
    def of(cls, node: Node, options: Mapping[str, str], outer: "NameRules | None") -> "NameRules":
        """Read the rules of a `names`; within `substitute`, missing ones come from the outer `names`."""
        if outer and not node.children:
            return outer
        tags = [child.tag for child in node.children]
        first = "label" in tags and "name" in tags and tags.index("label") < tags.index("name")
        name = node.child("name") or (outer.name if outer else Node("name", {}))
        et_al = node.child("et-al") or (outer.et_al if outer else Node("et-al", {}))
        return cls(node, name, et_al, node.child("label"), first, options)

    def option(self, name: str, default: str = "") -> str:
        """Return an option of the element, or else of the style."""
        value = self.name.attributes.get(name)
        return self.options.get(_INHERITED.get(name, name), default) if value is None else value

    def has(self, name: str) -> bool:
        """Tell whether the element or the style sets an option."""
        return name in self.name.attributes or _INHERITED.get(name, name) in self.options

    def number(self, name: str) -> int:
        """Return an option that is a number; 0 if it is not set."""
        value = self.option(name)
        return int(value) if value.isdigit() else 0
