"""What a Retry-After header asks for (RFC 9110, 10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 24 * 3600.0
"""The longest wait in seconds; a longer one that a site asks for is cut to this."""

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_TIME = r"\d\d:\d\d:\d\d"
_DATE = re.compile(
    rf"""
      {_DAY},\ \d\d\ {_MONTH}\ \d{{4}}\ {_TIME}\ GMT          # IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
    | (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,\ \d\d-{_MONTH}-(?P<yy>\d\d)\ {_TIME}\ GMT
                                                              # RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
    | {_DAY}\ {_MONTH}\ [\d ]\d\ {_TIME}\ \d{{4}}             # asctime: Sun Nov  6 08:49:37 1994
    """,
    re.VERBOSE | re.ASCII,
)
"""The three forms of a date (RFC 9110, 5.6.7)."""
_FAR = 50
"""A year of two digits that would lie more years ahead than this lies in the past."""


def retry_after(value: str | None, now: float) -> float | None:
    """Read a number of seconds or a date as seconds from `now`, up to LONGEST_WAIT; None for anything else."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), LONGEST_WAIT)
    form = _DATE.fullmatch(text)
    if form is None:
        return None
    try:
        date = parsedate_to_datetime(text).replace(tzinfo=UTC)
        if form["yy"]:
            date = date.replace(year=_year(int(form["yy"]), datetime.fromtimestamp(now, UTC).year))
    except ValueError:  # the 30th of February, 25 o'clock
        return None
    return min(max(date.timestamp() - now, 0.0), LONGEST_WAIT)


def _year(digits: int, this_year: int) -> int:
    year = this_year - this_year % 100 + digits
    return year - 100 if year > this_year + _FAR else year
