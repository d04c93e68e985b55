"""Dates of journal issues as PubMed prints them.

| printed                | issued                           | season        | why                            |
|------------------------|----------------------------------|---------------|--------------------------------|
| `2031`                 | 2031                             |               |                                |
| `2031 Dec`, `2031 12`  | 2031-12                          |               |                                |
| `2031 Aug 27`          | 2031-8-27                        |               |                                |
| `2031 Sep-Oct`         | 2031-9 2031-10                   |               |                                |
| `2030 Dec-2031 Jan`    | 2030-12 2031-1                   |               |                                |
| `2031 Jul 15-31`       | 2031-7-15 2031-7-31              |               |                                |
| `2031 Jul 28-Aug 3`    | 2031-7-28 2031-8-3               |               |                                |
| `2030-2031`            | 2030 2031                        |               |                                |
| `2031 Fall`            | 2031                             | `3`           | CSL counts from spring         |
| `2030-2031 Winter`     | 2030 2031                        | `4`           |                                |
| `2031 Winter-Spring`   | 2031                             | `Winter-Spring` | two seasons: as printed      |
| `2031 2d Quart`        | 2031                             |               | neither month nor season       |
| `2031 Feb 31`          | 2031-2                           |               | there is no such day           |
| `2031 Oct-Sep`         | 2031                             |               | a range does not run backwards |
| `undated`              |                                  |               |                                |
"""

import re
from datetime import date

from bot.core.record import DateParts

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": "1", "summer": "2", "fall": "3", "autumn": "3", "winter": "4"}
_MONTH = r"(?:[A-Z][a-z]{2,8}\.?|\d{1,2}(?!\d))"


def _end(number: int) -> str:
    return rf"""
    (?:(?P<year{number}>\d{{4}})\b)?\s*
    (?P<month{number}>{_MONTH})?\s*
    (?P<day{number}>\d{{1,2}}(?!\d))?
    """


_RANGE = re.compile(rf"{_end(1)}(?:\s*[-/\u2013]\s*{_end(2)})?", re.VERBOSE)  # `1998 Dec 28-1999 Jan 4`
_YEAR = re.compile(
    r"""
    \b(1[5-9]\d\d|20\d\d)\b
    (?:\s*[-/\u2013]\s*(1[5-9]\d\d|20\d\d)\b)?  # `1998-1999`
    \s*(.*)                                     # the month and day, or the season
    """,
    re.DOTALL | re.VERBOSE,
)


def read_issue_date(text: str) -> tuple[tuple[DateParts, ...], str | None]:
    """Read a date: one date or the two ends of a range, and the season. Unclear parts are left out, the year last."""
    text = " ".join(text[:100].split())
    years = _YEAR.search(text)
    if years is None:
        return (), None
    known = tuple((int(year),) for year in (years[1], years[2]) if year)
    if season := _season(years[3]):
        return known, season
    found = _RANGE.fullmatch(text)
    if found is None or found["year1"] is None:
        return known, None
    first = _parts(found["year1"], found["month1"], found["day1"])
    if found["year2"] is None and found["month2"] is None and found["day2"] is None:
        return (first,), None
    month, day = found["month2"], found["day2"]
    if found["year2"] is None and found["day1"] and day is None and month and month.isdecimal():  # `Jul 15-31`
        month, day = found["month1"], month
    last = _parts(found["year2"] or found["year1"], month, day)
    if len(first) != len(last) or first >= last:
        return known, None
    return (first, last), None


def month_number(text: str | None) -> int | None:
    """Read a month as a number from its English name, its first three letters, or its digits; None for anything else."""
    text = (text or "").strip(" .").lower()
    if text.isdecimal() and len(text) <= len("12"):
        return int(text) if 1 <= int(text) <= len(_MONTHS) else None
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


def _parts(year: str, month: str | None, day: str | None) -> DateParts:
    number = month_number(month)
    if number is None:
        return (int(year),)
    try:
        return (int(year), number, date(int(year), number, int(day or "")).day)
    except ValueError:
        return (int(year), number)


def _season(words: str) -> str | None:
    named = re.findall(r"[A-Za-z]+", words)
    if not named or any(name.lower() not in _SEASONS for name in named):
        return None
    return _SEASONS[named[0].lower()] if len(named) == 1 else words.strip()
