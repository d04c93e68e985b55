"""The part of a source line after its date: volume, issue and pages.

| printed                          | volume  | issue      | page         | why                                           |
|----------------------------------|---------|------------|--------------|-----------------------------------------------|
| `51(6):1532-7`                   | 51      | 6          | 1532-7       |                                               |
| `84(1-3):179-88`                 | 84      | 1-3        | 179-88       |                                               |
| `112-113:143-6`                  | 112-113 |            | 143-6        |                                               |
| `I:444`                          | I       |            | 444          | Roman volumes as printed                      |
| `ii:22`                          | ii      |            | 22           | lower case, too, except `l` (as in Lancet)    |
| `55/III:120-30`                  | 55/III  |            | 120-30       |                                               |
| `1967(II):929-930`               | 1967    | II         | 929-930      | a year can be the volume                      |
| `11(Part I):615-622`             | 11      | Part I     | 615-622      | what stands in the issue's place is the issue |
| `88 Suppl 8:S242-5`              | 88      | Suppl 8    | S242-5       | so are supplements, parts, special numbers    |
| `38(12) Suppl 2:1-2`             | 38      | 12 Suppl 2 | 1-2          | the supplement of an issue                    |
| `38,(12, Part I):3`              | 38      | 12, Part I | 3            |                                               |
| `? (Suppl. 440):168`             |         | Suppl. 440 | 168          | a question mark stands for what is not known  |
| `4(?):168`                       | 4       |            | 168          | the same                                      |
| `Suppl 3:7-9`                    |         | Suppl 3    | 7-9          | a supplement, the volume unknown              |
| `(3):7-9`                        |         | 3          | 7-9          |                                               |
| `20:320 (Part I)`                | 20      |            | 320          | after the pages, unclear what is a part       |
| `13:33-37, 40-42`                | 13      |            | 33-37, 40-42 | an article can continue                       |
| `17:1-4, 5 refs`                 | 17      |            | 1-4          | five references are no page                   |
| `81(5):615 - 619`                | 81      | 5          | 615-619      |                                               |
| `17(5):405-11; discussion 411-3` | 17      | 5          | 405-11       | the discussion is another text                |
| `12, 33-37`                      | 12      |            | 33-37        | another separator, yet clear                  |
| `12(3);33-37`                    | 12      | 3          | 33-37        | the same                                      |
| `44(17)1-5`                      | 44      | 17         | 1-5          | the same                                      |
| `42, Fasc. 5:1557-72`            | 42      | 5          | 1557-72      |                                               |
| `47(5):Suppl:1-2`                | 47      |            | 1-2          | issue or supplement, unsure which             |
| `38(12 (Suppl)):112`             | 38      |            | 112          | only the volume is clear                      |
| `17 II:33`                       | 17      |            | 33           | the same                                      |
| `8(ll):1`                        | 8       |            | 1            | unclear: 11 or II                             |
| `lll:1`                          |         |            | 1            | the same                                      |
| `S7:S123`                        |         |            | S123         | a volume or a supplement                      |
| `44:279ff.`                      | 44      |            | 279          |                                               |
| `56`                             | 56      |            |              |                                               |
| `p251-258`                       |         |            | 251-258      | pages without a volume: of a book             |
| `pp. 251-258`                    |         |            | 251-258      | the same                                      |
| `85(6):e25-e27`                  | 85      | 6          | e25-e27      |                                               |
| `50(3):112-B`                    | 50      | 3          | 112-B        |                                               |
| `17:1,034-8`                     | 17      |            |              | a comma among thousands                       |
| `Hicks RE, Fink PJ (eds):33-42`  |         |            | 33-42        | editors are no volume                         |
"""

import re
from dataclasses import dataclass

from bot.sources.erowid.repairs import part_pages

_NUMBER = r"[0-9]{1,5}[A-Za-z]?"
_ROMAN = r"[IVXLCDM]{1,8}"
_TO = r"\s*(?:--|[-\u2010-\u2015/])\s*"
_EXTRA = r"""(?:
    (?:[0-9]{1,3}\s+)?                              # `2 Suppl`
    (?:
        supp?l?(?:ement)? | pt | part | teil        # `Suppl`, German `Teil`
        | spec(?:ial)?\.?\s*(?:no|issue) | special  # `Spec No`
    )\b\.?\s*
    (?:[0-9IVXA-D]{1,4}(?:-[0-9]{1,3})?\b)?         # `3`, `II`, `1-2`
    )"""
