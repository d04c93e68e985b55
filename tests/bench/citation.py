"""How long a citation takes: a style read cold, and a record cited warm, against citeproc-js's 2 to 10 ms."""

from collections.abc import Iterator

from bot.citation import HOUSE_STYLES, cite
from bot.citation.csl.style import load_style
from tests.bench import Figure, median_seconds

WORK = {
    "id": "7001",
    "type": "article-journal",
    "title": "Effects of a made-up tryptamine on sleep: a 'double-blind' trial",
    "container-title": "J Made Up Stud",
    "author": [
        {"family": "Doe", "given": "J. A."},
        {"family": "Roe", "given": "R. B."},
        {"family": "van Poe", "given": "C."},
    ],
    "issued": {"date-parts": [[1988, 4, 26]]},
    "volume": "447",
    "issue": "1",
    "page": "141-4",
}
REFERENCE = 2000.0
"""What citeproc-js takes at best, warm, in microseconds."""


def figures(loads: int = 5, runs: int = 9, times: int = 20) -> Iterator[Figure]:
    """Give, for each house style, the cold load and the warm citation."""
    for style in HOUSE_STYLES:
        cold = median_seconds(lambda style=style: load_style.__wrapped__(style), runs=loads)
        yield Figure(f"citation: {style}, cold load", round(cold * 1e3, 2), "ms", most=500)
    for style in HOUSE_STYLES:
        cite(WORK, style)
        warm = median_seconds(lambda style=style: cite(WORK, style), runs=runs, times=times)
        yield Figure(f"citation: {style}, warm", round(warm * 1e6), "us", floor=REFERENCE, most=1)
