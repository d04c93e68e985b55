r"""Repairs of printed text, each made only where one reading is possible; functions also give the repairs in words.

| printed                 | read                   | why                                                         |
|-------------------------|------------------------|-------------------------------------------------------------|
| `1973;l7:277-282`       | `1973;17:277-282`      | a small l beside digits is no letter                        |
| `2001;8(l):11-24`       | `2001;8(1):11-24`      | the same for an issue; `(ll)` may be a Roman number         |
| `2001;8(2):l-9`         | `2001;8(2):1-9`        | the same before a dash and a digit                          |
| `1981;71(4):845855`     | `1981;71(4):845-855`   | two halves of one length that ascend by less than a hundred |
| `2001 Aug 15286(7):777` | `2001-8-15;286(7):777` | no day is 152, no volume 5286; `Aug 1528(7)` is unsure      |
| `&eacute;`              | `é`                    | escaped twice                                               |
| `bird\'s`               | `bird's`               | no text has a backslash before a quote                      |
"""

import re
from html.entities import html5

_L_AMONG_DIGITS = re.compile(
    r"""
    (?<=[0-9]\()l(?=\))                                               # `12(l)`
    | (?<=:)l(?=-[0-9])                                               # `:l-9`
    | (?<![^\W\d_])(?=[0-9lO]*[0-9])[0-9lO]*[lO][0-9lO]*(?![^\W\d_])  # `l7`, `1O`
    """,
    re.VERBOSE,
)
_RUN_TOGETHER = re.compile(r"(?<![0-9A-Za-z.-])([0-9]{6}|[0-9]{8}|[0-9]{10})(?![0-9A-Za-z-])")
_BARRED = re.compile(r"\|\[([A-Za-z]{2,20})\]\|")
_ESCAPED_TWICE = re.compile(r"&(#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,20}[0-9]{0,2});")
_ESCAPED_QUOTE = re.compile(r"\\+(?=[\"'\u2018\u2019\u201c\u201d])")
_CLOSE = 100
_VOLUME_DIGITS = 3


def read_digits(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace a lower-case l or a capital O in a number with the digit; give the text and the repairs in words."""
    notes = []

    def digit(match: re.Match[str]) -> str:
        number = match[0].replace("l", "1").replace("O", "0")
        notes.append(f"letter for a digit: {match[0]} read as {number}")
        return number

    return _L_AMONG_DIGITS.sub(digit, text), tuple(notes)


def part_pages(text: str) -> tuple[str, tuple[str, ...]]:
    """Restore a lost dash between two page numbers; give the text and the repairs in words."""
    match = _RUN_TOGETHER.fullmatch(text)
    if match is None:
        return text, ()
    half = len(text) // 2
    first, last = text[:half], text[half:]
    if "0" in {first[0], last[0]} or not 0 < int(last) - int(first) < _CLOSE:
        return text, ()
    return f"{first}-{last}", (f"lost dash: {text} read as {first}-{last}",)


def part_day(digits: str) -> tuple[str, str] | None:
    """Split digits into a day and a volume whose semicolon is lost; None unless exactly one split is possible.

    Up to three digits may also be the volume alone.
    """
    if len(digits) <= _VOLUME_DIGITS:
        return None
    ways = [
        (digits[:size], digits[size:])
        for size in (1, 2)
        if 0 < int(digits[:size]) <= 31 and len(digits) - size <= _VOLUME_DIGITS and digits[size] != "0"  # noqa: PLR2004
    ]
    return ways[0] if len(ways) == 1 else None


def read_artefacts(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace entities printed as text (`&eacute;`), and remove backslashes before quotes; give also the repairs."""
    if "|[" not in text and "&" not in text and "\\" not in text:
        return text, ()
    notes: list[str] = []
    if _ESCAPED_QUOTE.search(text):
        text = _ESCAPED_QUOTE.sub("", text)
        notes.append("backslashes before quotes dropped")

    def named(match: re.Match[str]) -> str:
        char = html5.get(match[1] + ";") or (_numbered(match[1]) if match[1][0] == "#" else None)
        if char is None or not char.isprintable():
            return match[0]
        note = f"{match[0]} read as {char}"
        if note not in notes:
            notes.append(note)
        return char

    text = _ESCAPED_TWICE.sub(named, _BARRED.sub(named, text))
    return text, tuple(notes)


def _numbered(name: str) -> str | None:
    number = int("0" + name[1:], 16) if name[1] in "xX" else int(name[1:])
    return chr(number) if 0xA0 <= number <= 0xFFFF and not 0xD800 <= number <= 0xDFFF else None  # noqa: PLR2004
