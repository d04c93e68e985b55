"""A style's elements, read once from XML: attributes sorted out, conditions made ready."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from bot.citation.parts import Style

if TYPE_CHECKING:
    from bot.citation.scope import Cite

CSL = "{http://purl.org/net/xbiblio/csl}"

_LOOKS = ("font-style", "font-weight", "vertical-align")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)

Test = Callable[["Cite"], bool]


@dataclass(slots=True)
class Node:
    """One element of a style or a locale."""

    tag: str
    attributes: Mapping[str, str]
    children: "list[Node]" = field(default_factory=list)
    prefix: str = ""
    suffix: str = ""
    delimiter: str = ""
    style: Style = ()
    quoted: bool = False
    case: str = ""
    strip_periods: bool = False
    variables: tuple[str, ...] = ()
    test: Test | None = None

    def get(self, attribute: str, default: str = "") -> str:
        """Give an attribute, or the default."""
        return self.attributes.get(attribute, default)

    def child(self, tag: str) -> "Node | None":
        """Give the first child of a kind."""
        return next((node for node in self.children if node.tag == tag), None)


def parse_xml(source: bytes) -> etree._Element:
    """Parse a style or a locale; entities and the network are never used."""
    return etree.fromstring(source, _PARSER)


def compile_node(element: etree._Element) -> Node:
    """Make a node of an XML element and of all below it; a few styles escape their text twice."""
    attributes = {str(key): html.unescape(str(value)) for key, value in element.attrib.items()}
    return Node(
        tag=str(element.tag).removeprefix(CSL),
        attributes=attributes,
        children=[compile_node(child) for child in element if isinstance(child.tag, str)],
        prefix=attributes.get("prefix", ""),
        suffix=attributes.get("suffix", ""),
        delimiter=attributes.get("delimiter", ""),
        style=tuple((name, attributes[name]) for name in _LOOKS if name in attributes),
        quoted=attributes.get("quotes") == "true",
        case=attributes.get("text-case", ""),
        strip_periods=attributes.get("strip-periods") == "true",
        variables=tuple(attributes.get("variable", "").split()),
    )
