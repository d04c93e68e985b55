"""Number variables: whether a text is numeric or plural, and how its ranges are written.

Follows CSL 1.0.2, "Number", "Choose" (`is-numeric`) and appendix "Page Range Formats", and else citeproc-js.
"""

import re
from dataclasses import dataclass, replace

from bot.citation.csl.locale import Locale

NUMBERS = frozenset(
    """
    call-number chapter-number citation-number collection-number division edition issue number number-of-pages
    number-of-volumes page page-first part-number printing-number section supplement supplement-number version volume
    """.split()
)
"""Variables that `is-numeric` can be true of."""

TEXT_NUMBERS = frozenset(
    """
    chapter-number collection-number edition issue number number-of-pages number-of-volumes page page-first volume
    """.split()
)
"""Variables whose ranges are rewritten when rendered as text."""

_OWN_LABELS = {"page": r"(?:p|pp)\.\s*", "volume": r"vol\.\s*", "issue": r"no\.\s*"}
_ROMAN = re.compile(r"[ivxlcmIVXLCM]+")
_PARTS = re.compile(r"([0-9]*[a-zA-Z]+0*)?([0-9]+(?:[a-zA-Z]*|[-,a-zA-Z]+))")
_NUMERIC = re.compile(r"(?:[0-9]+|[ixv]+)(?:[-,:a-zA-Z]*|-[-0-9]+)")
_PAIR = 2
_HUNDRED = 100
_FRACTION = re.compile(r"[0-9]+(?:/[0-9]+)+")
_PLAIN = re.compile(r"[0-9]+[a-z]*")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One number of several: the particle "S", the value "242", and the text that joins it to the next."""

    particle: str
    value: str
    join: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """The content of a number variable."""

    chunks: tuple[Chunk, ...]
    numeric: bool
    plural: bool
    countable: bool
    """Whether forms (ordinal, roman) apply to the chunks."""

    def __str__(self) -> str:
        return "".join(chunk.particle + chunk.value + chunk.join for chunk in self.chunks)


def read_number(variable: str, text: str, locale: Locale, range_format: str) -> Number:
    """Read a number variable, with joins and ranges as the locale and the style write them."""
    known = "page" if variable == "page-first" else variable
    label = _OWN_LABELS.get(known)
    value = re.sub(f"^{label}(?=[0-9])", "", text) if label else text
    chunks = _chunks(value.replace("–", "-") if known == "page" else value, locale)
    first = chunks[0].value
    numeric = bool(_NUMERIC.fullmatch(first))
    countable = first[:1].isdigit() or bool(_ROMAN.fullmatch(first))
    plural = numeric and countable and len(chunks) > 1
    if len(chunks) == 1 and _FRACTION.fullmatch(first):
        numeric, countable = True, False
    if numeric and known.startswith("number-of-"):
        plural = plural or int(re.match("[0-9]*", first)[0] or 0) > 1  # type: ignore[index]
    if known in TEXT_NUMBERS:
        chunks = _ranges(known, locale, range_format, numeric=numeric).write(chunks, countable=countable)
    return Number(tuple(chunks), numeric, plural, countable)


def _chunks(text: str, locale: Locale) -> list[Chunk]:
    """Split a text at commas, semicolons, hyphens and "and"s."""
    if "\\-" in text:
        return [_chunk(text.replace("\\", ""), "")]
    words = {"and", locale.term("and") or "and"}
    spelled = "|".join(rf",?\s+{re.escape(word)}\s+" for word in words)
    found = re.split(rf"(\s*&\s*|{spelled}|;\s+|,\s+|\s*[-–]+\s*)", text)
    values, joins = found[::2], [*found[1::2], ""]
    at = len(joins) - 2
    while at >= 0:
        if (
            joins[at].strip() == "-"
            and re.fullmatch(r"[0-9]+[,a-zA-Z]+", values[at])
            and re.fullmatch("[,a-zA-Z]+", values[at + 1])
        ):
            values[at : at + 2] = [f"{values[at]}-{values[at + 1]}"]
            del joins[at]
        at -= 1
    symbol = locale.term("and", "symbol") or "&"
    symbol = "&" if symbol == locale.term("and") else symbol
    return [_chunk(value, _join(join, symbol)) for value, join in zip(values, joins, strict=True)]


def _join(join: str, symbol: str) -> str:
    if join.strip() == "&":
        return f" {symbol} "
    return re.sub(r"\s*-\s*", "-", join)


def _chunk(value: str, join: str) -> Chunk:
    parts = _PARTS.fullmatch(value)
    return Chunk(parts[1] or "", parts[2], join) if parts else Chunk("", value, join)


@dataclass(frozen=True, slots=True)
class _Ranges:
    """The range format of one variable."""

    variable: str
    sign: str
    """The separator between the ends."""
    page_sign: str
    page_format: str

    def write(self, chunks: list[Chunk], *, countable: bool) -> list[Chunk]:
        """Replace hyphens between numbers by range signs, and shorten or complete page ranges as the style asks."""
        if not countable:
            return [replace(chunk, join=self.sign) if chunk.join == "-" else chunk for chunk in chunks]
        result = list(chunks)
        count = 0
        for at, chunk in enumerate(chunks):
            count = 1 if chunk.join == "-" or not at else count + 1
            first = result[at - 1]
            if count == _PAIR and first.particle == chunk.particle:
                if first.join == "-":
                    result[at - 1 : at + 1] = self._pair(first, chunk)
                count = 0 if first.join == "-" else 1
        return result

    def _pair(self, first: Chunk, last: Chunk) -> list[Chunk]:
        start, end = first.value, last.value
        letters = all(re.fullmatch(r"[0-9]+|[ivxlcmIVXLCM]+", value) for value in (start, end))
        if not (_PLAIN.fullmatch(start) and _PLAIN.fullmatch(end)) or self.variable != "page":
            return [replace(first, join=self.page_sign if letters else "-"), last]
        joined = replace(first, join=self.sign)
        full = start[: max(0, len(start) - len(end))] + end
        if (not self.page_format and _leading(start) > _leading(end)) or _leading(start) >= _leading(full):
            return [joined, last]
        bare = self.page_format.startswith(("minimal", "chicago"))
        return [joined, Chunk("" if bare else last.particle, shorten_range(start, full, self.page_format), last.join)]


def _ranges(variable: str, locale: Locale, page_format: str, *, numeric: bool) -> _Ranges:
    pages = locale.range_delimiter("page")
    years = locale.range_delimiter("year")
    signs = {"collection-number": years} | dict.fromkeys(("page", "issue", "volume", "edition", "number"), pages)
    return _Ranges(variable, signs.get(variable, "-") if numeric else "-", pages, page_format)


def _leading(value: str) -> int:
    return int(re.match("[0-9]*", value)[0] or 0)  # type: ignore[index]


def shorten_range(start: str, end: str, page_format: str) -> str:
    """Return the end of a range in one of CSL's page range formats."""
    if page_format.startswith("minimal"):
        least = 2 if page_format == "minimal-two" else 1
        same = 0
        while len(start) == len(end) and same < len(end) - least and start[same] == end[same]:
            same += 1
        return end[same:]
    if page_format.startswith("chicago") and start.isdigit() and end.isdigit():
        return _chicago(int(start), int(end), latest=page_format == "chicago-16") or end
    return end


def _chicago(start: int, end: int, *, latest: bool) -> str:
    """Return a range's end as the Chicago Manual of Style shortens it (16th edition or earlier), else empty."""
    if start > _HUNDRED and start % _HUNDRED:
        for digits in range(2, len(str(end)) if latest else 3):
            if start // 10**digits == end // 10**digits:
                return str(end % 10**digits)
    if start >= 100 * _HUNDRED and not latest and start // 1000 == end // 1000:
        return str(end % 1000)
    return ""
