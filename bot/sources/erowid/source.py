"""The source line, `Container. Date;Volume(Issue):Pages.`, which tells where a work appeared.

The date is found first. The text before it is the container, less the stop that separates the two: `Fed. Proc.. 1961`
gives `Fed. Proc.`. The text after it is the locator.

| printed                             | container | date      | volume | issue | page   | why                     |
|-------------------------------------|-----------|-----------|--------|-------|--------|-------------------------|
| `Neurology. 1998 Dec;51(6):1532-7.` | Neurology | 1998-12   | 51     | 6     | 1532-7 |                         |
| `Drug Alc. 2010 Dec 6.`             | Drug Alc  | 2010-12-6 |        |       |        | ahead of print          |
| `J Sleep, 1979, 11(1), 1-2.`        | J Sleep   | 1979      | 11     | 1     | 1-2    | commas for other marks  |
| `J Sleep. 11(1):1-2, 1979.`         | J Sleep   | 1979      | 11     | 1     | 1-2    | the year last           |
| `J Sleep. 1988 Summer;44:1-5.`      | J Sleep   | 1988      | 44     |       | 1-5    | a season                |
| `J Sleep. 2001 Ramadan;4:1.`        | J Sleep   | 2001      | 4      |       | 1      | no month                |
| `Brit. J.. 1954 /II;II:122.`        | Brit. J.  | 1954      | II     |       | 122    | the same                |
| `J Sleep. 2001 Aug 15286(7):777.`   | J Sleep   | 2001-8-15 | 286    | 7     | 777    | one reading is possible |
| `Brain Res. In press.`              | Brain Res |           |        |       |        |                         |
| `No year.`                          |           |           |        |       |        | nothing                 |
"""

import re
from dataclasses import dataclass

from bot.core.record import DateParts
from bot.sources.erowid.container import Container, read_container
from bot.sources.erowid.dates import DATE, DATE_YEAR_LAST, is_month_or_season, read_date, read_date_year_last, season_of
from bot.sources.erowid.locator import Locator, read_locator
from bot.sources.erowid.repairs import part_day, read_artefacts, read_digits

MAX_LENGTH = 500
"""The most characters of a source line; longer than any real one."""

_YEAR = re.compile(
    r"""
    (?<![0-9A-Za-z/:(-])[\[(]?
    (?P<year>
        (?:1[6-9]|20)[0-9l]{2}  # `1998`, `199l`
        | l[6-9][0-9]{2}        # `l998`
    )
    (?![0-9A-Za-z])
    """,
    re.VERBOSE,
)
_UNKNOWN = re.compile(
    r"""
    [\s/,(-][^;:?]{1,24}(?=;\s*
        (?:[0-9]{1,4}[A-Z]?(?:-[0-9]{1,4})?|[IVXLCivxl]+|\?)?\s*  # a volume, perhaps
        (?:[(:]|,\s?\(|Suppl|\.?$)                                # its issue, pages or end
    )
    """,
    re.VERBOSE,
)
"""Unknown text in place of the month; only accepted if a stop precedes the year."""
_FOLLOWS = re.compile(
    r"""
    [\])]?\s*(?:[;:,.]|$|[(\[])        # a mark, or the end
    | [\])]?\s*(?=[0-9]{1,5}\s*[(:])  # a volume: the semicolon is lost
    | \s+(?=(?i:in\ press|epub)\b)
    """,
    re.VERBOSE,
)
_YEAR_AT_END = re.compile(
    r"""
    (?P<container>.*[^\W\d_)][.,]*?)[.,]?\s+
    (?P<locator>
        [0-9]{1,4}\s?(?:\([^()]{1,20}\))?\s?:  # `12(3):`
        \s?[A-Za-z]?[0-9]+(?:\s?-\s?[0-9]+)?   # `33-42`
    )
    """,
    re.VERBOSE,
)
"""A container and a locator before a year at the end of the line."""
_PARTING = re.compile(r"^[\s\])]*(?:[;,\s]+|:)?\s*")
"""The separator between date and volume. In `1998;:12` the volume is missing, and the colon belongs to the pages."""
_LOST_SEMICOLON = re.compile(r"[\])]?\s*(?P<digits>[0-9]{1,5})\s*(?P<rest>[(:].*)")
_NO_DATE = re.compile(
    r"""
    (?P<container>[^.]{2,120}(?:\.[^.]{1,60}){0,4})\.\s*  # `J. Invent. Sci.`
    (?:in\ press|forthcoming|submitted|ahead\ of\ print)\W*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TEXT_FOLLOWS = re.compile(r"\.\s+(?=[A-Z\[(<\u201c])")
_WORDS = re.compile(r"\b[a-z]{2,}\b")
_LOCATED = re.compile(
    r"""
    [^;:]{4,30};  # `1998 Dec;`
    | [^;:]{4,30}?[\s:,.][0-9]{1,5}\s*(?:\([^)]{1,20}\))?\s*:\s*[A-Za-z]{0,2}[0-9]  # `1998 12(3):4`
    | [0-9]{4},\s[0-9]{1,4}\s?(?:\([^)]{1,20}\))?,\s(?:pp?\.?\s?)?[0-9]+\s?-\s?[0-9]+\W*$  # `1998, 12(3), 4-5.`
    """,
    re.VERBOSE,
)
"""Text after a year that only a source line has: a semicolon after the date, or volume and pages."""
_LONG_NAME = 25
"""The most lower-case words in the name of a book with its publisher."""
_SHORT_TAIL = 80
_SENTENCE_WORDS = 6
"""Text with this many lower-case words is a sentence; `Epub ahead of print` has fewer."""
_LAST_WORD = re.compile(r"([^\W\d_]+|\d+)(?:(?<=\d)(?:st|nd|rd|th))?[\s.,]*$")
_YEAR_LAST_SPAN = 32


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The parts of a source line; missing and unclear ones are None or empty."""

    container_title: str | None = None
    issued: tuple[DateParts, ...] = ()
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    type: str = "article-journal"
    repairs: tuple[str, ...] = ()
    season: str | None = None
    """"1" (spring) to "4" (winter), or the words as printed."""


