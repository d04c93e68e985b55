"""The date of a source line, as CSL `date-parts`.

| printed             | read                   | season      | why                                         |
|---------------------|------------------------|-------------|---------------------------------------------|
| `2000`              | 2000                   |             |                                             |
| `1998 Dec`          | 1998-12                |             | months of five languages, cut or full       |
| `1961 March`        | 1961-3                 |             |                                             |
| `2001 Feb 07`       | 2001-2-7               |             | padded or not                               |
| `2001 Feb 7th`      | 2001-2-7               |             |                                             |
| `1978 Jul-Sep`      | 1978-7, 1978-9         |             | the two ends; en dash, hyphen, stroke, `&`  |
| `1974 Oct-Dec 21`   | 1974-10, 1974-12       |             | unclear which month has the day: left out   |
| `1990 Dec-1991 Jan` | 1990-12, 1991-1        |             |                                             |
| `1990 Dec 1991 Jan` | 1990-12, 1991-1        |             | the same, a dash lost                       |
| `1998 Dec 25-31`    | 1998-12-25, 1998-12-31 |             |                                             |
| `1967/68`           | 1967, 1968             |             |                                             |
| `2001,44`           | 2001                   |             | a volume, no year                           |
| `2001-44`           | 2001                   |             | the same                                    |
| `2001 Mid-Aug`      | 2001-8                 |             |                                             |
| `1985 Spring`       | 1985                   | 1           | the season as CSL numbers it: 1             |
| `Spring 1985`       | 1985                   | 1           | the same                                    |
| `1985 Summer-Fall`  | 1985                   | Summer-Fall | in words: CSL has no number for it          |
| `2001 Q3`           | 2001                   |             | a quarter is no season                      |
| `6 Feb 2002`        | 2002-2-6               |             | the year last                               |
| `February 6, 2002`  | 2002-2-6               |             | the same                                    |
| `1985 Nov-Jan`      | 1985                   |             | impossible parts are left out               |
| `1998 Feb 31`       | 1998-2                 |             | the same                                    |
"""

import re
from dataclasses import dataclass

from bot.core.record import DateParts


def _numbered(*names: str) -> dict[str, int]:
    """Map each name to the number of its line, from 1; each argument is a line of names."""
    return {name: number for number, line in enumerate(names, 1) for name in line.split()}


_MONTHS = _numbered(
    "jan january januar janvier janv gennaio genn enero",
    "feb february februar fevrier février fevr févr febbraio febrero",
    "mar march märz marz mars marzo",
    "apr april avril avr aprile abril",
    "may mai maggio magg mayo",
    "jun june juni juin giugno junio",
    "jul july juli juillet juil luglio julio",
    "aug august aout août agosto",
    "sep sept september septembre settembre septiembre",
    "oct october okt oktober octobre ottobre octubre",
    "nov november novembre noviembre",
    "dec december dez dezember decembre décembre déc dicembre diciembre",
)
_SEASONS = _numbered(
    "spring printemps frühjahr frühling primavera",
    "summer été sommer estate verano",
    "autumn fall automne herbst autunno otoño",
    "winter hiver inverno invierno",
)
"""Names of seasons with CSL's numbers: 1 for spring to 4 for winter."""

_WORD_ENDS = r"(?![^\W\d_])"
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))}){_WORD_ENDS}\.?"
_SEASON = rf"(?:{'|'.join(_SEASONS)}|easter|michaelmas|christmas){_WORD_ENDS}"
_QUARTER = rf"(?:[1-4](?:st|nd|rd|th)\s+quarter|q[1-4]){_WORD_ENDS}"
_YEAR = r"(?:1[6-9]|20)[0-9]{2}"
_TO = r"\s*(?:[-\u2013\u2014/&,]|and)\s*"
_TO_YEAR = r"\s*(?:[-\u2013\u2014/&]|and)\s*"
_DAY = r"[0-3]?[0-9](?![0-9])"
_ORDINAL = rf"(?:st|nd|rd|th){_WORD_ENDS}"

