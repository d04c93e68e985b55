r"""DOIs in running text: where a DOI ends, and how it reads without markup, percent-encoding and punctuation.

A DOI may have nearly any character (doi.org, "DOI Handbook", 2.2), so its end is told by how people write. If the end is
unclear, no DOI is read: a DOI that is too short may name another work.

| text                                | DOI                                 | why                                   |
|-------------------------------------|-------------------------------------|---------------------------------------|
| `10.5555/Abc.12`                    | `10.5555/abc.12`                    | case means nothing                    |
| `10.5555/abc.`                      | `10.5555/abc`                       | the stop ends a sentence              |
| `10.5555/abc).`                     | `10.5555/abc`                       | the bracket was opened before the DOI |
| `10.5555/S0140-6736(05)17951-3`     | `10.5555/s0140-6736(05)17951-3`     | brackets in pairs belong to it        |
| `10.5555/abc(see`                   | none                                | half a pair: too short or too long    |
| `10.5555/abc</i>`                   | `10.5555/abc`                       | a tag                                 |
| `10.5555/0012(06)87<61:AB>2.0.CO;2` | `10.5555/0012(06)87<61:ab>2.0.co;2` | not a tag: a SICI                     |
| `10.5555/1097-0142(1998)17:15`      | none                                | a SICI without its end                |
| `10.5555/(SICI)1:2<3::X>3.0.CO;2-#` | `10.5555/(sici)1:2<3::x>3.0.co;2-#` | its check character may be a `#`      |
| `10.5555/ab%2Fc`                    | `10.5555/ab/c`                      | percent-encoded                       |
| `10.5555/a\_b**`                    | `10.5555/a_b`                       | markdown                              |
| `10.5555/abc?x=1#top`               | `10.5555/abc`                       | a query and a fragment                |
| `10.5555/abc[12]`                   | `10.5555/abc`                       | the number of a footnote              |
| `10.5555/abc,10.5555/def`           | `10.5555/abc`                       | a list                                |
| `10.5555/abc12+`                    | `10.5555/abc12+`                    | some DOIs end in `+`                  |
| `10.5555/abc-`                      | none                                | broken at the end of a line           |
| `10.5555/a–b`                       | none                                | a dash that no DOI has                |
| `10.5555`, `10.5555/`, `10.12/abc`  | none                                | no suffix, or no registrant's number  |
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from bot.core.reference import LONGEST, Reference

_START = r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/"
_DOI = re.compile(
    rf"""
    {_START}
    (?:
        [!\#-;=?-\[\]_a-z~]                            # ASCII without white space and " < > \ ^ ` {{ | }}
        | < [\w:.-]{{1,60}} > (?=[0-9]\.[0-9]\.\w\w;)  # the middle of a SICI
    )+
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_BARE = re.compile(
    r"""
    ://\S+  # an address: what stands in it is no DOI of the text
    | (?<![A-Za-z0-9_/=?&@%\#\\.:+-]) doi: [ ]{0,3} (?=10\.)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 500
_MOST = LONGEST - len("doi:")
"""The most characters of a DOI; longer ones are very rare."""
_ESCAPED = re.compile(r"\\([_*~#&%()\[\]])")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES))
_CUT = re.compile(
    r"""
    (?<!;2-)[?\#] | '                         # a query or a fragment
    | [,;](?=10\.[0-9]{4,9}/|https?://|doi:)  # the next of a list
    | ;jsessionid=
    | &(?:quot|apos|nbsp|\#0{0,3}39|[lg]t)\b  # a quote or a tag, escaped
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Characters that end a DOI in a text although DOIs may have them; but a `#` may be the last character of a SICI."""
_AFTER_SICI = re.compile(r"[0-9]\.[0-9]\.[a-z]{2};[0-9]-(?![0-9a-z#]$)")
"""The end of a SICI that lacks its check character, or has text behind it."""
_TAIL = ".,;:!*_~/&=(["
_FOOTNOTE = re.compile(r"\[[0-9]{1,3}\]$")
_CUT_SICI = re.compile(r"\d{4}-\d{3}[\dx]\(\d{4,8}(?:/\d{1,4})?\)\d+(?::\d+(?:/\d+)?)?")
"""A SICI that breaks off after journal, date, volume and issue, before the `<` and the page."""
_BRACKETS = {")": "(", "]": "["}
_ENDING = ("Lo", "P", "S", "Z")
"""Unicode categories of characters beyond ASCII that may follow a DOI: letters without case (Chinese) and punctuation."""
PREPRINT_ID = r"(?:\d{4}\.\d\d\.\d\d\.\d{6,8} | \d{6})"
"""The suffix of a preprint's DOI as a verbose pattern: `2031.01.02.654321`; until 2019 `654321`."""
_APPENDED = re.compile(
    rf"""
    (?P<preprint> 10\.(?:1101|64898)/{PREPRINT_ID} )
    (?:v\d{{1,2}})? (?:\.(?:full|abstract)\S*)?                                                 # `v1.full.pdf`
    | (?P<frontiers> 10\.3389/f[a-z]+\.\d{{4}}\.\d{{5,7}} ) /(?:full|abstract|pdf|epub|xml)\S*  # `/full`
    """,
    re.VERBOSE,
)
"""DOIs behind which addresses append a version (bioRxiv, medRxiv) or the name of a page (Frontiers)."""


def read_doi(text: str) -> Reference | None:
    """Read the DOI that a text begins with; None if it is not whole. Text may follow it."""
    doi = find_doi(text)
    return None if doi is None else as_reference(doi)


def as_reference(doi: str) -> Reference | None:
    """Give the reference of a DOI in lower case; None for one that is not whole, or too long for a reference."""
    doi = _trimmed(doi)
    if not _is_whole(doi):
        return None
    appended = _APPENDED.fullmatch(doi)
    doi = (appended["preprint"] or appended["frontiers"]) if appended else doi
    return Reference("doi", doi) if len(doi) <= _MOST else None


def find_doi(text: str) -> str | None:
    """Find the DOI that a text begins with, in lower case; the name of a page (`/full`) may still be attached."""
    text = _ESCAPED.sub(r"\1", text[:_LONGEST])
    try:
        text = unquote(text, errors="strict").strip(" ")
    except UnicodeDecodeError:
        return None
    text = _ENTITY.sub(lambda entity: _ENTITIES[entity[0]], text)
    found = _DOI.match(text)
    return _trimmed(found[0]).lower() if found and _may_end(text[found.end() :]) else None


def find_bare(text: str) -> Iterator[tuple[int, Reference]]:
    """Find `doi:10...` in a text, outside addresses; yield the position and the DOI of each."""
    for found in _BARE.finditer(text):
        if found[0][0] != ":" and (doi := read_doi(_first_word(text, found.end()))):
            yield found.start(), doi


def _first_word(text: str, start: int) -> str:
    return text[start : start + _LONGEST].split(maxsplit=1)[0]


def _may_end(rest: str) -> bool:
    """Whether a DOI may end before what follows it."""
    if not rest or rest[0].isascii():
        return rest[:1] not in {"\\", "^"} and not re.match(r"<[0-9]|\s+\w", rest)
    category = unicodedata.category(rest[0])
    if category == "Cf":  # invisible: it may stand inside the DOI
        return not rest[1:2].isalnum()
    return category.startswith(_ENDING) and category != "Pd" and not rest[1:2].isdigit()


def _trimmed(doi: str) -> str:
    """Remove what follows the DOI without a space between."""
    cut = _CUT.search(doi)
    doi = _balanced(doi[: cut.start()] if cut else doi)
    while doi != (shorter := _FOOTNOTE.sub("", doi.rstrip(_TAIL))):
        doi = shorter
    return doi


def _balanced(doi: str) -> str:
    """Cut before the first closing bracket without an opening one."""
    opened: list[str] = []
    for position, character in enumerate(doi):
        if character in _BRACKETS.values():
            opened.append(character)
        elif character in _BRACKETS and (not opened or opened.pop() != _BRACKETS[character]):
            return doi[:position]
    return doi


def _is_whole(doi: str) -> bool:
    """Whether a DOI, in lower case, shows no sign of having been cut or joined to something else."""
    suffix = re.sub(_START, "", doi, count=1)
    if suffix == doi or not any(map(str.isalnum, suffix)) or "://" in suffix or doi.endswith("-"):
        return False
    if re.search(r"%[0-9a-f]{2}", suffix):  # encoded twice
        return False
    if any(doi.count(opening) != doi.count(closing) for closing, opening in _BRACKETS.items()):
        return False
    if _AFTER_SICI.search(suffix):
        return False
    return ("(sici)" not in suffix or ";2-" in suffix) and not _CUT_SICI.fullmatch(suffix)
