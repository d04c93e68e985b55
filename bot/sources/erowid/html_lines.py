"""Turns a page into the lines that a reader sees, whichever elements it is made of.

A block element, a table cell or `<br>` ends a line; inline elements neither end it nor add a space. White space in the
source is one space, except in `<pre>` and in plain text, where a newline ends a line. Scripts, styles, comments, form
controls and hidden elements are dropped. A line knows whether more than one `<br>` stands before it: after a single one, a
text may only be wrapped. `10<sup>6</sup>` and `[<sup>3</sup>H]` become 10⁶ and [³H]; marks after words stay as they are.

Beautiful Soup and lxml parse. Their tree builder is replaced with one that collects lines, since a tree would take most of
the time and memory, and nothing here needs it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder  # bs4.builder exports it, but not to type checkers

from bot.core.errors import PageChanged
from bot.core.superscripts import raise_figures

MAX_BYTES = 1_000_000
"""The most bytes of a page that is read; no record with its comments has as many."""

MAX_TAGS = 20_000
"""The most tags of a page that is read; a record's page has a few hundred."""

_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        """address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption
        figure     footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p
        plaintext pre section     summary table tbody td tfoot th thead tr ul xmp""",
    )
)
_DROPPED = frozenset(
    re.findall(
        r"\S+",
        """applet audio button canvas embed frame frameset iframe img input map math noembed noframes noscript object
        optgroup option script select style svg template textarea title video""",
    )
)
_INLINE = frozenset(
    re.findall(
        r"\S+",
        """a abbr acronym area b base basefont bdi bdo big blink cite code col colgroup data del dfn em font head i ins kbd
        label link mark marquee meta nobr param q rp rt ruby s samp small source span strike strong sub sup time
        tt u var     wbr""",
    )
)
_PREFORMATTED = frozenset({"listing", "plaintext", "pre", "xmp"})
_ANY = "|".join(sorted(_BLOCKS | _DROPPED | _INLINE, key=len, reverse=True))
_TAG = re.compile(rf"<(?:/?(?:{_ANY})[\s/>]|!doctype|!--)", re.IGNORECASE)
_NOT_A_TAG = re.compile(rf"<(?!/?(?:{_ANY})[\s/>]|/?[a-z][a-z0-9]*[:-]|!|\?)", re.IGNORECASE)
_BREAKING = re.compile(r"<(?:br|p|div|li|tr|td|table|h[1-6]|pre|dd|dt)[\s/>]", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)

_HIDDEN = re.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)

_UNSEEN = re.compile("[\xad\u200b\ufeff\u202a-\u202e\u2066-\u2069]")
"""Invisible characters: soft hyphen, zero-width spaces, changes of the writing direction."""

_EXCLUDED = "sperowider <exclude>"
_INCLUDED = "sperowider </exclude>"
"""The site's marks around text that is not the page's own, such as the donation banner."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page's text: white space collapsed, never empty."""

    text: str
    firm: bool = True
    """Whether this line begins a paragraph: more than one `<br>` or newline separates it from the last line."""
    banner: bool = False
    """Whether the page marks the line as not part of its text."""


@dataclass(slots=True)
class PageLines:
    """A page, read into lines."""

    lines: list[Line] = field(default_factory=list)
    title: str = ""
    """The title in the page's `<head>`, not the record's."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """Text and address of each link; the page's own address under `canonical`."""
    saved_from: str = ""
    """The comment with the page's address that a browser adds when it saves a page."""
    closed: bool = False
    """Whether the closing tag of the page was found, so that the page is complete."""


def read_lines(text: str) -> PageLines:
    """Read a page's text, HTML or plain. Raises PageChanged for one that is too large to be a record's."""
    if len(text) > MAX_BYTES:
        raise PageChanged("larger than any record's page")
    if text.count("<") > MAX_TAGS:
        raise PageChanged("more tags than any record's page")
    if not _TAG.search(text):
        return PageLines(lines=list(_plain(text)))
    keeps_newlines = not _BREAKING.search(text)
    builder = _LineBuilder(keeps_newlines=keeps_newlines)
    builder.read(text)
    if builder.unknown:  # such as `<Cmax`, which is text
        builder = _LineBuilder(keeps_newlines=keeps_newlines)
        builder.read(_NOT_A_TAG.sub("&lt;", text))
    builder.page.closed = bool(_CLOSING.search(text, max(0, len(text) - 2000)))
    return builder.page


def _hides(attrib: dict[str | bytes, str | bytes]) -> bool:
    """Whether an element is hidden by its own attributes."""
    return "hidden" in attrib or _HIDDEN.search(str(attrib.get("style", ""))) is not None


def _plain(text: str) -> Iterator[Line]:
    firm = True
    for raw in text.splitlines():
        if line := " ".join(raw.split()):
            yield Line(line, firm)
            firm = False
        else:
            firm = True


