"""Where a record ends: at the comments' heading, or at the links below it.

| printed between an abstract and `Mine slept.`                                        | `Mine slept.` is | why            |
|--------------------------------------------------------------------------------------|------------------|----------------|
| `Comments and Responses to this Article`, `Comments &amp; Responses to this Article` | a comment        | the heading    |
| `Comments and<br>Responses<br>to this Article`                                       | a comment        | a broken one   |
| `Comments and Responses`, `Reader Comments`, `Comments`                              | a comment        | a short one    |
| `Status: display`                                                                    | a comment        | begins one     |
| `Submit Comment`, `[ Cite HTML ]`                                                    | dropped          | the foot       |
| `Home / About / Contact`, `Related: Another record`                                  | a paragraph      | the site's own |

The foot is the links below a record. Where the full heading of the comments follows the foot, the record ends at the
heading. A page with neither is incomplete.
"""

import re
from collections.abc import Iterator

from bot.sources.erowid.html_lines import Line

COMMENTS = re.compile(r"\W*comments? (?:and|&) responses? to (?:this|the) (?:article|reference)\b", re.IGNORECASE)
_SHORT_OF_IT = re.compile(
    r"""
    [^\w\u201c"]*                                            # but no quote: that opens a title
    (?:
        (?:(?:reader|user|visitor)s?['\u2019]?\ )?comments?  # `Reader Comments`
        (?:\ (?:and|&)\ responses?)?                         # `Comments and Responses`
        | responses?\ to\ this\ article
    )\W*
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A shorter heading of the comments."""
_BROKEN = re.compile(r"\W*comments?\b(?: (?:and|&)(?: responses?(?: to(?: this)?)?)?)?\W*", re.IGNORECASE)
"""The first line of a comments heading that is broken over several lines."""
_STATUS = re.compile(r"status:\s*\w+$", re.IGNORECASE)
FOOT = re.compile(r"\W*(?:submit (?:a )?comment|cite html)\b[\s\]|#]*", re.IGNORECASE)
"""The links below a record: to comment on it and to cite it."""
_SITE_WORDS = r"""(?:
    noref | erowid(?:\ center)?                                                          # the site
    | plants\ -\ drugs | mind\ -\ spirit | freedom\ -\ law | arts\ -\ culture | library  # its vaults
    | about | contact | copyrights? | donate | faq | home | legal | mailing\ list | privacy | search
    | submit | vaults | what.s\ new
    )"""
SITE = re.compile(rf"\W*(?:{_SITE_WORDS}(?:\W+{_SITE_WORDS})*\W*)?", re.IGNORECASE | re.VERBOSE)
"""Lines that belong to the site, not to the record: menus, `#`."""
RELATED = re.compile(r"related(?: \w+){0,2}\s*:", re.IGNORECASE)
"""The site's links to other records."""
_MOST_BREAKS = 8


def mended(lines: list[Line]) -> Iterator[Line]:
    """Join a comments heading that is broken over several lines or cells."""
    at = 0
    while at < len(lines):
        text = lines[at].text
        last = at
        while _BROKEN.fullmatch(text) and last + 1 < min(len(lines), at + _MOST_BREAKS):
            last += 1
            text += " " + lines[last].text
        if last > at and not COMMENTS.match(text):
            text, last = lines[at].text, at
        yield lines[at] if last == at else Line(text)
        at = last + 1


def ends_record(text: str, *, surely: bool = False) -> bool:
    """Whether a line ends a record; with `surely`, short headings do not count, since a menu may have them."""
    return bool(COMMENTS.match(text) or _STATUS.match(text) or (not surely and _SHORT_OF_IT.fullmatch(text)))


def find_foot(lines: list[Line], start: int) -> int | None:
    """Find the line that ends the record: the comments' heading, or else the links below the record; None without either."""
    foot = next((i for i in range(start, len(lines)) if FOOT.match(lines[i].text)), len(lines))
    comments = next((i for i in range(start, foot) if ends_record(lines[i].text)), None)
    if comments is not None:
        return comments
    heading = next((i for i in range(foot, len(lines)) if COMMENTS.match(lines[i].text)), None)
    return heading if heading is not None else foot if foot < len(lines) else None


def comments_in(lines: list[Line], *, whole: bool) -> list[Line]:
    """Return the lines of readers' comments, from their heading to the foot of the page; none if the page is cut short."""
    if not lines or FOOT.match(lines[0].text):
        return []
    heading = COMMENTS.match(lines[0].text) or _SHORT_OF_IT.fullmatch(lines[0].text)
    rest = [Line(lines[0].text[heading.end() :].strip(" #:") if heading else lines[0].text), *lines[1:]]
    foot = next((i for i, line in enumerate(rest) if FOOT.match(line.text)), len(rest) if whole else 0)
    return [line for line in rest[:foot] if line.text and not SITE.fullmatch(line.text)]
