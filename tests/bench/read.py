"""How much longer a record takes to read than its page takes to parse."""

from collections.abc import Iterator

from bs4 import BeautifulSoup

from bot.sources.erowid import read_record
from tests.bench import Figure, median_seconds, middle
from tests.pages import BANNER, PageText, write_page
from tests.references import erowid

_SENTENCE = "The invented mice drank <5 ng/mL of plain water a day and slept for about nine hours each night (p < 0.05). "
_LABELS = ("BACKGROUND: ", "METHODS: ", "RESULTS: ", "CONCLUSIONS: ")
_PAGE = PageText(
    "“Sleep of made-up mice after plain water: a study of nothing”.",
    "Doe JA, Roe RB, Poe CC, Coe DD, Moe EE.",
    "J Invent Sleep. 1999 Mar;12(3):45-67.",
    tuple(label + _SENTENCE * 4 for label in _LABELS),
    ("I liked this one, and so did the mice.",),
    BANNER,
    reference=1066,
)


def figures(rounds: int = 25) -> Iterator[Figure]:
    """Give the ratio for markups that lie far apart; the floor is the parse of the same bytes alone.

    The two take turns, round by round, so that whatever else the machine does slows both alike.
    """
    for markup, encoding in (("template", "utf-8"), ("layout", "windows-1252"), ("one-cell", "ascii"), ("br", "utf-8")):
        body = write_page(_PAGE, markup, encoding)
        yield middle(_turn(markup, body) for _ in range(rounds))


def _turn(markup, body):
    floor = median_seconds(lambda: BeautifulSoup(body, "lxml"), runs=1, times=10)
    value = median_seconds(lambda: read_record(body, erowid(1066)), runs=1, times=10)
    return Figure(f"read {markup}", value, "seconds a page", floor, 1.5)