class _LineBuilder(LXMLTreeBuilder):
    """Gathers lines from the events that lxml's parser sends (lxml.de, "The target parser interface")."""

    def __init__(self, *, keeps_newlines: bool) -> None:
        super().__init__()
        self.page = PageLines()
        self.unknown = False
        """Whether an element that is not HTML was found."""
        self._parts: list[str] = []
        self._aside: list[str] = []
        """The text inside a dropped element, of which only the page's title is used."""
        self._href = ""
        self._link: list[str] = []
        self._breaks = 2
        self._dropped = 0
        self._hidden = 0
        """The number of open elements, counted from the outermost hidden one; 0 outside hidden elements."""
        self._preformatted = int(keeps_newlines)
        self._divs: list[bool] = []
        """For each open `<div>`, whether a banner is inside it."""
        self._excluded_from: int | None = None
        self._raised_from: int | None = None
        """The index of the part of the line where the open `<sup>` begins."""

    def read(self, text: str) -> None:
        # Bytes, since lxml may follow the page's own <meta charset> when it is given text. A doctype first, since Beautiful
        # Soup warns about a page that begins with an XML declaration.
        BeautifulSoup(b"<!doctype html>" + text.encode("utf-8", "replace"), builder=self, from_encoding="utf-8")
        self._end_line()

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes], nsmap: object = None) -> None:  # noqa: ARG002
        name = str(tag)
        if self._hidden or (attrib and _hides(attrib)):
            self._hidden += 1
        if name in _BLOCKS:
            self._end_line()
            self._breaks = self._breaks + 1 if name == "br" else 2
            if name == "div":
                self._divs.append(attrib.get("id") == "message" or (bool(self._divs) and self._divs[-1]))
            elif name in _PREFORMATTED:
                self._preformatted += 1
        elif name in _DROPPED:
            self._dropped += 1
            self._aside.clear()
        elif name == "a":
            self._href = str(attrib.get("href", ""))
            self._link.clear()
        elif name == "link" and str(attrib.get("rel", "")).casefold() == "canonical":
            self.page.links.append(("canonical", str(attrib.get("href", ""))))
        elif name == "sup":
            self._raised_from = len(self._parts)
        elif name not in _INLINE and ":" not in name and "-" not in name:
            self.unknown = True

    def end(self, tag: str | bytes) -> None:
        name = str(tag)
        if name in _BLOCKS:
            self._end_line()
            if name == "div" and self._divs:
                self._divs.pop()
            elif name in _PREFORMATTED:
                self._preformatted -= 1
            if name != "br":
                self._breaks = 2
        elif name in _DROPPED:
            self._dropped -= 1
            if name == "title":
                self.page.title = self.page.title or " ".join("".join(self._aside).split())
        elif name == "a" and self._href:
            self.page.links.append((" ".join("".join(self._link).split()), self._href))
            self._href = ""
        elif name == "sup" and self._raised_from is not None:
            self._raise_figures(self._raised_from)
            self._raised_from = None
        self._hidden -= self._hidden > 0

    def data(self, data: str | bytes) -> None:
        text = str(data)
        if self._hidden:
            return
        if self._dropped:
            self._aside.append(text)
            return
        if self._href:
            self._link.append(text)
        if not self._preformatted or "\n" not in text:
            self._parts.append(text)
            return
        for number, part in enumerate(text.split("\n")):
            if number:
                self._end_line()
                self._breaks += 1
            self._parts.append(part)

    def comment(self, text: str | bytes) -> None:
        lines = self.page.lines
        mark = str(text)[:400].casefold().replace("&lt;", "<")
        if _EXCLUDED in mark:
            self._end_line()
            self._excluded_from = len(lines)
        elif _INCLUDED in mark:
            self._end_line()
            if self._excluded_from is not None:
                lines[self._excluded_from :] = [replace(line, banner=True) for line in lines[self._excluded_from :]]
            self._excluded_from = None
        elif "saved from url" in mark:
            self.page.saved_from = str(text)[:400]

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Ignore the document type: it holds no text."""

    def pi(self, target: str, data: str) -> None:
        """Ignore a processing instruction (`<?xml ...?>`): it holds no text."""

    def _raise_figures(self, start: int) -> None:
        before, raised = "".join(self._parts[max(0, start - 3) : start]), "".join(self._parts[start:])
        self._parts[start:] = [raise_figures(before, raised)]

    def _end_line(self) -> None:
        self._raised_from = None
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if _UNSEEN.search(text):
            text = " ".join(_UNSEEN.sub("", text).split())
        if text:
            self.page.lines.append(Line(text, self._breaks > 1, bool(self._divs) and self._divs[-1]))
            self._breaks = 0
