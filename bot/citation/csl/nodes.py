"""The elements of a style or locale, read from XML once."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from bot.citation.markup import FontAttributes

CSL = "{http://purl.org/net/xbiblio/csl}"

_FONT_ATTRIBUTES = ("font-style", "font-weight", "vertical-align")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


@dataclass(slots=True)
class Node:
    """One element of a style or a locale."""

    tag: str
    attributes: Mapping[str, str]
    children: "list[Node]" = field(default_factory=list)
    prefix: str = field(init=False)
    suffix: str = field(init=False)
    delimiter: str = field(init=False)
    font: FontAttributes = field(init=False)
    quoted: bool = field(init=False)
    case: str = field(init=False)
    strip_periods: bool = field(init=False)
    variables: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        get = self.attributes.get
        self.prefix, self.suffix, self.delimiter = get("prefix", ""), get("suffix", ""), get("delimiter", "")
        self.font = tuple((name, self.attributes[name]) for name in _FONT_ATTRIBUTES if name in self.attributes)
        self.quoted = get("quotes") == "true"
        self.case = get("text-case", "")
        self.strip_periods = get("strip-periods") == "true"
        self.variables = tuple(get("variable", "").split())

    def get(self, attribute: str, default: str = "") -> str:
        """Return an attribute, or the default."""
        return self.attributes.get(attribute, default)

    def child(self, tag: str) -> "Node | None":
        """Return the first child with a tag."""
        return next((node for node in self.children if node.tag == tag), None)


def parse_xml(source: bytes) -> etree._Element:
    """Parse a style or a locale without resolving entities or using the network."""
    return etree.fromstring(source, _PARSER)


def read_node(element: etree._Element) -> Node:
    """Read an XML element and all below it."""
    return Node(
        tag=str(element.tag).removeprefix(CSL),
        # a few styles escape their text twice
        attributes={str(key): html.unescape(str(value)) for key, value in element.attrib.items()},
        children=[read_node(child) for child in element if isinstance(child.tag, str)],
    )