@dataclass(frozen=True, slots=True)
class _Dated:
    """A line cut at its date."""

    before: str
    issued: tuple[DateParts, ...]
    after: str
    season: str | None = None
    volume: str | None = None
    """A volume that was joined to the date."""
    repairs: tuple[str, ...] = ()


def cut_source(line: str) -> tuple[str, str] | None:
    """Split a line into a source line and the text behind it; None if it does not begin with a source line."""
    found = _find_date(line[:MAX_LENGTH])
    if found is None:
        return None
    source, rest = line[: MAX_LENGTH + 1], ""
    for stop in _TEXT_FOLLOWS.finditer(line, found[0] + 4, MAX_LENGTH):
        if len(_WORDS.findall(line, stop.end(), stop.end() + 400)) >= _SENTENCE_WORDS:
            source, rest = line[: stop.start() + 1], line[stop.end() :]
            break
    return (source, rest) if len(source) <= MAX_LENGTH and _is_source(source, found[0]) else None


def read_source(line: str) -> SourceLine:
    """Read a source line; without a date only the container of a work "in press" and the type are read."""
    text, repairs = read_artefacts(line.strip()[:MAX_LENGTH])
    dated = _cut_at_date(text)
    if dated is None:
        return _read_undated(text, repairs)
    after, digits = read_digits(dated.after)
    locator = read_locator(after)
    if dated.volume is not None:
        locator = Locator(dated.volume, locator.issue, locator.page, locator.marked, "", locator.repairs)
    container = read_container(dated.before, locator, has_month=len(dated.issued[0]) > 1)
    if text.endswith("..") and not text.endswith("..."):
        repairs += ("doubled stop at the end of the source dropped",)
    return SourceLine(
        container.title,
        dated.issued,
        locator.volume if container.type != "thesis" else None,  # a thesis's number of pages, not a volume
        locator.issue,
        locator.page,
        container.type,
        repairs + dated.repairs + digits + locator.repairs,
        dated.season if len(dated.issued) == 1 else None,
    )


def _is_source(line: str, at: int) -> bool:
    """Whether a line with a year at `at` is a source line, not a sentence: marks around the year tell."""
    before, after = line[:at].rstrip(" [("), line[at:]
    if len(_WORDS.findall(before)) > _LONG_NAME:
        return False
    if _LOCATED.match(after):
        return True
    if not after[4:].strip(" .)]") and _YEAR_AT_END.fullmatch(before.rstrip(" ,;")):
        return True
    return (not before or before.endswith(".")) and len(after) <= _SHORT_TAIL


def _read_undated(text: str, repairs: tuple[str, ...]) -> SourceLine:
    pending = _NO_DATE.fullmatch(text)
    if pending:
        return SourceLine(pending["container"].strip(), repairs=repairs)
    container: Container = read_container(text, Locator(), has_month=True)
    return SourceLine(type=container.type, repairs=repairs)


