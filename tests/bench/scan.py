"""A message without a link through the watch's first check, against looking for one word in it."""

from collections.abc import Iterator

from bot.core.links import find_links
from tests.bench import Figure, median_seconds, middle
from tests.references import SOURCES

MESSAGES = (
    "does anybody know a good review of tolerance?",
    "I read it yesterday https://example.org/articles/12?from=feed and was not convinced, to be honest. " * 3,
    "ok",
)


def figures(runs: int = 9, times: int = 2_000) -> Iterator[Figure]:
    """Time the check and the bare search on the same messages, in turns."""

    def turn() -> Figure:
        ours = median_seconds(lambda: [find_links(text, SOURCES) for text in MESSAGES], runs=1, times=times)
        floor = median_seconds(lambda: ["erowid" in text.casefold() for text in MESSAGES], runs=1, times=times)
        return Figure("scan", ours / len(MESSAGES) * 1e6, "µs a message", floor / len(MESSAGES) * 1e6, most=3)

    yield middle(turn() for _ in range(runs))
