"""What a study may show where moderators do not want services."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.enrichment import Enrichment, MatchOutcome, Notice, NoticeKind
from bot.core.record import Record
from bot.core.study import Study

NOW = datetime(2026, 11, 28, tzinfo=UTC)
RETRACTION = Notice(NoticeKind.RETRACTION, "Crossref", (1990, 2, 6), "10.5555/notice.7")
CORRECTION = Notice(NoticeKind.CORRECTION, "Crossref", (1989,), "10.5555/notice.8")
FULL = Enrichment(
    outcome=MatchOutcome.MATCH,
    reason="title and page agree",
    matcher=1,
    asked_at=NOW,
    notices_asked_at=NOW,
    doi="10.5555/drug.1",
    pmid="90000001",
    pmcid="PMC1",
    journal="Invented Brain Research",
    issn=("0000-0001",),
    notices=(CORRECTION,),
    free_text_url="https://invented.org/free",
    agree=("title", "page"),
    differ=("year",),
)
RETRACTED = replace(FULL, notices=(CORRECTION, RETRACTION))
RECORD = Record(None, "On a drug that does not exist")


@pytest.mark.parametrize("enrichment", [None, FULL, RETRACTED])
def test_nothing_is_taken_away(enrichment: Enrichment | None) -> None:
    """Where everything is wanted, everything is shown."""
    assert Study(RECORD, enrichment).limited() == Study(RECORD, enrichment)


def test_without_free_text() -> None:
    """All but the link."""
    assert Study(RECORD, FULL).limited(free_text=False).enrichment == replace(FULL, free_text_url=None)


def test_without_services() -> None:
    """Nothing but a retraction, which is never hidden."""
    assert Study(RECORD, FULL).limited(enrich=False) == Study(RECORD)
    limited = Study(RECORD, RETRACTED).limited(enrich=False)
    assert limited.retraction_notice == RETRACTION
    assert limited.to_csl() == RECORD.to_csl() | {"note": "Retracted"}
    assert limited.enrichment.facts == (None, None, None, None, None, (), (RETRACTION,), None, (), ())