def _find_date(text: str) -> tuple[int, str] | None:
    """Find the year of the line's date; give its position and the year as printed.

    A name may have a year, too. A year before a semicolon is preferred, then one after a stop, then the last one.
    """
    ranked = []
    for match in _YEAR.finditer(text):
        at = match.start("year")
        date = DATE.match(text.replace("l", "1") if "l" in match["year"] else text, at)
        before = text[:at].rstrip(" [(")
        parted = not before or before.endswith(".")
        follows = date and (_FOLLOWS.match(text, date.end()) or (parted and _UNKNOWN.match(text, date.end())))
        if not date or not follows:
            continue
        ranked.append((follows[0].strip() == ";", parted, at if not parted else -at, at, match["year"]))
        if ranked[-1][:2] == (True, True) or len(ranked) > 20:  # noqa: PLR2004
            break
    return max(ranked)[3:] if ranked else None


def _cut_at_date(text: str) -> _Dated | None:
    found = _find_date(text)
    if found is None:
        return None
    at, year = found
    repairs: tuple[str, ...] = ()
    if "l" in year:
        digits = year.replace("l", "1")
        repairs = (f"letter for a digit: {year} read as {digits}",)
        text = text[:at] + digits + text[at + 4 :]
    date = DATE.match(text, at)
    if date is None:
        return None
    last = [] if date["month"] or date["season"] else _dates_ending_at(text, at + 4)
    if last:
        return _Dated(
            _before(text, last[0].start()),
            read_date_year_last(last[0]),
            _PARTING.sub("", text[date.end() :]),
            season_of(last[0]),
            repairs=repairs,
        )
    after = text[date.end() :]
    if unknown := _UNKNOWN.match(after):
        after = after[unknown.end() :] if ":" in after else ""
    if not after.strip(" .)]") and (at_end := _YEAR_AT_END.fullmatch(_before(text, at))):
        return _Dated(at_end["container"], read_date(date), at_end["locator"], season_of(date), repairs=repairs)
    issued = read_date(date)
    lost = _LOST_SEMICOLON.fullmatch(after) if not after.lstrip(" ])").startswith((";", ".", ",")) else None
    if lost is None:
        if date["day"] and not date["month2"] and after.startswith("("):  # `Aug 15(7):777`: a day or a volume
            issued = (issued[0][:2],)
        rest = after if after.startswith("(") else _PARTING.sub("", after)
        return _Dated(_before(text, at), issued, rest, season_of(date), repairs=repairs)
    return _put_semicolon_back(_before(text, at), date, issued, lost, repairs)


def _dates_ending_at(text: str, end: int) -> list[re.Match[str]]:
    """Find dates that end with the year at `end`, the longest first."""
    word = _LAST_WORD.search(text, max(0, end - _YEAR_LAST_SPAN), end - 4)
    if word is None or not (is_month_or_season(word[1]) or word[1].isdecimal()):
        return []
    found = DATE_YEAR_LAST.finditer(text, max(0, end - _YEAR_LAST_SPAN), end)
    return [match for match in found if match.end() == end and not _closes_name(text[: match.start()], match)]


def _closes_name(before: str, date: re.Match[str]) -> bool:
    """Whether the month is the last word of the name, as in `Rev Newt Jan. 1998`: a stop after it and no mark before it."""
    return (date["month"] or "").endswith(".") and before.rstrip(" (")[-1:].isalnum()


def _put_semicolon_back(
    before: str, date: re.Match[str], issued: tuple[DateParts, ...], lost: re.Match[str], repairs: tuple[str, ...]
) -> _Dated:
    digits, rest = lost["digits"], lost["rest"]
    printed = f"{date[0]}{lost[0].partition(':')[0]}"
    if not date["month"] or date["day"] or date["month2"]:
        return _Dated(
            before, issued, rest, season_of(date), digits, (*repairs, f"lost semicolon: {printed} read with volume {digits}")
        )
    parted = part_day(digits)
    if parted is None:
        return _Dated(before, issued, rest, repairs=repairs)
    day, volume = parted
    year, month = issued[0][:2]
    note = f"lost semicolon: {printed} read as day {int(day)}, volume {volume}"
    return _Dated(before, ((year, month, int(day)),), rest, None, volume, (*repairs, note))


def _before(text: str, at: int) -> str:
    return text[:at].rstrip(" [(,;:")
