"""Titles as plain text: in a record's title, pairs of CSL's tags are markup, and everything else is text.

Exponents stay raised, since `106` is not `10⁶`.

| title                        | plain text             |
|------------------------------|------------------------|
| `<i>In vitro</i> sleep`      | `In vitro sleep`       |
| `5-HT<sub>2A</sub> & sleep`  | `5-HT2A & sleep`       |
| `10<sup>6</sup> cells`       | `10⁶ cells`            |
| `<i>Rana <b>one</b></i>`     | `Rana one`             |
| `T<Cmax, p < 0.05, a<b>c`    | `T<Cmax, p < 0.05, a<b>c` |
| `<i>Sleep`, `&lt;i&gt;`      | as they are            |
"""

import re

from bot.core.superscripts import raise_figures

_TAG = re.compile(r"<(/?)(i|b|sup|sub)>")
_BEFORE = 3
"""The number of characters before raised figures that decide how they are written."""


def plain_title(title: str) -> str:
    """Give a title without its markup."""
    if "</" not in title:
        return title
    parts = _TAG.split(title)  # text, slash, tag, text, slash, tag, text ...
    pairs = _pairs(parts)
    out: list[str] = [parts[0]]
    raised: list[int] = []
    for place in range(1, len(parts), 3):
        slash, tag, text = parts[place : place + 3]
        if place not in pairs:
            out.append(f"<{slash}{tag}>")
        elif tag == "sup" and not slash:
            raised.append(len(out))
        elif tag == "sup":
            start = raised.pop()
            before = "".join(out[max(0, start - _BEFORE) : start])
            out[start:] = [raise_figures(before, "".join(out[start:]))]
        out.append(text)
    return "".join(out)


def _pairs(parts: list[str]) -> frozenset[int]:
    """Give the indexes of tags that have a partner. Closing an outer tag drops inner tags that are still open."""
    opened: list[int] = []
    waiting = dict.fromkeys(("i", "b", "sup", "sub"), 0)
    pairs: set[int] = set()
    for place in range(1, len(parts), 3):
        tag = parts[place + 1]
        if not parts[place]:
            opened.append(place)
            waiting[tag] += 1
        elif waiting[tag]:
            while True:
                last = opened.pop()
                waiting[parts[last + 1]] -= 1
                if parts[last + 1] == tag:
                    break
            pairs |= {last, place}
    return frozenset(pairs)