"""A supplement, a part or a special number."""
_PLACE = re.compile(
    rf"""
    (?:(?:vol(?:ume)?|bd|t(?:ome)?)\b\.?\s*|\?\s*)?  # `Vol. 12`, `? (Suppl. 3)`
    (?P<volume>
        {_NUMBER}(?:{_TO}(?:{_NUMBER}|{_ROMAN}))?  # `12`, `12A`, `12-13`, `55/III`
        | {_ROMAN}(?:{_TO}{_ROMAN})?  # `XII`
    )?
    (?:[\s,]*(?P<extra>{_EXTRA}(?:\s*{_EXTRA})?))?  # `Suppl 3`, `Pt 2 Suppl 1`
    (?:
        # `(3)`, `(12, Part I)`, `(3) Suppl`
        [\s,]*\(\s*(?P<issue>[^()]{{0,40}}?)\s*\)(?:\s*(?P<extra_after>{_EXTRA}))?
        # `No. 3`, `Fasc. 5`, `#3`
        | [\s,]*(?:\#|(?:no|nr|issue|heft|fasc(?:icule|iculo|icolo)?)\b\.?)\s*(?P<number>{_NUMBER}(?:{_TO}{_NUMBER})?)
    )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_VOLUME_FIRST = re.compile(r"(?P<volume>[0-9]{1,4})[\s(,.].*")
"""A volume with unreadable text after it."""
_PAGE = r"""(?:
    [A-Za-z]{0,3}[0-9]{1,10}(?:\.[A-Za-z]{0,2}[0-9]{1,4})?[A-Za-z]?  # `33`, `e25`, `S12.e3`, `33a`
    | (?-i:[ivxlc]{1,8})                                             # `xiv`
)(?![^\W_])"""
_PAGES = re.compile(
    rf"""
    (?P<mark>pp?\b\.?\s*|pp?(?=[0-9])|S\.\s+)?  # `p33`, `pp. 33`, German `S. 33`
    (?P<first>
        [0-9]{{1,6}}(?:(?=ff\b)|-[A-Z]\b)  # `279ff`, `112-B`
        | {_PAGE}(?:{_TO}{_PAGE})?  # `33-42`, `e25`, `xi-xv`
    )
    (?:\s?ff\b)?
    (?P<more>(?:\s*,\s*{_PAGE}(?:{_TO}{_PAGE})?(?=\s*(?:[,;.&)\]]|$))){{0,6}})  # `, 40-42`, but not `, 5 refs`
    """,
    re.VERBOSE,
)
_COMMA_FOR_COLON = re.compile(
    r"""
    (?P<place>[0-9]{1,4}(?:\s?\([^()]{1,20}\))?)  # `12`, `12(3)`
    \s*[,;]\s*
    (?:pp?\.?\s*)?(?P<pages>[0-9]+\s*-\s*[0-9]+)  # `33-42`, `pp. 33-42`
    """,
    re.VERBOSE,
)
_LOST_COLON = re.compile(
    r"""
    (?P<place>[0-9]{1,4}\s?\([^()]{1,20}\))  # `12(3)`
    \s*
    (?P<pages>[0-9]+\s*-\s*[0-9]+)           # `33-42`
    """,
    re.VERBOSE,
)
_EXTRA_AFTER = re.compile(rf"(?P<place>[^:]+):\s*{_EXTRA}", re.IGNORECASE | re.VERBOSE)
_AFTER = re.compile(r"[\s(\[;.,]|$")
_SMALL_ROMAN = re.compile("[ivx]+")
_SMALL_LS = re.compile("l+")
_DASH = re.compile(r"\s*(?:--|[-\u2010-\u2015])\s*")
_TRAILING = re.compile(
    r"""
    [\s;.,]*(?:
        \[\s*epub\b | \bepub\b                # `[Epub ahead of print]`
        | \bdoi\b | \bpmid\b | \bpmcid\b      # identifiers
        | \bavailable\b | https?:             # `Available from: https://…`
        | \[                                  # any other note in brackets
    ).*
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Locator:
    """Volume, issue and pages of a work; None for a part that is missing or cannot be read."""

    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    marked: bool = False
    """Whether the pages are marked as pages (`p75-84`)."""
    unread: str = ""
    """Text in place of the volume that is not a volume."""
    repairs: tuple[str, ...] = ()


def read_locator(text: str) -> Locator:
    """Read what follows the date and its semicolon; see `repairs.read_digits` for letters in place of digits."""
    text = _TRAILING.sub("", text).strip(" .;,")
    place, colon, rest = _cut(text)
    if not colon:
        pages = _read_pages(text)
        if pages and (pages.marked or _is_wide(text)):
            return pages
        return _read_place(text) or Locator(unread=text)
    pages = _read_pages(rest.strip()) or Locator()
    found = _read_place(place.strip())
    if found is None:
        only_volume = _VOLUME_FIRST.fullmatch(place.strip())
        found = Locator(only_volume["volume"] if only_volume else None, unread="" if only_volume else place.strip())
    return Locator(found.volume, found.issue, pages.page, pages.marked, found.unread, pages.repairs)


def _cut(text: str) -> tuple[str, str, str]:
    """Split at the colon before the pages, ignoring colons in parentheses."""
    place, colon, rest = text.partition(":")
    if place.count("(") > place.count(")"):
        closing = text.find(")", len(place))
        colon_at = text.find(":", closing) if closing >= 0 else -1
        if colon_at >= 0:
            return text[:colon_at], ":", text[colon_at + 1 :]
    if not colon:
        comma = _COMMA_FOR_COLON.fullmatch(text) or _LOST_COLON.fullmatch(text)
        return (comma["place"], ":", comma["pages"]) if comma else (text, "", "")
    if ":" in rest and not _PAGES.match(rest.strip()):  # `New York:Grune & Stratton:33-42`
        return text.rpartition(":")
    return place, colon, rest


def _read_place(place: str) -> Locator | None:
    match = _PLACE.fullmatch(place)
    if match is None:
        extra_after = _EXTRA_AFTER.fullmatch(place)
        found = _read_place(extra_after["place"]) if extra_after else None
        return Locator(found.volume) if found else None
    volume, issue = match["volume"], match["issue"] or match["number"]
    extra = match["extra"]
    if extra and issue:  # an issue and a supplement, unclear which counts
        extra, issue = (None, None)
    issue = " ".join(filter(None, (extra or issue, match["extra_after"])))
    if volume and volume.isalpha() and not volume.isupper() and not _SMALL_ROMAN.fullmatch(volume):
        return None
    return Locator(_tidy(volume), None if _SMALL_LS.fullmatch(issue) or issue == "?" else _tidy(issue))


def _tidy(text: str | None) -> str | None:
    return _DASH.sub("-", " ".join(text.split())).rstrip(".") if text else None


def _read_pages(text: str) -> Locator | None:
    match = _PAGES.match(text)
    if match is None or not _AFTER.match(text, match.end()):
        return None
    first, repairs = part_pages(_DASH.sub("-", match["first"]))
    pages = [first]
    for more in match["more"].split(",")[1:]:
        page = _DASH.sub("-", more.strip())
        if page.startswith("0"):  # `1,034`: a comma among thousands
            return None
        if not _continues(pages[-1], page):
            break
        pages.append(page)
    return Locator(page=", ".join(pages), marked=bool(match["mark"]), repairs=repairs)


def _continues(page: str, following: str) -> bool:
    """Whether pages continue other pages: a higher number with about as many digits, so not a year."""
    last, opening = page.rpartition("-")[2], following.partition("-")[0]
    if not (last.isdecimal() and opening.isdecimal()):
        return False
    start = page.partition("-")[0]
    if start.isdecimal() and len(last) < len(start):
        last = start[: len(start) - len(last)] + last
    return int(opening) > int(last) and len(opening) <= len(last) + 1


def _is_wide(text: str) -> bool:
    """Whether a range alone is pages, not volumes: nobody cites more than three volumes at once."""
    first, dash, last = _DASH.sub("-", text).partition("-")
    return bool(dash) and first.isdecimal() and last.isdecimal() and (int(last) > int(first) + 3 or int(last) < int(first))
