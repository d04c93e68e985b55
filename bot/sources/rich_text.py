"""Texts with markup (HTML, JATS, MathML, entities) as services send them: to CSL's own markup, or to plain text.

Unknown tags are text, and tags that are not in pairs are dropped. Exponents stay raised, since `106` is not `10⁶`. CSL has
markup for small capitals too, but nothing here shows them.

| sent                                      | title                   | plain text         |
|-------------------------------------------|-------------------------|--------------------|
| `<i>In vitro</i> sleep`                   | `<i>In vitro</i> sleep` | `In vitro sleep`   |
| `<jats:italic>Rana</jats:italic> sleep`   | `<i>Rana</i> sleep`     | `Rana sleep`       |
| `5-HT<inf>2</inf>`, `5-HT<sub>2</sub>`    | `5-HT<sub>2</sub>`      | `5-HT2`            |
| `&lt;b&gt;Sleep&lt;/b&gt; &amp;amp; fish` | `<b>Sleep</b> & fish`   | `Sleep & fish`     |
| `T<Cmax, p < 0.05`                        | `T<Cmax, p < 0.05`      | `T<Cmax, p < 0.05` |
| `10<sup>6</sup> cells`                    | `10<sup>6</sup> cells`  | `10⁶ cells`        |
| `<i>Sleep`, `Sleep</i>`, `<i></i>Sleep`   | `Sleep`                 | `Sleep`            |
| `<scp>LSD</scp>, <u>now</u>`              | `LSD, now`              | `LSD, now`         |
| `<p>One</p><p>two</p>`                    | `One two`               | `One two`          |
| `<mml:math><mml:mi>x</mml:mi></mml:math>` | `x`                     | `x`                |
| `<msup><mn>10</mn><mn>6</mn></msup> dots`  | `10<sup>6</sup> dots`   | `10⁶ dots`         |
"""

import html
import re
from collections.abc import Iterator

from bot.core.superscripts import raise_figures

_SCRIPT = re.compile(
    r"""
    < (?:mml:|m:)? m(?P<kind>sup|sub) > \s{0,8}                        # `<msup>`
    < [^<>]{1,60} > (?P<base>[^<>]{0,60}) < / [^<>]{1,20} > \s{0,8}    # `<mn>10</mn>`
    < [^<>]{1,60} > (?P<raised>[^<>]{0,60}) < / [^<>]{1,20} > \s{0,8}  # `<mn>6</mn>`
    < / (?:mml:|m:)? m(?P=kind) >                                      # `</msup>`
    """,
    re.VERBOSE,
)
"""An exponent or an index in MathML: the base, and the text above or below it, neither with inner tags."""

LONGEST = 60_000
"""The most characters of a text that are read; no abstract is longer."""

_TAG = re.compile(
    r"""
    <!--.{0,400}?-->                                                                         # a comment
    | < (?P<closing>/?) \s? (?P<prefix>jats:|mml:|m:|xhtml:)? (?P<name>[A-Za-z][\w-]{0,30})  # `</jats:italic`
      (?: \s{1,8} [\w:-]{1,40} \s?=\s?(?:"[^"<>]{0,400}"|'[^'<>]{0,400}') ){0,12}            # `class="x"`
      \s{0,8} (?P<empty>/?) >
    """,
    re.VERBOSE | re.DOTALL,
)
_CSL = {
    "i": "i", "em": "i", "italic": "i", "b": "b", "strong": "b", "bold": "b", "sup": "sup", "sub": "sub", "inf": "sub",
}  # fmt: skip
_INLINE = frozenset(
    """
    a abbrev alternatives center ext-link font inline-formula inline-graphic math monospace named-content overline roman
    sans-serif sc scp small span strike styled-content tt u underline xref
    """.split()
)
"""Inline tags, which may stand within a word: they become nothing."""
_BLOCKS = frozenset(
    "abstract blockquote body br caption div fig h1 h2 h3 h4 h5 h6 li list list-item ol p sec section table title ul".split()
)
"""Block tags: they become a space."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "title"})
_DROPPED = frozenset({"tex-math", "annotation", "script", "style", "label"})
"""Tags dropped with their text: another form of the same text, a mere number, or no text at all."""

Token = tuple[str, str]
"""A piece of text or a tag: ("", some text), ("i", "open"), ("i", "close")."""


def to_csl(value: str) -> str:
    """Give a text as one line with CSL's markup; tags without a partner are dropped."""
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    for tag, text in tokens(value):
        if not tag:
            out.append(text)
        elif tag not in _CSL:
            out.append(" " if tag in _BLOCKS else "")
        elif text == "open":
            opened.append((_CSL[tag], len(out)))
            out.append("")
        elif any(name == _CSL[tag] for name, _ in opened):
            while (last := opened.pop())[0] != _CSL[tag]:
                pass
            inside = "".join(out[last[1] :])
            if inside.strip() and all(name != last[0] for name, _ in opened):
                inside = f"<{last[0]}>{inside}</{last[0]}>"
            out[last[1] :] = [inside]
    return one_line("".join(out))


def to_plain(value: str) -> str:
    """Give a text as one line without markup."""
    return plain_of(list(tokens(value)))


def plain_of(found: list[Token]) -> str:
    """Join tokens as one line of plain text."""
    out: list[str] = []
    raised_from: int | None = None
    for tag, text in found:
        if not tag:
            out.append(text)
        elif tag == "sup":
            if raised_from is not None:
                out[raised_from:] = [
                    raise_figures("".join(out[max(0, raised_from - 3) : raised_from]), "".join(out[raised_from:]))
                ]
            raised_from = len(out) if text == "open" else None
        elif tag in _BLOCKS:
            out.append(" ")
    return one_line("".join(out))


def tokens(value: str) -> Iterator[Token]:
    """Cut a text into pieces of text and those tags that matter here; entities are decoded, other tags left out."""
    value = html.unescape(html.unescape(value[:LONGEST]))
    value = _SCRIPT.sub(r"\g<base><\g<kind>>\g<raised></\g<kind>>", value)
    done, dropped = 0, ""
    for found in _TAG.finditer(value):
        name = (found["name"] or "").lower()
        known = found["prefix"] or not name or name in _CSL or name in _INLINE or name in _BLOCKS or name in _DROPPED
        if not known:
            continue
        if done < found.start() and not dropped:
            yield "", value[done : found.start()]
        done = found.end()
        if name in _DROPPED and not found["empty"]:
            dropped = "" if found["closing"] else name
        elif name and not dropped:
            yield name, "close" if found["closing"] else "open"
            if found["empty"]:
                yield name, "close"
    if done < len(value) and not dropped:
        yield "", value[done:]


def one_line(text: str) -> str:
    """Collapse white space, and drop invisible characters."""
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace()).split())