DATE = re.compile(
    rf"""
    (?P<year>{_YEAR}) (?![0-9])
    (?:  # `1967-68`, or `1967,1968;`; a hyphen with more behind it parts year and volume
        (?: {_TO_YEAR} | ,\s?(?={_YEAR}\s?;) ) (?P<year2>{_YEAR}|[0-9]{{2}}) (?![0-9]) (?!{_TO}[0-9])
    )?
    (?:
        [\s,(]* (?:(?:mid|early|late)[\s-]+)? (?P<month>{_MONTH}) (?:\s*(?P<day>{_DAY})(?:{_ORDINAL})?)?
        (?: {_TO} (?P<middle>{_MONTH}) (?={_TO}{_MONTH}) )?  # `Jan-Feb-Mar`
        (?:
            # `Oct-Dec 21`, `Dec-1991 Jan`, `Dec 1991 Jan`, `Dec-Jan 1991;`
            (?: {_TO} | \s+(?={_YEAR}\s+{_MONTH}) ) (?P<year3>{_YEAR})? \s* (?P<month2>{_MONTH}) (?:\s*(?P<day2>{_DAY}))?
            (?: \s+(?P<year4>{_YEAR})(?=;) )?
            # `Dec 25-31`
            | {_TO} (?P<day3>{_DAY}) (?!\s*[:(])
        )? \)?
        # `Summer`, `(Summer-Fall)`, `Winter 1989;` (the volume's second year)
        | [\s,(]* (?P<season>{_SEASON}(?:{_TO}{_SEASON})?) \)? (?:[\s/-]+{_YEAR}(?=;))?
        # `Q3`
        | [\s,(]* {_QUARTER} \)?
    )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A date that opens with its year."""

DATE_YEAR_LAST = re.compile(
    rf"""
    (?:
        (?:(?<![0-9])(?P<day>{_DAY})(?:{_ORDINAL})?\s+)? (?P<month>{_MONTH})     # `26th April`
        (?:\s*(?P<day2>{_DAY})(?:{_ORDINAL})?,)? (?:{_TO}(?P<month2>{_MONTH}))?  # `April 26,`, `April-May`
        | (?P<season>{_SEASON}(?:{_TO}{_SEASON})?)                               # `Summer-Fall`
    )
    ,?\s+ (?P<year>{_YEAR}) (?![0-9])
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A date that ends with its year: `Mar 1998`, `6 Feb 2002`, `February 6, 2002`, `Spring 1998`."""

_LONGEST = 10
"""The longest range of years that one volume can span."""
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a match of DATE or DATE_YEAR_LAST as numbers; 0 for a missing part."""

    year: int
    month: int = 0
    day: int = 0
    year2: int = 0
    month2: int = 0
    day2: int = 0


def month_of(word: str | None) -> int:
    """Return a month's number; 0 if the word is not a month."""
    return _MONTHS.get(word.rstrip(".").casefold(), 0) if word else 0


def is_month_or_season(word: str) -> bool:
    """Whether a word can stand before the year in a date."""
    return month_of(word) > 0 or re.fullmatch(_SEASON, word, re.IGNORECASE) is not None


def season_of(match: re.Match[str]) -> str | None:
    """Return the season in a match of DATE or DATE_YEAR_LAST: "1" (spring) to "4" (winter), or the words as printed."""
    printed = match["season"]
    return str(_SEASONS.get(printed.casefold(), printed)) if printed else None


def read_date(match: re.Match[str]) -> tuple[DateParts, ...]:
    """Return the date in a match of DATE: one date, or the two ends of a range."""
    found = match.groupdict()
    year, month, day = int(found["year"]), month_of(found["month"]), int(found["day"] or 0)
    if found["year2"]:
        end = int(found["year2"])
        end += year // 100 * 100 if end < 100 else 0  # noqa: PLR2004
        return ((year,), (end,)) if year < end <= year + _LONGEST else ((year,),)
    end_month, end_day = month_of(found["month2"]), int(found["day2"] or found["day3"] or 0)
    end_year = int(found["year3"] or found["year4"] or year)
    if found["day3"]:
        end_month = month
    return _range(_Parts(year, month, day, end_year, end_month, end_day))


def read_date_year_last(match: re.Match[str]) -> tuple[DateParts, ...]:
    """Return the date in a match of DATE_YEAR_LAST."""
    year, month, month2 = int(match["year"]), month_of(match["month"]), month_of(match["month2"])
    return _range(_Parts(year, month, 0 if month2 else int(match["day"] or match["day2"] or 0), year, month2))


def _range(parts: _Parts) -> tuple[DateParts, ...]:
    start = _date(parts.year, parts.month, parts.day)
    if not parts.month2:
        return (start,)
    end = _date(parts.year2, parts.month2, parts.day2)
    if start >= end:
        return (start[:2],) if parts.month == parts.month2 else (start[:1],)
    if len(start) == len(end):
        return start, end
    return (start[:2], end[:2]) if start[:2] < end[:2] else (start[:2],)


def _date(year: int, month: int, day: int) -> DateParts:
    if not month:
        return (year,)
    return (year, month, day) if 0 < day <= _DAYS[month - 1] else (year, month)
