"""An invented match of a record with a work."""

from datetime import UTC, datetime

from bot.core.enrichment import Enrichment, MatchOutcome

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def matched(**changes: object) -> Enrichment:
    """Give a match by which a DOI and a PubMed ID are known; what else is known is given."""
    known: dict = {"doi": "10.5555/sleep.1", "pmid": "12351788"}
    return Enrichment(
        outcome=MatchOutcome.MATCH, reason="all agree", matcher=1, asked_at=NOW, notices_asked_at=NOW, **known | changes
    )
