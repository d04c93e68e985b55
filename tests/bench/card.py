"""A record to the body that Discord gets, findings and citation included, and its parts."""

from collections.abc import Iterator

from bot.citation import cite
from bot.core.card import Card
from bot.core.study import Study
from bot.findings import key_findings, study_facts
from bot.services.cards import make_card
from bot.sources.erowid import read_record, record_url
from cogs.cards import text
from cogs.cards.payload import payload
from cogs.cards.render import draw
from tests.bench import Figure, median_seconds
from tests.invented import invented_page
from tests.references import erowid

REFERENCE = erowid(900_001)
ABSTRACT = (
    "Imaginary drugs are much discussed. We asked whether pretendoline changes imaginary sleep. Twelve imaginary rats were "
    "given 5 mg/kg. REM latency rose from 42.5 to 61.0 min (p < 0.05). No other measure changed. We conclude that "
    "pretendoline delays imaginary sleep."
)


def figures(times: int = 20) -> Iterator[Figure]:
    """Time the whole, warm, in milliseconds, then what it is made of."""
    record = read_record(invented_page("On a drug that does not exist", ABSTRACT), REFERENCE)
    url = record_url(REFERENCE)
    card = make_card(Study(record), "apa", url=url)

    def drawn(card: Card) -> object:
        text.text_of.cache_clear()  # each card is written anew
        return payload(draw(card))

    whole = median_seconds(lambda: drawn(make_card(Study(record), "apa", url=url)), times=times)
    yield Figure("card", whole * 1e3, "ms", most=10)
    for name, work in {
        "card: findings": lambda: key_findings(record.abstract, record.title),
        "card: facts": lambda: study_facts(record.title, record.abstract),
        "card: citation": lambda: cite(record.to_csl(), "apa"),
        "card: drawing": lambda: drawn(card),
    }.items():
        yield Figure(name, median_seconds(work, times=times) * 1e3, "ms")
