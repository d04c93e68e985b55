"""Page ranges as reference managers want them: with the last page in full.

| printed    | first | last   | why                                          |
|------------|-------|--------|----------------------------------------------|
| `141-4`    | 141   | 144    | the omitted digits are added                 |
| `S242-5`   | S242  | S245   | the letter is added, too                     |
| `112A-8A`  | 112A  | 118A   | a letter behind stays                        |
| `iv-xii`   | iv    | xii    |                                              |
| `256-21`   | 256   | 21     | completing it would reverse it: as printed   |
| `A-5`      |       |        | one page of section A                        |
"""

import re

_PAGE = re.compile(r"(?P<letters>[A-Za-z]*)(?P<digits>[0-9]+)(?P<behind>[A-Za-z]?)")
_ROMAN = re.compile(r"[ivxlcdm]+", re.IGNORECASE)
_RANGE = re.compile(r"([^-–—\s]+)\s*[-–—]+\s*([^-–—\s]+)")
_EACH_RANGE = re.compile(r"(?<![^\s,;&()])[^-–—\s,;&()]+\s*[-–—]+\s*[^-–—\s,;&()]+(?![^\s,;&()])")


def read_page_range(text: str) -> tuple[str, str] | None:
    """Return the first and the full last page of one printed range; None for anything else."""
    match = _RANGE.fullmatch(text.strip())
    if not match:
        return None
    first, last = match.groups()
    if _ROMAN.fullmatch(first) and _ROMAN.fullmatch(last):
        return first, last
    if not (re.search("[0-9]", first) and re.search("[0-9]", last)):
        return None
    start, end = _PAGE.fullmatch(first), _PAGE.fullmatch(last)
    if not start or not end or end["letters"] not in {"", start["letters"]}:
        return first, last
    digits = start["digits"][: max(0, len(start["digits"]) - len(end["digits"]))] + end["digits"]
    if int(digits) < int(start["digits"]):
        return first, last
    return first, f"{start['letters']}{digits}{end['behind']}"


def whole_ranges(text: str, dash: str = "-") -> str:
    """Return pages with the last page of each range in full, and `dash` as the dash: `141-144; discussion 150-152`."""

    def whole(match: re.Match[str]) -> str:
        ends = read_page_range(match[0])
        return dash.join(ends) if ends else match[0]

    return _EACH_RANGE.sub(whole, text)
